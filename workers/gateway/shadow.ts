import { attemptTimes } from '../../domain/routing/attempt-times.ts'
import { attempt } from './attempt.ts'
import type { Call } from './call.ts'
import { record } from './outbox.ts'
import { usageIn } from './usage.ts'

/**
 * Asks the shadow target beside a share of the requests, behind the answer. What it says is recorded under the route
 * `NAME:shadow`, apart from the traffic that sweeps and gates judge, and never sent.
 */
export function askShadow(call: Call, random: number): void {
  const { shadow } = call.active.spec
  if (shadow && random < shadow.share) call.ctx.waitUntil(recordShadow(call))
}

async function recordShadow(call: Call): Promise<void> {
  const { active, asked, context } = call
  const { target } = active.spec.shadow!
  const { stream: _, stream_options: __, ...body } = asked.body
  const traceId = crypto.randomUUID().replaceAll('-', '')
  const asShadow: Call = {
    ...call,
    active: { ...active, route: `${active.route}:shadow` },
    asked: asked.stream ? { ...asked, stream: false, body, text: JSON.stringify(body) } : asked,
    context: { ...context, traceId, metadata: { ...context.metadata, shadow_of: context.traceId } },
    startedAt: Date.now(),
    running: undefined,
    clientGone: false,
    checks: undefined,
    sides: [],
  }
  const { totalMs } = active.spec.timeouts
  const times = attemptTimes(active.spec.timeouts, totalMs, { isLast: true, isStream: false })
  const answer = await attempt(asShadow, target, times, 0)
  const failed = answer.kind === 'failure'
  const json = answer.kind === 'whole' ? answer.json : undefined
  if (answer.kind === 'large') await answer.rest.cancel()
  const status = 'status' in answer ? answer.status : null
  const ms = Date.now() - asShadow.startedAt
  record(call.env, call.ctx, {
    call: asShadow,
    arm: 'stable',
    target,
    attempts: [{ target: target.id, status, reason: failed ? answer.failed.reason : null, ms }],
    fallbackReason: null,
    status: status ?? 502,
    outcome: failed ? 'failed' : 'answered',
    ttftMs: null,
    endedAt: Date.now(),
    answer: json,
    usage: usageIn(json),
  })
}
