import type { Tool, ToolCall } from '../../dataset/tool-call.ts'
import type { Json } from '../../json.ts'
import { patternProblem } from '../structure/pattern.ts'
import { validateJson } from '../structure/schema/validate.ts'
import { isObject } from './ast.ts'

/** Type names of other languages, as BFCL and hand-written schemas have them. `any` and unknown names allow anything. */
const TYPES: Record<string, string> = {
  string: 'string', str: 'string', char: 'string', text: 'string', integer: 'integer', int: 'integer', long: 'integer',
  short: 'integer', byte: 'integer', bigint: 'integer', number: 'number', float: 'number', double: 'number',
  decimal: 'number', boolean: 'boolean', bool: 'boolean', array: 'array', list: 'array', tuple: 'array', set: 'array',
  arraylist: 'array', object: 'object', dict: 'object', dictionary: 'object', map: 'object', hashmap: 'object',
  null: 'null', none: 'null',
} // prettier-ignore

/** Keywords that hold schemas: one, a list of them, or one by name. */
const ONE = new Set([
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
])
const MANY = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems'])
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas'])
/** Keywords that are taken as they are. Not `uniqueItems`: it takes the square of a list's length. */
const PLAIN = new Set(
  'enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems minProperties maxProperties format'.split(
    ' ',
  ),
)
/** Parts of a schema that are read, with references followed; what lies past that, or deeper, may be anything. */
const MAX_PARTS = 1000
/** Values of an enum that are held against a call; a longer one may allow anything. */
const MAX_ENUM = 1000
const MAX_DEPTH = 30

/**
 * The JSON Schema (2020-12) of a tool's parameters, with BFCL's type names translated and references put in their place.
 * An unknown argument is an error where the tool names its arguments. What a validator could be hurt by is left out:
 * references to other documents, and patterns that could run long on `longest` characters.
 */
function parametersSchema({ parameters }: Tool, longest: number): Schema {
  const reader: Reader = { root: parameters ?? {}, longest, parts: 0 }
  const schema = toSchema(reader, parameters, 0)
  if (isObject(schema.properties) && schema.additionalProperties === undefined)
    schema.additionalProperties = false
  return { ...schema, type: 'object' }
}

/** The keywords that are read again here; the validator takes any. */
interface Schema {
  [keyword: string]: unknown
  type?: string | string[]
  enum?: unknown[]
  required?: string[]
  properties?: Record<string, Schema | boolean>
  additionalProperties?: Schema | boolean
}

interface Reader {
  root: Json
  longest: number
  parts: number
}

function toSchema(reader: Reader, given: Json | undefined, depth: number): Schema {
  if (!isObject(given) || depth > MAX_DEPTH || ++reader.parts > MAX_PARTS) return {}
  if (typeof given.$ref === 'string') return toSchema(reader, atPointer(reader.root, given.$ref), depth + 1)
  const inner = (value: Json): Schema | boolean =>
    typeof value === 'boolean' ? value : toSchema(reader, value, depth + 1)
  const isSafe = (pattern: Json) => typeof pattern === 'string' && !patternProblem(pattern, reader.longest)
  const schema: Schema = {}
  for (const [key, value] of Object.entries(given)) {
    if (key === 'type') Object.assign(schema, typeOf(value))
    else if (key === 'required') {
      if (Array.isArray(value)) schema.required = value.filter((name) => typeof name === 'string')
    } else if (key === 'pattern') {
      if (isSafe(value)) schema.pattern = String(value)
    } else if (PLAIN.has(key)) schema[key] = value
    else if (ONE.has(key)) schema[key] = inner(value)
    else if (MANY.has(key) && Array.isArray(value)) schema[key] = value.map(inner)
    else if (NAMED.has(key) && isObject(value))
      schema[key] = Object.fromEntries(
        Object.entries(value)
          .filter(([name]) => key !== 'patternProperties' || isSafe(name))
          .map(([name, one]) => [name, inner(one)]),
      )
  }
  if (!Array.isArray(schema.enum) || schema.enum.length > MAX_ENUM || contradicts(schema.enum, schema.type))
    delete schema.enum
  return schema
}

/** What a local reference such as `#/$defs/Address` points to. */
function atPointer(root: Json, reference: string): Json | undefined {
  if (!reference.startsWith('#')) return undefined
  let at: Json | undefined = root
  for (const key of reference.slice(1).split('/').filter(Boolean)) {
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~')
    at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined
  }
  return at
}

function typeOf(given: Json): Pick<Schema, 'type'> {
  const names = (Array.isArray(given) ? given : [given]).map((name) => TYPES[String(name).toLowerCase()])
  if (!names.every((name) => name !== undefined)) return {}
  return { type: names.length === 1 ? names[0]! : names }
}

/** An enum none of whose values has the type (`"True"`, `"False"` for a boolean) says nothing. */
function contradicts(allowed: readonly unknown[], type: unknown): boolean {
  if (type === undefined) return false
  const types = new Set(Array.isArray(type) ? type : [type])
  return !allowed.some(
    (one) =>
      types.has(Array.isArray(one) ? 'array' : one === null ? 'null' : typeof one) ||
      (types.has('integer') && Number.isInteger(one)),
  )
}

/** The arguments of a call held against the tool's schema. */
export interface SchemaCheck {
  /** Share of the arguments, given or required, that the schema has nothing against. */
  validity: number
  missing: string[]
  unknown: string[]
  /** Arguments with a value that the schema refuses. */
  refused: string[]
}

export function checkArguments(call: ToolCall, tool: Tool): SchemaCheck {
  const schema = parametersSchema(tool, JSON.stringify(call.arguments).length)
  const required = schema.required ?? []
  const missing = required.filter((name) => !Object.hasOwn(call.arguments, name))
  const names = Object.keys(call.arguments)
  const validation = validateJson(schema, call.arguments)
  // A schema that can't be applied says nothing against the call.
  const errors = 'errors' in validation ? validation.errors : []
  const blamed = new Set(errors.map(({ path }) => firstKey(path)))
  const unknown =
    schema.additionalProperties === false
      ? names.filter((name) => !Object.hasOwn(schema.properties ?? {}, name))
      : []
  const refused = names.filter((name) => blamed.has(name) && !unknown.includes(name))
  const total = names.length + missing.length
  const wrong = missing.length + unknown.length + refused.length
  const elsewhere = errors.length > 0 && wrong === 0
  return {
    validity: elsewhere ? 0 : total === 0 ? 1 : (total - wrong) / total,
    missing,
    unknown,
    refused,
  }
}

/** The first key of a JSON pointer such as `/a~1b/0`. */
function firstKey(pointer: string): string | undefined {
  return /^\/([^/]*)/.exec(pointer)?.[1]?.replaceAll('~1', '/').replaceAll('~0', '~')
}
