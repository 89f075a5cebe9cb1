import { jsonValidation } from '../evaluators/structure/json-validation.ts'
import type { Check } from './guardrail.ts'

const PARAMS = { formats: false, remotes: {} }

/** How an answer's text stands to a schema. Where the schema itself cannot be applied, no answer is valid. */
export function againstSchema(
  schema: unknown,
  response: string,
): { valid: boolean; score: number | null; reason: string } {
  const evaluated = jsonValidation.evaluate({ messages: [], context: [], response, schema }, PARAMS)
  if ('error' in evaluated) return { valid: false, score: null, reason: evaluated.error }
  return { valid: evaluated.score === 1, score: evaluated.score, reason: evaluated.reason }
}

/** 1 when every choice with a text is one JSON document that satisfies the route's `answerSchema`. */
export function schemaCheck(schema: unknown): Check {
  return ({ said }) => {
    const scores = said.flatMap(({ text }) => (text === null ? [] : [againstSchema(schema, text).score]))
    return { score: scores.includes(null) ? null : Math.min(1, ...(scores as number[])) }
  }
}
