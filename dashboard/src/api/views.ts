/**
 * What the API answers, as far as the screens show it. `dashboard/contract/views.ts` holds these types against the
 * API's own. Times are milliseconds since the epoch.
 */
import type { Measure } from '../../../domain/measures/measures.ts'
import type { RunEvent } from '../../../domain/run/event.ts'
import type { Failure } from '../../../domain/run/state.ts'
import type { RunCause } from '../../../domain/workflow/plan.ts'

export interface RunRow {
  runId: string
  workflow: string
  workflowVersion: string
  status: string
  author: string
  failure: Failure | null
  createdAt: number
  finishedAt: number | null
}

export interface RunPage {
  runs: RunRow[]
  next: number | null
}

export interface RunView extends RunRow {
  /** By the source that names them, pinned when the run started. */
  inputs: Record<string, string>
  /** Inputs that are plain values. */
  values: Record<string, unknown>
  codeSha: string
  cause: RunCause
  priority: number
  /** Stages that take over no earlier work, by the wish of the author. */
  force: string[]
  paused: { actor: string; reason: string } | null
  /** Names of the signals that have come. */
  signals: string[]
  /** The past run that this one executes again. */
  reproduces: string | null
  stages: StageView[]
}

export interface StageView {
  stage: string
  kind: string
  owner: string
  status: string
  attempt: number
  needs: string[]
  inputs: Record<string, unknown>
  outputs: Record<string, unknown>
  /** The stage run whose work was taken over. */
  cachedFrom: { runId: string; stage: string } | null
  /** Why a skipped stage was skipped. */
  skipped: string | null
  gates: GateView[]
  waitingFor: string | null
  progress: { progress: number; message: string; at: number } | null
  error: Failure | null
  startedAt: number | null
  finishedAt: number | null
}

export interface GateView {
  gate: string
  verdict: string
  blocks: boolean
  sentence: string
  /** The gate's numbers; null until it has run. */
  evidence: Record<string, unknown> | null
  /** The gate's parameters with their defaults: margins and thresholds are drawn from them where they are sent. */
  params?: Record<string, unknown> | null
  at: number | null
}

/** What an event may lack is `undefined` in the types of the wire. */
type AsSent<Event> = Event extends unknown
  ? { [Field in keyof Event]: Event[Field] | (object extends Pick<Event, Field> ? undefined : never) }
  : never
type WideEvent = 'stage.produced' | 'stage.attempt_failed' | 'run.signalled'

/** An event of the log. Outputs and payloads are any JSON, and an error is what the wire makes of it. */
export type LoggedEvent =
  | AsSent<Exclude<RunEvent, { type: WideEvent }>>
  | { type: 'run.signalled'; signal: string; actor: string; payload: unknown }
  | {
      type: 'stage.produced'
      stage: string
      attempt: number
      outputs: Record<string, unknown>
      cachedFrom?: { runId: string; stage: string } | undefined
    }
  | {
      type: 'stage.attempt_failed'
      stage: string
      attempt: number
      error: { code: string; message: string }
      retryable: boolean
    }

export interface LogEntry {
  seq: number
  at: number
  dedupeKey: string
  event: LoggedEvent
  /** Why the event changed nothing, when it changed nothing. */
  ignored: string | null
}

export interface EventPage {
  events: LogEntry[]
}

/** What a stage said while it worked. */
export interface LogLine {
  /** Counts from 1 over the whole run. */
  line: number
  at: number
  stage: string
  attempt: number
  level: 'debug' | 'info' | 'warn' | 'error'
  message: string
  fields: Record<string, unknown>
}

export interface LogPage {
  lines: LogLine[]
}

export interface StartedRun {
  runId: string
}

export interface Score {
  metric: string
  cohort: string
  n: number
  errors: number
  mean: number
  /** Bounds of the two-sided 95% interval. */
  lower: number
  upper: number
}

export interface Evaluation {
  evaluationId: string
  target: string
  source: string
  mode: string
  status: string
  rows: number
  errors: number
  scores: Score[]
}

export interface Route {
  route: string
  version: string
  previous: string | null
  activatedAt: number
  spec: { prompt: string; canary?: { share: number; target: { model: string } } | undefined }
}

/** A target of a route, and the gates of the runs that deployed or promoted its model. */
export interface RouteTargetView {
  id: string
  role: 'live' | 'canary' | 'fallback' | 'shadow'
  model: string
  provider: string
  servedModel: string
  baseUrl: string
  /** Name of the secret that holds the key. */
  secret: string
  /** Of the requests that it is asked first; of a shadow, that it sees a copy of. */
  share: number
  /** Null while the lineage database does not answer. */
  gates: { gate: string; verdict: string; stage: string; runId: string; at: number }[] | null
}

export interface RouteInFull extends Route {
  epoch: number
  targets: RouteTargetView[]
  settings: { name: string; text: string }[]
}

export interface RoutePage {
  epoch: number
  routes: Route[]
}

export interface Deployment {
  deploymentId: string
  routeVersion: string
  previousVersion: string | null
  kind: 'deploy' | 'canary' | 'rollback'
  epoch: number
  fence: number
  actor: string
  runId: string | null
  reason: string
  at: number
}

export interface DeploymentPage {
  deployments: Deployment[]
}

export interface Rollback {
  version: string
  epoch: number
}

export interface CanaryStep {
  version: string
  epoch: number
  /** The same version where nothing moved. */
  from: string
  share: number
}

export interface Incident {
  incidentId: string
  route: string
  routeVersion: string
  cohort: string
  state: 'open' | 'acknowledged' | 'resolved'
  sentence: string
  openedAt: number
}

export interface IncidentPage {
  incidents: Incident[]
}

export interface Measures {
  from: number
  to: number
  endToEndStageTime: Measure & { byKind: Record<string, number | null> }
  gatePassRate: Measure & { byKind: Record<string, number | null> }
  lineageCompleteness: Measure
  rerunReproducibility: Measure
  deployCadence: Measure
  evaluatorCoverage: Measure
}
