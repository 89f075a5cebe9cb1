import * as z from 'zod'
import { Json } from '../../json.ts'
import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { MAX_JSON_CHARS } from '../limits.ts'
import { type WrittenNumber, readDocument } from './document.ts'
import type { SchemaError } from './schema/check.ts'
import { DRAFTS } from './schema/dialect.ts'
import { validateJson } from './schema/validate.ts'

/** Errors that a reason names; the rest are counted. */
const SHOWN_ERRORS = 5
const MAX_SHOWN_CHARS = 330

const Params = z.strictObject({
  /** The draft of a schema without `$schema`; 2020-12 when absent. */
  draft: z.enum(DRAFTS).exactOptional(),
  /** Whether `format` decides; the drafts leave it an annotation. */
  formats: z.boolean().default(false),
  /** Documents that a `$ref` may lead to, by URI: nothing is ever fetched. */
  remotes: z.record(z.string(), Json).default({}),
})
export type JsonValidationParams = z.infer<typeof Params>

/**
 * 1 when the response is one JSON document (RFC 8259) that satisfies `schema`, else 0. Without a schema it must be a JSON
 * object. JSON Schema of draft 7, 2019-09 or 2020-12 (https://json-schema.org/specification), by `$schema`, else by the
 * parameter `draft`.
 * Receivers differ over a member named twice and a number that no double holds (1e400): such a document scores 0. A whole
 * number beyond 2^53 is judged as the double that receivers make of it, and the reason says so.
 * A schema that can't be used, refers to a document that was not handed over, or asks for too much work is an error of
 * the row.
 */
export const jsonValidation: Evaluator<JsonValidationParams> = {
  name: 'JSONValidation',
  version: '2',
  engine: 'rule',
  summary: 'The response is one JSON document that satisfies the schema.',
  inputs: ['response', 'schema'],
  params: Params,
  evaluate(input: EvaluatorInput, params: JsonValidationParams): Evaluated {
    const { response, schema = { type: 'object' } } = input ?? {}
    if (typeof response !== 'string') return { error: 'response is missing or no text' }
    if (response.length > MAX_JSON_CHARS)
      return { error: `response is longer than ${MAX_JSON_CHARS} characters` }
    const document = readDocument(response)
    // A schema that can't be used is the same error for every row, whatever the response.
    const result = validateJson(schema, 'problem' in document ? null : document.value, params)
    if ('problem' in result) return { error: result.problem }
    if ('problem' in document)
      return { score: 0, reason: `The response is not one JSON document: ${document.problem}.` }
    const { duplicates, unreadable, rounded } = document
    if (duplicates[0] !== undefined)
      return {
        score: 0,
        reason: `${cut(duplicates[0], 80)} stands twice: receivers differ in which one they take.`,
        evidence: { duplicates: duplicates.map((path) => cut(path, 200)) },
      }
    if (unreadable[0])
      return {
        score: 0,
        reason: `${at(unreadable[0])} is beyond what receivers can hold as a number.`,
        evidence: { unreadable: unreadable.map(cutPath) },
      }
    const note = rounded[0]
      ? ` ${at(rounded[0])} is beyond 2^53 and was judged as ${Number(rounded[0].written)}.`
      : ''
    const evidence = {
      ...(rounded[0] ? { rounded: rounded.map(cutPath) } : {}),
      ...(result.valid
        ? {}
        : {
            errors: result.errors
              .slice(0, 20)
              .map(({ path, message }) => ({ path: cut(path, 200), message: cut(message, 300) })),
          }),
    }
    return {
      score: result.valid ? 1 : 0,
      reason: (result.valid ? 'Satisfies the schema.' : reasonOf(result.errors)) + note,
      ...(Object.keys(evidence).length > 0 ? { evidence } : {}),
    }
  },
}

function reasonOf(errors: readonly SchemaError[]): string {
  const all = errors
    .slice(0, SHOWN_ERRORS)
    .map(({ path, message }) => `${cut(path, 80) || 'the document'}: ${cut(message, 160)}`)
  const shown = all.filter((_, at) => all.slice(0, at + 1).join('; ').length <= MAX_SHOWN_CHARS)
  const more = errors.length > shown.length ? ` and ${errors.length - shown.length} more` : ''
  return `Against the schema: ${shown.join('; ')}${more}.`
}

function at({ path, written }: WrittenNumber): string {
  return `${cut(path, 80) || 'the document'} (${written})`
}

/** A property's name, and with it a path, may be as long as the document. */
function cut(text: string, chars: number): string {
  return text.length > chars ? `${text.slice(0, chars)}…` : text
}

function cutPath<T extends { path: string }>(place: T): T {
  return { ...place, path: cut(place.path, 200) }
}
