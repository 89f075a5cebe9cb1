import { isObject, objectOf, objectsOf, type JsonObject } from '../providers/json-object.ts'
import { againstSchema } from './answer-schema.ts'
import { answerSubject } from './answer-texts.ts'

/** An answer whose every choice satisfies the schema, or the first one that does not. */
export type Repaired =
  | { valid: true; answer: JsonObject; stripped: boolean }
  | { valid: false; text: string; reason: string }

/** Holds an answer against a schema; a choice that only satisfies it without the code fence around it loses that. */
export function withoutFences(answer: JsonObject, schema: unknown): Repaired {
  const { said } = answerSubject(answer, { messages: [], context: [] })
  let stripped = false
  const choices: JsonObject[] = []
  for (const [i, choice] of objectsOf(answer.choices).entries()) {
    const text = said[i]!.text
    if (text === null) {
      choices.push(choice)
      continue
    }
    const asIs = againstSchema(schema, text)
    const inner = asIs.valid ? undefined : fenced(text)
    if (!asIs.valid && (inner === undefined || !againstSchema(schema, inner).valid))
      return { valid: false, text, reason: asIs.reason }
    if (inner !== undefined) stripped = true
    choices.push(inner === undefined ? choice : saying(choice, inner))
  }
  return { valid: true, answer: stripped ? { ...answer, choices } : answer, stripped }
}

/** What stands in the only code fence of a text, whatever is said around it. */
function fenced(text: string): string | undefined {
  const open = text.indexOf('```')
  const line = text.indexOf('\n', open)
  const close = text.lastIndexOf('```')
  if (open === -1 || line === -1 || close < line) return undefined
  const inner = text.slice(line + 1, close).trim()
  return inner.includes('```') ? undefined : inner
}

function saying(choice: JsonObject, text: string): JsonObject {
  // Log probabilities would spell out the fence, too.
  const told = { ...choice, ...('logprobs' in choice ? { logprobs: null } : {}) }
  return isObject(choice.message)
    ? { ...told, message: { ...choice.message, content: text } }
    : { ...told, text }
}

/** Longest answer that a model is shown again. */
const MAX_SHOWN_CHARS = 50_000

/** A chat request that asks again, with the answer and what is wrong with it. Asks for a whole answer, not for a stream. */
export function askedAgain(body: JsonObject, text: string, reason: string, schema: unknown): JsonObject {
  const { stream: _, stream_options: __, ...rest } = body
  const words = `That answer is not valid. ${reason}
Answer again, with nothing but one JSON document that satisfies this JSON Schema:
${JSON.stringify(schema)}`
  return {
    ...rest,
    messages: [
      ...objectsOf(body.messages),
      // Some providers take no message without a text.
      { role: 'assistant', content: text.slice(0, MAX_SHOWN_CHARS) || '-' },
      { role: 'user', content: words },
    ],
  }
}

/** What two answers used together. What one of them does not say counts nothing. */
export function usedTogether(first: JsonObject | null, second: JsonObject | null): JsonObject | null {
  if (!first || !second) return first ?? second
  const sum: JsonObject = { ...first }
  for (const [field, value] of Object.entries(second)) {
    const before = first[field]
    if (typeof value === 'number') sum[field] = value + (typeof before === 'number' ? before : 0)
    else if (isObject(value)) sum[field] = usedTogether(objectOf(before), value)
    else sum[field] ??= value
  }
  return sum
}
