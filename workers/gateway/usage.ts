import { objectOf, type JsonObject } from '../../domain/providers/json-object.ts'
import { costUsd, type Usage } from '../../domain/routing/cost.ts'
import type { Facts } from './facts.ts'

/** Tokens by an OpenAI `usage`; null where it says nothing. Embeddings put nothing out. */
export function usageOf(usage: JsonObject | null): Usage {
  if (!usage) return { inputTokens: null, outputTokens: null }
  const inputTokens = countIn(usage.prompt_tokens)
  return {
    inputTokens,
    outputTokens: countIn(usage.completion_tokens) ?? (inputTokens === null ? null : 0),
  }
}

/** What a request used: of the answer that was sent, and of those that guardrails held back. */
export function usedBy({
  call,
  target,
  usage,
}: {
  call: Pick<Facts['call'], 'checks'>
  target: Facts['target']
  usage: Facts['usage']
}): Usage & { costUsd: number | null } {
  const own = usageOf(usage)
  const used = { ...own, costUsd: costUsd(target?.price, own) }
  for (const held of call.checks?.discarded ?? []) {
    const tokens = usageOf(held.usage)
    used.inputTokens = sumOf(used.inputTokens, tokens.inputTokens)
    used.outputTokens = sumOf(used.outputTokens, tokens.outputTokens)
    used.costUsd = sumOf(used.costUsd, costUsd(held.target.price, tokens))
  }
  return used
}

function sumOf(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0)
}

export function usageIn(answer: JsonObject | undefined): JsonObject | null {
  return answer?.usage === undefined || answer.usage === null ? null : objectOf(answer.usage)
}

function countIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : null
}
