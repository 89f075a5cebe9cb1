import type { Plan } from '../../domain/routing/plan.ts'
import { agentccHeaders } from './agentcc.ts'
import { traceparent } from './call-context.ts'
import type { Call } from './call.ts'
import { checkHeaders } from './checks.ts'
import type { Served } from './serve.ts'

/** Who answered, under which version of the route, after what, and what its guardrails did. */
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
  if (call.checks) Object.assign(headers, checkHeaders(call.checks, served.answer))
  if (context.agentcc) Object.assign(headers, agentccHeaders(call, plan, served, fallbackReason, cache))
  return headers
}
