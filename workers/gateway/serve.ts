import { attemptTimes } from '../../domain/routing/attempt-times.ts'
import { backoffMs } from '../../domain/routing/backoff.ts'
import type { Admission } from '../../domain/routing/breaker.ts'
import { holdsMore, type Plan } from '../../domain/routing/plan.ts'
import { DEFAULT_RETRY, type Retry, type RouteTarget } from '../../domain/routing/route.ts'
import type { Attempt } from '../ingest/spans.ts'
import { attempt } from './attempt.ts'
import { isStream, type Answer, type Failure } from './outcome.ts'
import { abandon, enter, reportTo } from './breakers.ts'
import type { Call } from './call.ts'
import { checkedAnswer } from './check-answer.ts'
import { countAsked, mayRetry } from './retries.ts'

/** What became of a request: an answer of `target`, or, without one, the first failure and all attempts. */
export interface Served {
  answer: Answer | undefined
  target: RouteTarget | undefined
  admission: Admission
  /** When the attempt began that answered. */
  attemptedAt: number
  attempts: Attempt[]
  /** The first failure, which tells most about the request. */
  failure: Failure | undefined
  /** All failed by their rate limits: it is worth coming back after so long. */
  retryAfterMs: number | undefined
}

export function nothingServed({ startedAt }: Call): Served {
  return {
    answer: undefined,
    target: undefined,
    admission: 'yes',
    attemptedAt: startedAt,
    attempts: [],
    failure: undefined,
    retryAfterMs: undefined,
  }
}

/** Asks the targets in order until one answers, within the route's total time. */
export async function serve(call: Call, plan: Plan, served = nothingServed(call)): Promise<Served> {
  const { spec } = call.active
  const retry = spec.retry ?? DEFAULT_RETRY
  const deadline = call.startedAt + spec.timeouts.totalMs
  const limited: Limited = { everywhere: true, afterMs: undefined }
  let tooLongFor: RouteTarget | undefined
  const order = plan.skipped.length > 0 ? [...plan.targets, ...plan.skipped] : plan.targets
  const { project } = call.caller
  countAsked(project, Date.now())
  for (const [i, target] of order.entries()) {
    if (i > 0 && call.restAsked) break
    if (tooLongFor && !holdsMore(target, tooLongFor)) continue
    const isLast = i >= plan.targets.length - 1
    for (let tries = 0; ; tries++) {
      const left = deadline - Date.now()
      if (left <= 0 || call.clientGone) return unserved(served, limited)
      const admission = enter(call, target, left)
      // Another request took the probe's place since the plan was made.
      if (admission === 'no' && !isLast && !plan.panicked) break
      const failure = await tryTarget(
        call,
        target,
        admission,
        attemptTimes(spec.timeouts, left, {
          isLast,
          othersOpen: i < order.length - 1,
          isStream: call.asked.stream,
        }),
        served,
      )
      if (!failure) return served
      // What a target could not be asked tells less than what another one said.
      if (!served.failure || (served.failure.unasked && !failure.unasked)) served.failure = failure
      const { failed } = failure
      noteLimits(limited, failure)
      if (!failed.nextTarget) return Object.assign(served, { target, failure })
      if (failed.failure === 'context_length') tooLongFor = target
      if (!failed.retrySameTarget || tries >= retry.sameTarget) break
      const wait = waitMs(retry, tries, failure)
      const now = Date.now()
      if (wait >= deadline - now || !mayRetry(project, now)) break
      if (wait > 0) await scheduler.wait(wait)
    }
  }
  return unserved(served, limited)
}

/** One attempt, told to its breaker and the record. The failure, or nothing when it answered. */
async function tryTarget(
  call: Call,
  target: RouteTarget,
  admission: Admission,
  times: Parameters<typeof attempt>[2],
  served: Served,
): Promise<Failure | undefined> {
  const { spec } = call.active
  const startedAt = Date.now()
  const answer = await attempt(call, target, times, (spec.retry ?? DEFAULT_RETRY).honourRetryAfterMs)
  const ms = Date.now() - startedAt
  const probe = admission === 'probe'
  if (answer.kind === 'failure') {
    const { failed, status } = answer
    served.attempts.push({ target: target.id, status, reason: failed.reason, ms })
    const openForMs = failed.openForMs
    const learnt = !call.clientGone && !answer.unasked
    if (learnt) reportTo(call, target, { ok: !failed.breakerCounts, ms, probe, openForMs }, spec.breaker)
    else if (probe) abandon(call, target)
    return answer
  }
  const status = 'status' in answer ? answer.status : 200
  served.attempts.push({ target: target.id, status, reason: null, ms })
  // A stream is told of when it has ended, unless the breaker waits for news.
  if (!isStream(answer) || admission !== 'yes') reportTo(call, target, { ok: true, ms, probe }, spec.breaker)
  const sent = call.checks ? await checkedAnswer(call, target, answer, served.attempts) : answer
  if (sent.kind === 'failure') {
    served.attempts.at(-1)!.reason ??= sent.failed.reason
    return sent
  }
  Object.assign(served, { answer: sent, target, admission, attemptedAt: startedAt })
  return undefined
}

function waitMs(retry: Retry, tries: number, { retryAfterMs }: Failure): number {
  return Math.max(retryAfterMs ?? 0, backoffMs(retry, tries, Math.random()))
}

interface Limited {
  everywhere: boolean
  afterMs: number | undefined
}

function noteLimits(limited: Limited, { failed, retryAfterMs }: Failure): void {
  if (failed.failure !== 'rate_limited') limited.everywhere = false
  else if (retryAfterMs !== undefined)
    limited.afterMs = Math.min(limited.afterMs ?? retryAfterMs, retryAfterMs)
}

/** Seconds are what clients without better advice would wait. */
const RETRY_AFTER_MS = 1_000

function unserved(served: Served, { everywhere, afterMs }: Limited): Served {
  if (served.failure && everywhere) served.retryAfterMs = afterMs ?? RETRY_AFTER_MS
  return served
}
