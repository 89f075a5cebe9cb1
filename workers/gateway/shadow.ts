import { attemptTimes } from '../../domain/routing/attempt-times.ts'
import { randomHex } from '../ids.ts'
import { attempt } from './attempt.ts'
import type { Call } from './call.ts'
import { checkedBeside } from './check-answer.ts'
import { record } from './outbox.ts'
import { usageIn } from './usage.ts'

/**
 * Asks the shadow target beside a share of the requests, behind the answer. What it says is recorded under the route
 * `NAME:shadow`, apart from the traffic that sweeps and gates judge, and never sent. What a guardrail would not let out is
 * not kept either.
 */
export function askShadow(call: Call, random: number): void {
  const { shadow } = call.active.spec
  if (shadow && random < shadow.share) call.ctx.waitUntil(recordShadow(call))
}

async function recordShadow(call: Call): Promise<void> {
  const { active, asked, context } = call
  const { target } = active.spec.shadow!
  const { stream: _, stream_options: __, ...body } = asked.body
  const traceId = randomHex(16)
  const asShadow: Call = {
    ...call,
    active: { ...active, route: `${active.route}:shadow` },
    asked: asked.stream ? { ...asked, stream: false, body, text: JSON.stringify(body) } : asked,
    context: { ...context, traceId, metadata: { ...context.metadata, shadow_of: context.traceId } },
    startedAt: Date.now(),
    running: undefined,
    clientGone: false,
    checks: call.checks && { verdicts: [], discarded: [] },
    sides: [],
  }
  const { totalMs } = active.spec.timeouts
  const times = attemptTimes(active.spec.timeouts, totalMs, { isLast: true, isStream: false })
  const answer = await attempt(asShadow, target, times, 0)
  const told = answer.kind === 'whole' ? answer.json : undefined
  const { json, refused } = checkedBeside(asShadow, target, told)
  const reason = answer.kind === 'failure' ? answer.failed.reason : (refused ?? null)
  if (answer.kind === 'large') await answer.rest.cancel()
  const status = 'status' in answer ? answer.status : null
  const ms = Date.now() - asShadow.startedAt
  record(call.env, call.ctx, {
    call: asShadow,
    arm: 'stable',
    target,
    attempts: [{ target: target.id, status, reason, ms }],
    fallbackReason: null,
    status: status ?? 502,
    outcome: reason === null ? 'answered' : 'failed',
    ttftMs: null,
    endedAt: Date.now(),
    answer: json,
    usage: usageIn(told),
  })
}
