import type * as z from 'zod'
import { parseJson } from '../evaluators/answer.ts'

/**
 * An answer of a judge, parsed. What is wrong with it is said without a word of the answer itself: the model is told so,
 * and what a hostile row made it write must not come back as an instruction.
 */
export function readJudgement<T>(schema: z.ZodType<T>, text: string): { value: T } | { refused: string } {
  const json = parseJson(withoutFence(text))
  if ('problem' in json) return { refused: 'the answer is not one JSON object' }
  const parsed = schema.safeParse(json.value)
  if (parsed.success) return { value: parsed.data }
  const { code, path } = parsed.error.issues[0]!
  const field = path.map(String).join('.')
  if (code === 'unrecognized_keys') return { refused: 'the answer has fields that the schema does not name' }
  if (code === 'invalid_value') return refusedField(field, 'is not one of the allowed values')
  return field === ''
    ? { refused: 'the answer is not one JSON object' }
    : refusedField(field, 'is missing or of the wrong type')
}

export function refusedField(field: string, problem: string): { refused: string } {
  return { refused: `the field ${field} ${problem}` }
}

/** Models that know no `response_format` put their JSON into a Markdown fence. */
function withoutFence(text: string): string {
  const trimmed = text.trim()
  return /^```(?:json)?\r?\n([^]*)```$/i.exec(trimmed)?.[1] ?? trimmed
}
