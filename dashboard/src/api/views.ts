/**
 * What the API answers, as far as the screens show it. `dashboard/contract/views.ts` holds these types against the
 * API's own. Times are milliseconds since the epoch.
 */
import type { Measure } from '../../../domain/measures/measures.ts'
import type { RouteVersion } from '../../../domain/routing/route.ts'
import type { RunEvent } from '../../../domain/run/event.ts'
import type { Failure } from '../../../domain/run/state.ts'

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
  inputs: Record<string, string>
  codeSha: string
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

type WideEvent = 'stage.produced' | 'stage.attempt_failed'

/** An event of the log. What a stage produced is any JSON, and an error is what the wire makes of it. */
export type LoggedEvent =
  | Exclude<RunEvent, { type: WideEvent }>
  | { type: 'stage.produced'; stage: string; attempt: number; outputs: Record<string, unknown> }
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
  spec: RouteVersion
}

export interface RoutePage {
  epoch: number
  routes: Route[]
}

export interface Deployment {
  deploymentId: string
  routeVersion: string
  previousVersion: string | null
  kind: 'deploy' | 'rollback'
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
