import type { Documents, Resource, Schema } from './documents.ts'
import type { Meter } from './meter.ts'
import type { Seen } from './seen.ts'
import type { JsonObject } from './value.ts'

/** One validation: what all its checks share. */
export interface Run {
  documents: Documents
  meter: Meter
  /** Whether `format` decides everywhere. */
  formats: boolean
  /** Whether a text matches a pattern; throws for one that can't run within its bounds. */
  matches(pattern: string, text: string): boolean
  /** Whether a schema holds for a value at a place. */
  holds(schema: Schema, value: unknown, at: Place, seen: Seen | undefined): boolean
  /** Values of an `enum` as canonical texts, by the list. */
  enums: Map<unknown, ReadonlySet<string>>
  /** What there is to check for a schema, by the schema. */
  plans: Map<JsonObject, Plan>
  /** How many schemas are being applied, each within the last. */
  level: number
}

/** Rules with their operands in the order they are applied. */
export interface Plan {
  first: [rule: Rule, operand: unknown][]
  last: [rule: Rule, operand: unknown][]
}

/** Where in the document and in the schemas a check stands. */
export interface Place {
  path: Path | undefined
  resource: Resource
  /** Resources on the way here, innermost first: the dynamic scope (core 2020-12, 7.1). */
  scope: Scope
  /** Schemas that references led to for this very value: a second visit would never end. */
  references: Chain | undefined
  /** Where errors go; absent where they only decide, as below `not`. */
  errors: SchemaError[] | undefined
}

export interface Path {
  parent: Path | undefined
  token: string | number
}

export interface Scope {
  resource: Resource
  outer: Scope | undefined
}

export interface Chain {
  schema: Schema
  earlier: Chain | undefined
}

export interface SchemaError {
  /** JSON pointer (RFC 6901) to the value; empty for the whole document. */
  path: string
  message: string
}

/** A keyword applied to a value. */
export interface Check {
  run: Run
  schema: JsonObject
  value: unknown
  at: Place
  seen: Seen | undefined
}

/** Whether a keyword with this operand holds. */
export type Rule = (operand: unknown, check: Check) => boolean

/** More errors than this are not told: a reason shows five. */
export const MAX_ERRORS = 50

/** Notes why a value fails. Always false, so that a rule may end with it. */
export function fail(at: Place, message: string): false {
  if (at.errors && at.errors.length < MAX_ERRORS) at.errors.push({ path: pointerTo(at.path), message })
  return false
}

/** The place of a property or an item. */
export function within(at: Place, token: string | number): Place {
  const { resource, scope, errors, path: parent } = at
  return { path: { parent, token }, resource, scope, references: undefined, errors }
}

/** The same place where failing is no error of the document. */
export function silent(at: Place): Place {
  const { path, resource, scope, references } = at
  return { path, resource, scope, references, errors: undefined }
}

export function pointerTo(path: Path | undefined): string {
  const tokens: string[] = []
  for (let at = path; at; at = at.parent)
    tokens.push(String(at.token).replaceAll('~', '~0').replaceAll('/', '~1'))
  return tokens
    .toReversed()
    .map((token) => `/${token}`)
    .join('')
}
