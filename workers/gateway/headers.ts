import { costUsd } from '../../domain/routing/cost.ts'
import type { Plan } from '../../domain/routing/plan.ts'
import { traceparent } from './call-context.ts'
import type { Call } from './call.ts'
import type { Served } from './serve.ts'
import { usageIn, usageOf } from './usage.ts'

/** Who answered, under which version of the route, and after what. */
export function answerHeaders(
  call: Call,
  plan: Plan,
  served: Pick<Served, 'target' | 'attempts' | 'answer'>,
  fallbackReason: string | null,
  cache: 'hit' | 'miss' | 'skip',
): Record<string, string> {
  const { context, active, epoch } = call
  const headers: Record<string, string> = {
    'x-request-id': context.requestId,
    'x-sluice-route-version': active.version,
    'x-sluice-route-epoch': String(epoch),
    'x-sluice-target': served.target?.id ?? served.attempts.at(-1)?.target ?? 'none',
    'x-sluice-attempts': String(served.attempts.length),
    'x-sluice-trace-id': context.traceId,
    traceparent: traceparent(context),
  }
  if (fallbackReason !== null) headers['x-sluice-fallback-reason'] = fallbackReason
  if (cache !== 'skip') headers['x-sluice-cache'] = cache
  if (context.agentcc) {
    Object.assign(headers, agentccHeaders(call, plan, served, fallbackReason))
    headers['x-agentcc-cache'] = cache
  }
  return headers
}

/** What FutureAGI's gateway client reads. */
function agentccHeaders(
  { context, active, startedAt }: Call,
  plan: Plan,
  { target, answer }: Pick<Served, 'target' | 'answer'>,
  fallbackReason: string | null,
): Record<string, string> {
  const usage = answer?.kind === 'whole' ? usageOf(usageIn(answer.json)) : usageOf(null)
  const cost = costUsd(target?.price, usage)
  return {
    'x-agentcc-request-id': context.requestId,
    'x-agentcc-trace-id': context.traceId,
    ...(target
      ? { 'x-agentcc-provider': target.provider ?? 'openai', 'x-agentcc-model-used': target.servedModel }
      : {}),
    'x-agentcc-latency-ms': String(Date.now() - startedAt),
    ...(cost === null ? {} : { 'x-agentcc-cost': String(cost) }),
    'x-agentcc-fallback-used': String(fallbackReason !== null),
    'x-agentcc-routing-strategy': strategyOf(plan, active.spec.targets),
  }
}

function strategyOf({ arm }: Plan, targets: readonly { weight?: number }[]): string {
  if (arm === 'rule') return 'conditional'
  if (arm === 'canary') return 'canary'
  return targets.some(({ weight }) => weight !== undefined) ? 'weighted' : 'fallback'
}
