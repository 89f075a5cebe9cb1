import type { Json } from '../json.ts'
import type { StageKind } from '../stages/contracts.ts'
import type { Verdict } from '../gates/verdict.ts'
import type { Condition } from '../workflow/condition.ts'

export const RUN_STATUSES = [
  'queued',
  'running',
  'waiting',
  'succeeded',
  'failed',
  'cancelled',
  'rolling_back',
  'rolled_back',
] as const
export type RunStatus = (typeof RUN_STATUSES)[number]

export const STAGE_STATUSES = [
  'pending',
  'ready',
  'running',
  'waiting',
  'gating',
  'passed',
  'failed',
  'cached',
  'skipped',
  'cancelled',
] as const
export type StageStatus = (typeof STAGE_STATUSES)[number]

export interface Failure {
  /** From the list of problems, or the endpoint's own word. */
  code: string
  message: string
  stage?: string
}

/** Gate whose verdict a person gives, once all others let the stage through. */
export const APPROVAL_GATE = 'approval'

/** What the machine needs to know of a stage's definition; pinned when the run is created. */
export interface StagePlan {
  kind: StageKind
  needs: readonly string[]
  gates: readonly string[]
  /** Present when one of the gates is a person's: how long the person has. */
  approval?: { deadlineSeconds: number }
  retry: {
    attempts: number
    backoffSeconds: number
    maxBackoffSeconds: number
    /** Codes of errors that are not tried again. */
    final: readonly string[]
  }
  timeoutSeconds: number
  heartbeatSeconds?: number
  takesEffect: boolean
  /** A condition on a run input is decided when the run starts. */
  when?: Condition | boolean
  waitFor?: readonly string[]
  /** The stage that undoes this one. */
  rollback?: string
  /** A stage that runs only while a run is undone (`rollback`), or after that (`failure`). */
  role?: 'rollback' | 'failure'
}

export interface StageState {
  status: StageStatus
  /** 0 before the first start. A callback that names an older attempt is recorded and ignored. */
  attempt: number
  /** Attempts that were given up because what they were judged against had moved: they do not count as failures. */
  restarts?: number
  /** What a waiting stage waits for, in words. */
  waitingFor?: string
  /** The stage waits for its turn: nobody works on it, and nobody owes a sign of life. */
  queued?: boolean
  /** What the stage is going to wait for came before it said that it waits. */
  resumedEarly?: boolean
  /** The wait before the next attempt is over, but the run is paused. */
  retryDue?: boolean
  outputs: Record<string, Json>
  /** The stage run whose work was taken over. */
  cachedFrom?: { runId: string; stage: string }
  /** Verdicts of the current attempt, by gate. */
  verdicts: Record<string, { verdict: Verdict; blocks: boolean }>
  /** True while a person is asked. */
  awaitsApproval?: boolean
  /** True between the last verdict and the confirmation that the effect took place. */
  committing?: boolean
  /** True once the stage changed what production uses; false again when that was undone. */
  effective?: boolean
  /** Why a skipped stage was skipped. */
  skipped?: string
  error?: Failure
  startedAt?: number
  finishedAt?: number
}

export interface Signal {
  at: number
  actor: string
  payload: Json
}

export interface RunState {
  status: RunStatus
  plan: Record<string, StagePlan>
  stages: Record<string, StageState>
  timeoutSeconds?: number
  /** Stages in the order in which their effects took place; compensated from the end. */
  effective: string[]
  signals: Record<string, Signal>
  paused?: { actor: string; reason: string }
  /** How the run will end, once it is undone and its stages for that case have run. */
  ending?: 'failed' | 'cancelled'
  /** The stage that is being undone. */
  undoing?: string
  /** A stage that should have undone another failed. */
  undoFailed?: boolean
  failure?: Failure
  createdAt: number
  finishedAt?: number
}

export const TERMINAL_RUN: ReadonlySet<RunStatus> = new Set([
  'succeeded',
  'failed',
  'cancelled',
  'rolled_back',
])
export const TERMINAL_STAGE: ReadonlySet<StageStatus> = new Set([
  'passed',
  'failed',
  'cached',
  'skipped',
  'cancelled',
])
/** Statuses in which a stage attempt may report. */
export const LIVE_STAGE: ReadonlySet<StageStatus> = new Set(['ready', 'running', 'waiting', 'gating'])
/** Statuses after which the stages that need this one may start. */
export const DONE_STAGE: ReadonlySet<StageStatus> = new Set(['passed', 'cached'])

/** A stage of an earlier run that this one need not do again. */
export interface KeptStage {
  outputs: Record<string, Json>
  verdicts: StageState['verdicts']
  cachedFrom: { runId: string; stage: string }
}

/** The state of a run that is about to start. `kept` stages count as done, with the verdicts that they were given. */
export function initialState(
  plan: Record<string, StagePlan>,
  at: number,
  {
    kept = {},
    timeoutSeconds,
  }: { kept?: Record<string, KeptStage>; timeoutSeconds?: number | undefined } = {},
): RunState {
  const stages = Object.fromEntries(
    Object.keys(plan).map((name): [string, StageState] => [
      name,
      // A stage may be called what every object inherits.
      Object.hasOwn(kept, name)
        ? { status: 'cached', attempt: 0, ...kept[name]!, finishedAt: at }
        : { status: 'pending', attempt: 0, outputs: {}, verdicts: {} },
    ]),
  )
  return {
    status: 'queued',
    plan,
    stages,
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    effective: [],
    signals: {},
    createdAt: at,
  }
}
