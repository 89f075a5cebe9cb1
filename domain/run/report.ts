import type { Json } from '../json.ts'
import type { ReportedEvent } from './event.ts'
import type { Failure } from './state.ts'

interface StageAttempt {
  stage: string
  attempt: number
}

/** Reports of a stage attempt, each with the key that makes a repetition one event. */

export function started({ stage, attempt }: StageAttempt): ReportedEvent {
  return { dedupeKey: `started:${stage}:${attempt}`, event: { type: 'stage.started', stage, attempt } }
}

export function produced(
  { stage, attempt }: StageAttempt,
  outputs: Record<string, Json>,
  cachedFrom?: { runId: string; stage: string },
): ReportedEvent {
  return {
    dedupeKey: `produced:${stage}:${attempt}`,
    event: { type: 'stage.produced', stage, attempt, outputs, ...(cachedFrom ? { cachedFrom } : {}) },
  }
}

/** `key` tells apart failures that are not the attempt's own, such as a late callback. */
export function attemptFailed(
  { stage, attempt }: StageAttempt,
  error: Failure,
  retryable: boolean,
  { key = 'failed', during = 'work' }: { key?: string; during?: 'work' | 'judgement' } = {},
): ReportedEvent {
  return {
    dedupeKey: `${key}:${stage}:${attempt}`,
    event: { type: 'stage.attempt_failed', stage, attempt, error, retryable, during },
  }
}
