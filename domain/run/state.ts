import type { Json } from '../json.ts'
import type { StageKind } from '../stages/contracts.ts'
import type { Verdict } from '../gates/verdict.ts'

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

/** What the machine needs to know of a stage's definition; pinned when the run is created. */
export interface StagePlan {
  kind: StageKind
  needs: readonly string[]
  gates: readonly string[]
  retry: { attempts: number; backoffSeconds: number }
  timeoutSeconds: number
  takesEffect: boolean
}

export interface StageState {
  status: StageStatus
  /** 0 before the first start. A callback that names an older attempt is recorded and ignored. */
  attempt: number
  /** What a waiting stage waits for, in words. */
  waitingFor?: string
  /** What the stage is going to wait for came before it said that it waits. */
  resumedEarly?: boolean
  outputs: Record<string, Json>
  /** Verdicts of the current attempt, by gate. */
  verdicts: Record<string, { verdict: Verdict; blocks: boolean }>
  /** True between the last verdict and the confirmation that the effect took place. */
  committing?: boolean
  /** True once the stage changed what production uses; false again when that was undone. */
  effective?: boolean
  error?: Failure
  startedAt?: number
  finishedAt?: number
}

export interface RunState {
  status: RunStatus
  plan: Record<string, StagePlan>
  stages: Record<string, StageState>
  /** Stages in the order in which their effects took place; compensated from the end. */
  effective: string[]
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

export function initialState(plan: Record<string, StagePlan>, at: number): RunState {
  const stages = Object.fromEntries(
    Object.keys(plan).map((name) => [
      name,
      { status: 'pending', attempt: 0, outputs: {}, verdicts: {} } as StageState,
    ]),
  )
  return { status: 'queued', plan, stages, effective: [], createdAt: at }
}
