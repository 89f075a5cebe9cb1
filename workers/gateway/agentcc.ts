import { costUsd } from '../../domain/routing/cost.ts'
import type { Plan } from '../../domain/routing/plan.ts'
import { asked, type AskedBody } from './asked.ts'
import { isAgentcc, requestIdOf, traceIdOf } from './call-context.ts'
import type { Call } from './call.ts'
import type { Served } from './serve.ts'
import { usageIn, usageOf } from './usage.ts'

/** What its gateway takes beside OpenAI's parameters, and a model's server refuses. */
const OWN_FIELDS = ['metadata', 'sessionId', 'session_id'] as const

/**
 * The request of FutureAGI's gateway client without what is meant for the gateway. OpenAI takes `metadata` of chats that
 * it stores.
 */
export function askedByAgentcc(sent: AskedBody): AskedBody {
  const { kind, body, route } = sent
  const own = OWN_FIELDS.filter((field) => field in body && !(field === 'metadata' && body.store === true))
  if (own.length === 0) return sent
  const others = Object.fromEntries(
    Object.entries(body).filter(([field]) => !own.some((one) => one === field)),
  )
  return asked(kind, { text: JSON.stringify(others), body: others, route })
}

/** What FutureAGI's gateway client reads of an answer. */
export function agentccHeaders(
  { context, active, startedAt }: Call,
  plan: Plan,
  { target, answer }: Pick<Served, 'target' | 'answer'>,
  fallbackReason: string | null,
  cache: 'hit' | 'miss' | 'skip',
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
    'x-agentcc-timeout-ms': String(active.spec.timeouts.totalMs),
    ...(cost === null ? {} : { 'x-agentcc-cost': String(cost) }),
    'x-agentcc-cache': cache,
    'x-agentcc-fallback-used': String(fallbackReason !== null),
    'x-agentcc-routing-strategy': strategyOf(plan, active.spec.targets),
  }
}

/** Of a request that no target was asked: it has no trace but the one that the caller names. */
export function refusalHeaders(sent: Headers): Record<string, string> {
  const requestId = requestIdOf(sent)
  const headers: Record<string, string> = { 'x-request-id': requestId }
  if (!isAgentcc(sent)) return headers
  headers['x-agentcc-request-id'] = requestId
  const traceId = traceIdOf(sent)
  if (traceId !== undefined) headers['x-agentcc-trace-id'] = traceId
  return headers
}

function strategyOf({ arm }: Plan, targets: readonly { weight?: number }[]): string {
  if (arm === 'rule') return 'conditional'
  if (arm === 'canary') return 'canary'
  return targets.some(({ weight }) => weight !== undefined) ? 'weighted' : 'fallback'
}
