import type { FailureClass } from '../../domain/routing/classify.ts'
import { answeringTargets } from '../../domain/routing/target-roles.ts'
import { secretByName } from '../env.ts'
import type { Call } from './call.ts'
import { errorBody, retryAfterSeconds, type GatewayFault } from './errors.ts'
import type { Served } from './serve.ts'

/** What the caller gets when no target answered. */
export interface Exhausted {
  status: number
  /** JSON. */
  body: string
  headers: Record<string, string>
}

/** Faults whose words go to the caller: the request's own, as the upstream told them, and what the route's checks found. */
const CALLERS: readonly FailureClass[] = [
  'caller_fault',
  'context_length',
  'content_policy',
  'guardrail',
  'answer_not_valid',
]

/** The status keeps the class of the first failure. A key of ours that is not accepted is no fault of the caller's key. */
const STATUSES: Partial<Record<FailureClass, { status: number; code: string }>> = {
  timeout: { status: 504, code: 'upstream.timeout' },
  rate_limited: { status: 429, code: 'rate_limit_exceeded' },
  credentials: { status: 502, code: 'upstream.credentials' },
}

/** The whole chain was tried: a client that repeats the request at once would only multiply the wait. */
const NO_RETRY = { 'x-should-retry': 'false' }

/** Shorter values are no keys, but words that any text may hold. */
const MIN_KEY_CHARS = 8

/** An upstream may quote the key that it was sent. */
function withoutKeys({ env, active }: Call, text: string): string {
  let clean = text
  for (const { secret } of answeringTargets(active.spec)) {
    const key = secretByName(env, secret)
    if (key !== undefined && key.length >= MIN_KEY_CHARS) clean = clean.replaceAll(key, '[key]')
  }
  return clean
}

export function exhausted(call: Call, { failure, attempts, retryAfterMs }: Served): Exhausted {
  if (failure?.body !== undefined && CALLERS.includes(failure.failed.failure)) {
    return { status: failure.status ?? 400, headers: NO_RETRY, body: withoutKeys(call, failure.body) }
  }
  const { status, code } = (failure && STATUSES[failure.failed.failure]) ?? {
    status: failure ? 502 : 504,
    code: failure ? 'upstream.failed' : 'upstream.timeout',
  }
  const tried = attempts.map(({ target, reason }) => `${target}: ${reason}`).join('; ') || 'no time was left'
  const fault: Omit<GatewayFault, 'status'> = {
    message: `No target of ${call.active.route} answered (${tried})`,
    type: status === 429 ? 'rate_limit_error' : 'server_error',
    param: null,
    code,
  }
  const headers =
    retryAfterMs === undefined
      ? NO_RETRY
      : {
          'retry-after': retryAfterSeconds(retryAfterMs),
          'retry-after-ms': String(retryAfterMs),
        }
  return { status, headers, body: errorBody(fault) }
}
