import canonicalize from 'canonicalize'
import * as z from 'zod'
import { type ParsedJson, parseJson } from '../answer.ts'
import type { Evaluated, EvaluatorInput } from '../evaluator.ts'
import { MAX_ANSWER_CHARS } from '../limits.ts'
import { JSON_POINTER, atPointer } from './json-pointer.ts'

/** Which field of a JSON answer is compared; without it an agent's `reply`, else the answer as it came. */
export const Path = z
  .string()
  .max(200)
  .regex(JSON_POINTER, 'is no JSON Pointer such as /items/0/price (RFC 6901)')
  .exactOptional()

/** Where no good answer is known, and what to do about it. */
export const NO_REFERENCE =
  'the row has no good answer: give it as expected or reference, and set reference: true on the metric'

/** Hands the answer's text to a comparison. An answer without the field that is compared scores 0: it should be there. */
export function withAnswer(
  input: EvaluatorInput,
  path: string | undefined,
  evaluate: (answer: string) => Evaluated,
): Evaluated {
  if (typeof input?.response !== 'string') return { error: 'response is missing or no text' }
  if (path === undefined) return evaluate(replyOf(input.response))
  const parsed = parseJson(input.response)
  if ('problem' in parsed) return { score: 0, reason: `The response is no JSON document: ${parsed.problem}.` }
  const value = atPointer(parsed.value, path)
  return value === undefined
    ? { score: 0, reason: `The response has nothing at ${path}.` }
    : evaluate(textOf(value))
}

/** The same with the good answer's text, read the same way. A row without one is an error. */
export function withReference(
  input: EvaluatorInput,
  path: string | undefined,
  evaluate: (answer: string, reference: string) => Evaluated,
): Evaluated {
  return withAnswer(input, path, (answer) => {
    const reference = referenceOf(input, path)
    if (reference === undefined)
      return { error: path === undefined ? NO_REFERENCE : `${NO_REFERENCE}; it needs a value at ${path}` }
    return evaluate(answer, reference)
  })
}

/** A text cut to what comparisons whose cost is more than linear read. */
export function cutText(text: string): { text: string; truncated: boolean } {
  return { text: text.slice(0, MAX_ANSWER_CHARS), truncated: text.length > MAX_ANSWER_CHARS }
}

function referenceOf({ reference, expected }: EvaluatorInput, path: string | undefined): string | undefined {
  const given = typeof reference === 'string' ? reference : undefined
  if (path === undefined) return given === undefined ? expected?.reply : replyOf(given)
  const parsed = given === undefined ? undefined : parseObject(given)
  const value =
    (parsed && 'value' in parsed ? atPointer(parsed.value, path) : undefined) ?? atPointer(expected, path)
  if (value !== undefined) return textOf(value)
  // A plain reference is the field's own value, unless it is only the reply of a whole good answer.
  return expected || (parsed && 'value' in parsed) ? undefined : given
}

/** `reply` of an agent's JSON answer, in full, else the text as it came. */
export function replyOf(text: string): string {
  const parsed = parseObject(text)
  const reply = parsed && 'value' in parsed ? atPointer(parsed.value, '/reply') : undefined
  return typeof reply === 'string' ? reply : text
}

function parseObject(text: string): ParsedJson | undefined {
  return text.trimStart().startsWith('{') ? parseJson(text) : undefined
}

/** Texts as they are, other values as canonical JSON (RFC 8785), so that the order of keys does not matter. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (canonicalize(value) ?? String(value))
}
