import { objectOf, type JsonObject } from '../../domain/providers/json-object.ts'
import type { Usage } from '../../domain/routing/cost.ts'

/** Tokens by an OpenAI `usage`; null where it says nothing. Embeddings put nothing out. */
export function usageOf(usage: JsonObject | null): Usage {
  if (!usage) return { inputTokens: null, outputTokens: null }
  const inputTokens = countIn(usage.prompt_tokens)
  return {
    inputTokens,
    outputTokens: countIn(usage.completion_tokens) ?? (inputTokens === null ? null : 0),
  }
}

export function usageIn(answer: JsonObject | undefined): JsonObject | null {
  return answer?.usage === undefined || answer.usage === null ? null : objectOf(answer.usage)
}

function countIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : null
}
