import { type OutputUnit, type Schema, dereference, validate } from '@cfworker/json-schema'
import { parseJson } from './answer.ts'
import type { Evaluated, Evaluator, EvaluatorInput } from './evaluator.ts'
import { MAX_JSON_CHARS, MAX_JSON_DEPTH } from './limits.ts'
import { patternProblem } from './pattern.ts'

/** Errors that a reason names; the rest are counted. */
const SHOWN_ERRORS = 5

/**
 * 1 when the response is one JSON document that satisfies `schema`, else 0. Without a schema it must be a JSON object.
 * Validation is `@cfworker/json-schema`, draft 2020-12 unless `$schema` names draft 7 or 2019-09
 * (https://json-schema.org/draft/2020-12). A schema that can't be used, or points to another document, is an error
 * of the row: nothing is ever fetched.
 */
export const jsonValidation: Evaluator = {
  name: 'JSONValidation',
  version: '1',
  engine: 'rule',
  summary: 'The response is one JSON document that satisfies the schema.',
  inputs: ['response', 'schema'],
  evaluate(input: EvaluatorInput): Evaluated {
    if (typeof input?.response !== 'string') return { error: 'response is missing or no text' }
    if (input.response.length > MAX_JSON_CHARS)
      return { error: `response is longer than ${MAX_JSON_CHARS} characters` }
    const usable = usableSchema(input.schema, input.response.length)
    if ('error' in usable) return usable
    const parsed = parseJson(input.response)
    if ('problem' in parsed)
      return { score: 0, reason: `The response is not one JSON document: ${parsed.problem}.` }
    try {
      const lookup = dereference(usable.schema)
      const foreign = foreignReference(lookup)
      if (foreign) return { error: `schema refers to another document (${foreign}): it is not fetched` }
      const result = validate(parsed.value, usable.schema, usable.draft, lookup, false)
      if (result.valid)
        return { score: 1, reason: input.schema === undefined ? 'A JSON object.' : 'Satisfies the schema.' }
      const errors = leafErrors(result.errors)
      const shown = errors.slice(0, SHOWN_ERRORS).map((error) => `${error.path}: ${error.message}`)
      const more = errors.length > SHOWN_ERRORS ? ` and ${errors.length - SHOWN_ERRORS} more` : ''
      return {
        score: 0,
        reason: `Against the schema: ${shown.join('; ')}${more}.`,
        evidence: { errors: errors.slice(0, 20) },
      }
    } catch (error) {
      return {
        error: `the schema can't be applied: ${error instanceof Error ? error.message : String(error)}`,
      }
    }
  },
}

type Draft = '2020-12' | '2019-09' | '7'

/** The schema with its draft, or what is wrong with it. */
function usableSchema(
  given: unknown,
  responseLength: number,
): { schema: Schema | boolean; draft: Draft } | { error: string } {
  if (given === undefined) return { schema: { type: 'object' }, draft: '2020-12' }
  if (typeof given === 'boolean') return { schema: given, draft: '2020-12' }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { error: 'schema is no JSON object' }
  const problem = schemaProblem(given, responseLength)
  if (problem) return { error: problem }
  // The validator notes resolved references on the schema it is given: it gets a copy.
  const schema: Schema = structuredClone(given)
  return { schema, draft: draftOf(schema.$schema) }
}

function draftOf(uri: unknown): Draft {
  if (typeof uri !== 'string') return '2020-12'
  if (uri.includes('draft-07')) return '7'
  return uri.includes('2019-09') ? '2019-09' : '2020-12'
}

/** Walks the schema without recursion: too deep (a cycle is infinitely deep), or with a pattern that could hang. */
function schemaProblem(root: object, responseLength: number): string | undefined {
  const stack: { node: object; depth: number }[] = [{ node: root, depth: 0 }]
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.depth > MAX_JSON_DEPTH) return `schema is nested deeper than ${MAX_JSON_DEPTH} levels`
    for (const [key, value] of Object.entries(top.node)) {
      const patterns =
        key === 'pattern' ? [value] : key === 'patternProperties' && isObject(value) ? Object.keys(value) : []
      for (const pattern of patterns) {
        const problem = typeof pattern === 'string' ? patternProblem(pattern, responseLength) : undefined
        if (problem) return `schema has a pattern that ${problem}: ${pattern.slice(0, 100)}`
      }
      if (isObject(value)) stack.push({ node: value, depth: top.depth + 1 })
    }
  }
  return undefined
}

/** The first reference that the document itself does not resolve. */
function foreignReference(lookup: Record<string, Schema | boolean>): string | undefined {
  for (const schema of Object.values(lookup)) {
    if (typeof schema !== 'object') continue
    const target: unknown = schema.__absolute_ref__ ?? schema.$ref
    if (typeof target === 'string' && lookup[target] === undefined)
      return String(schema.$ref ?? target).slice(0, 200)
  }
  return undefined
}

interface SchemaError {
  path: string
  message: string
}

/** Errors at the places that fail, without the "some subschema failed" of the levels above. */
function leafErrors(errors: readonly OutputUnit[]): SchemaError[] {
  const leaves = errors.filter(
    (error) =>
      !CONTAINERS.has(error.keyword) ||
      !errors.some((other) => other !== error && other.keywordLocation.startsWith(error.keywordLocation)),
  )
  return (leaves.length > 0 ? leaves : errors).map((error) => ({
    path: error.instanceLocation,
    message: error.error.replace(/\.$/, ''),
  }))
}

/** Keywords whose error only says that something below failed. */
const CONTAINERS = new Set([
  'properties',
  'patternProperties',
  'items',
  'prefixItems',
  '$ref',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'dependentSchemas',
])

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
