import type { Json } from '../../domain/json.ts'
import type { Failure } from '../../domain/run/state.ts'
import type { StageKind } from '../../domain/stages/contracts.ts'
import { stageParams, type StageParams } from '../../domain/stages/params.ts'
import type { LogLevel } from '../../durable-objects/stage-log.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'

export interface StageJob<K extends StageKind> extends StageContext {
  params: StageParams<K>
  /** Tells people how far the stage is, and the run that it lives. `progress` is from 0 to 1. */
  report(progress: number, message: string): Promise<void>
  /** Adds a line to the stage's log. */
  log(level: LogLevel, message: string, fields?: Record<string, Json>): Promise<void>
}

export type StageOutcome =
  | { status: 'produced'; outputs: Record<string, Json> }
  /** `queued` when the stage waits for its turn, and nobody works on it. */
  | { status: 'waiting'; waitingFor: string; queued?: boolean }
  | { status: 'failed'; error: Failure; retryable: boolean }

/** How one kind of stage is done. Every part may be called again for the same attempt, and must then do no harm. */
export interface StageExecutor<K extends StageKind> {
  execute(env: Env, job: StageJob<K>): Promise<StageOutcome>
  /** Changes what production uses, after the gates. */
  commit?(env: Env, job: StageJob<K>): Promise<void>
  /** Undoes `commit`, and says what it did. */
  compensate?(env: Env, job: StageJob<K>): Promise<string>
  /** Stops what an attempt started outside. */
  cancel?(env: Env, job: StageJob<K>): Promise<void>
}

/** A ref or id that the state machine has resolved for an input. */
export function inputOf(job: StageContext, port: string): string {
  const value = job.inputs[port]
  if (typeof value !== 'string') throw new TypeError(`the input ${port} of ${job.stage} has no value`)
  return value
}

export function paramsOf<K extends StageKind>(kind: K, context: StageContext): StageParams<K> {
  return stageParams[kind].parse(context.definition.with) as StageParams<K>
}

/** What an artifact that this job makes is registered with. */
export function madeBy(job: StageContext, inputs: readonly string[]) {
  return {
    codeSha: job.run.codeSha,
    createdBy: job.definition.owner,
    at: Date.now(),
    madeBy: { runId: job.run.runId, stage: job.stage, inputs },
  }
}
