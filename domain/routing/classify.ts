import { readErrorBody } from './error-body.ts'
import { classOf, type FailureClass } from './failure-class.ts'
import { DEFAULT_RETRY } from './route.ts'

export type { FailureClass } from './failure-class.ts'

export interface Failed {
  answer: false
  failure: FailureClass
  retrySameTarget: boolean
  /**
   * Whether another target may do better. If not, the upstream's answer goes to the caller untouched. Of
   * `context_length` only targets that hold more are worth asking (`holdsMore`).
   */
  nextTarget: boolean
  /** Whether it is reported to the target's breaker as a failure. What does not count shows a target that is alive. */
  breakerCounts: boolean
  /** How long the breaker opens at once. */
  openForMs?: number
  /** For traces and `x-sluice-fallback-reason`: printable ASCII, nothing of the caller's text. */
  reason: string
}
export type Classified = { answer: true } | Failed

/** How an attempt ended that has no status, or whose status says nothing. */
export type NoResponse =
  | 'refused'
  | 'reset'
  | 'headers_timeout'
  | 'first_chunk_timeout'
  | 'empty_stream'
  | 'in_band_error'
  | 'not_json'
  | 'no_answer'
  | 'stalled'

/** Breakers stay open so long for a key or model of ours that is not accepted: nothing heals it but we. */
const OUR_FAULT_OPEN_MS = 60_000
/** Longest `Retry-After` for which a breaker stays open. */
const MAX_RATE_LIMIT_OPEN_MS = 60_000

type Effect = Pick<Failed, 'retrySameTarget' | 'nextTarget' | 'breakerCounts' | 'openForMs'>
const STOP: Effect = { retrySameTarget: false, nextTarget: false, breakerCounts: false }
const NEXT: Effect = { retrySameTarget: false, nextTarget: true, breakerCounts: true }

/** What is done about each class. */
const EFFECTS: Record<FailureClass, Effect> = {
  transient: { ...NEXT, retrySameTarget: true },
  // A silent target asked again only doubles the wait.
  timeout: NEXT,
  rate_limited: NEXT,
  credentials: { ...NEXT, openForMs: OUR_FAULT_OPEN_MS },
  model_gone: { ...NEXT, openForMs: OUR_FAULT_OPEN_MS },
  context_length: { ...NEXT, breakerCounts: false },
  content_policy: STOP,
  caller_fault: STOP,
  guardrail: STOP,
  answer_not_valid: { ...NEXT, breakerCounts: false },
  unknown: NEXT,
}

/**
 * What an upstream's response means for the request.
 * @param body its first 4 kB: read only where the status is no success.
 * @param honourRetryAfterMs longest `Retry-After` that is waited for on the same target.
 */
export function classifyResponse(
  status: number,
  body: string,
  retryAfterMs?: number,
  honourRetryAfterMs: number = DEFAULT_RETRY.honourRetryAfterMs,
): Classified {
  if (status >= 200 && status < 300) return { answer: true }
  const error = readErrorBody(body)
  const failure = classOf(status, error)
  const reason = `HTTP ${status}${error.code === '' ? '' : ` ${error.code}`}`
  const failed: Failed = { answer: false, failure, ...EFFECTS[failure], reason }
  if (retryAfterMs === undefined) return failed
  const soon = retryAfterMs <= honourRetryAfterMs
  if (failure === 'transient') return { ...failed, retrySameTarget: soon }
  if (failure !== 'rate_limited') return failed
  return {
    ...failed,
    retrySameTarget: soon,
    ...(retryAfterMs > 0 ? { openForMs: Math.min(retryAfterMs, MAX_RATE_LIMIT_OPEN_MS) } : {}),
  }
}

const SILENCES: Record<NoResponse, Pick<Failed, 'failure' | 'retrySameTarget' | 'reason'>> = {
  refused: { failure: 'transient', retrySameTarget: true, reason: 'unreachable' },
  // Some runtimes say the same of a connection that was refused.
  reset: { failure: 'transient', retrySameTarget: true, reason: 'connection lost' },
  headers_timeout: { failure: 'timeout', retrySameTarget: false, reason: 'no answer in time' },
  first_chunk_timeout: { failure: 'timeout', retrySameTarget: false, reason: 'no first chunk in time' },
  empty_stream: { failure: 'transient', retrySameTarget: false, reason: 'the stream is empty' },
  in_band_error: { failure: 'transient', retrySameTarget: false, reason: 'the stream begins with an error' },
  not_json: { failure: 'transient', retrySameTarget: true, reason: 'the answer is not JSON' },
  stalled: { failure: 'timeout', retrySameTarget: false, reason: 'the stream stalled' },
  no_answer: { failure: 'transient', retrySameTarget: true, reason: 'the answer has no choices or data' },
}

/** What an attempt means that ended without a usable response. */
export function classifyNoResponse(kind: NoResponse): Failed {
  return { answer: false, nextTarget: true, breakerCounts: true, ...SILENCES[kind] }
}
