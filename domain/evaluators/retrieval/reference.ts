import type { EvaluatorInput } from '../evaluator.ts'
import { MAX_ANSWER_CHARS } from '../limits.ts'

/** The good answer as text: `reference`, else the expected reply; empty when the row has neither. */
export function referenceOf(input: EvaluatorInput): { text: string; truncated: boolean } | { error: string } {
  const given: unknown = input.reference ?? input.expected?.reply ?? ''
  if (typeof given !== 'string') return { error: 'the reference is no text' }
  return { text: given.slice(0, MAX_ANSWER_CHARS), truncated: given.length > MAX_ANSWER_CHARS }
}
