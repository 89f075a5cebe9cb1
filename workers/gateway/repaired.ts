import { askedAgain, usedTogether, withoutFences } from '../../domain/guardrails/repair.ts'
import { objectsOf, type JsonObject } from '../../domain/providers/json-object.ts'
import { attemptTimes } from '../../domain/routing/attempt-times.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import type { Attempt } from '../ingest/spans.ts'
import { attempt } from './attempt.ts'
import type { Call } from './call.ts'
import { checkingOf } from './checks.ts'
import { errorBody } from './errors.ts'
import type { Failure, ToldAnswer } from './outcome.ts'
import { usageIn } from './usage.ts'

const NOT_VALID = 'the answer is not valid'

/**
 * An answer that satisfies the schema: as it came, without a code fence around it, or as the same target gave it when it was
 * told what is wrong. Its usage is that of both questions.
 */
export async function repaired(
  call: Call,
  target: RouteTarget,
  first: ToldAnswer,
  attempts: Attempt[],
  schema: unknown,
): Promise<ToldAnswer | Failure> {
  const found = withoutFences(first.json, schema)
  if (found.valid) return found.stripped ? { ...first, json: found.answer, repaired: 'stripped' } : first
  const asked = attempts.at(-1)!
  asked.reason = NOT_VALID
  const isOneChat = call.asked.kind === 'chat' && objectsOf(first.json.choices).length === 1
  const { timeouts } = call.active.spec
  const leftMs = call.startedAt + timeouts.totalMs - Date.now()
  if (!isOneChat || call.clientGone || leftMs <= 0) return notValid(call, target, found.reason, first.usage)
  const startedAt = Date.now()
  // One that hangs must leave time for the next target.
  const patienceMs = Math.min(leftMs, Math.max(timeouts.headersMs ?? leftMs / 2, 2 * asked.ms))
  const second = await askAgain(
    call,
    target,
    askedAgain(call.asked.body, found.text, found.reason, schema),
    patienceMs,
  )
  const ms = Date.now() - startedAt
  if (!('json' in second)) {
    attempts.push({ target: target.id, status: second.status, reason: second.reason, ms })
    return notValid(call, target, found.reason, first.usage)
  }
  const usage = usedTogether(first.usage, usageIn(second.json))
  const mended = withoutFences(second.json, schema)
  attempts.push({ target: target.id, status: 200, reason: mended.valid ? null : NOT_VALID, ms })
  if (!mended.valid) return notValid(call, target, mended.reason, usage)
  return { json: { ...mended.answer, ...(usage ? { usage } : {}) }, usage, repaired: 'asked' }
}

/** Asks with another body, in the name of the same call: whoever leaves ends this question too. */
async function askAgain(
  call: Call,
  target: RouteTarget,
  body: JsonObject,
  patienceMs: number,
): Promise<{ json: JsonObject } | { status: number | null; reason: string }> {
  const { asked } = call
  call.asked = { ...asked, stream: false, body, text: JSON.stringify(body) }
  try {
    const times = attemptTimes(call.active.spec.timeouts, patienceMs, { isLast: true, isStream: false })
    const answer = await attempt(call, target, times, 0)
    if (answer.kind === 'failure') return { status: answer.status, reason: answer.failed.reason }
    if (answer.kind === 'whole' && answer.json) return { json: answer.json }
    if (answer.kind === 'large') await answer.rest.cancel()
    return { status: 200, reason: NOT_VALID }
  } finally {
    call.asked = asked
  }
}

function notValid(call: Call, target: RouteTarget, reason: string, usage: JsonObject | null): Failure {
  call.checks?.discarded.push({ target, usage })
  const { route, spec } = call.active
  // What is wrong may quote the answer, which guardrails have not seen.
  const detail = checkingOf(spec).response.length > 0 ? '' : ` ${reason}`
  const body = errorBody({
    message: `The answer of ${target.id} is not what the route ${route} answers with.${detail}`,
    type: 'server_error',
    param: null,
    code: 'answer.not_valid',
  })
  return {
    kind: 'failure',
    status: 502,
    failed: {
      answer: false,
      failure: 'answer_not_valid',
      retrySameTarget: false,
      nextTarget: true,
      breakerCounts: false,
      reason: NOT_VALID,
    },
    retryAfterMs: undefined,
    body,
  }
}
