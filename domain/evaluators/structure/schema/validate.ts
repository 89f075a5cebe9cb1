import { CHILDREN, IN_PLACE, UNEVALUATED } from './applicators.ts'
import { ASSERTIONS, formatRule } from './assertions.ts'
import { type Check, type Place, type Plan, type Rule, type Run, type SchemaError, fail } from './check.ts'
import type { Dialect, Draft, Vocabulary } from './dialect.ts'
import { type Schema, readDocuments } from './documents.ts'
import { checkLevel, meter } from './meter.ts'
import { matcher } from './match.ts'
import { UnusableSchema } from './problem.ts'
import { followDynamic, followRecursive, followReference } from './references.ts'
import { type Seen, addSeen, nothingSeen } from './seen.ts'
import { shapeOf } from './shape.ts'
import { type JsonObject, isObject } from './value.ts'

export interface ValidationOptions {
  /** Where `$schema` names none. */
  draft?: Draft
  /** Whether `format` decides; the drafts leave it an annotation. */
  formats?: boolean
  /** Documents that a `$ref` may lead to, by URI. */
  remotes?: Readonly<Record<string, unknown>>
}

/** `problem` says why the schema can't be used, or not within its bounds; that is no verdict on the value. */
export type Validation = { valid: boolean; errors: SchemaError[] } | { problem: string }

/**
 * Validates a JSON value against a JSON Schema of draft 7, 2019-09 or 2020-12 (https://json-schema.org/specification).
 * An interpreter: it generates no code, fetches nothing, and ends after a bounded number of steps whatever the schema.
 */
export function validateJson(schema: unknown, value: unknown, options: ValidationOptions = {}): Validation {
  if (typeof schema !== 'boolean' && !isObject(schema))
    return { problem: 'schema is neither an object nor true or false' }
  try {
    const budget = meter()
    const { draft = '2020-12', formats = false, remotes = {} } = options
    const documents = readDocuments(schema, { draft, remotes, meter: budget })
    const run: Run = {
      documents,
      meter: budget,
      formats,
      matches: matcher(budget),
      holds: (...args) => holds(run, ...args),
      enums: new Map(),
      plans: new Map(),
      level: 0,
    }
    const errors: SchemaError[] = []
    const { resource } = documents.root
    const at: Place = {
      path: undefined,
      resource,
      scope: { resource, outer: undefined },
      references: undefined,
      errors,
    }
    return { valid: holds(run, schema, value, at, undefined), errors }
  } catch (error) {
    if (error instanceof UnusableSchema) return { problem: `the schema can't be applied: ${error.message}` }
    throw error
  }
}

function holds(run: Run, schema: Schema, value: unknown, place: Place, seen: Seen | undefined): boolean {
  run.meter.spend(1)
  if (typeof schema === 'boolean') return schema || fail(place, 'is not allowed')
  checkLevel(++run.level)
  const ok = applies(run, schema, value, entered(run, schema, place), seen)
  run.level--
  return ok
}

/** The place, within the resource that begins there. */
function entered(run: Run, schema: JsonObject, place: Place): Place {
  const resource = run.documents.embedded(schema) ?? place.resource
  if (resource === place.resource && resource === place.scope.resource) return place
  const scope = resource === place.scope.resource ? place.scope : { resource, outer: place.scope }
  return { ...place, resource, scope }
}

function applies(run: Run, schema: JsonObject, value: unknown, at: Place, seen: Seen | undefined): boolean {
  const { dialect } = at.resource
  // In draft 7 nothing beside a $ref counts.
  if (dialect.draft === '7' && typeof schema.$ref === 'string')
    return followReference(schema.$ref, { run, schema, value, at, seen })

  const plan = run.plans.get(schema) ?? planFor(schema, dialect)
  run.plans.set(schema, plan)
  const check: Check = { run, schema, value, at, seen: plan.last.length > 0 ? nothingSeen() : seen }
  let ok = true
  for (const [rule, operand] of plan.first) {
    ok = rule(operand, check) && ok
    if (!ok && !at.errors) return false
  }
  for (const [rule, operand] of plan.last) ok = ok && rule(operand, check)
  if (ok && seen && check.seen && check.seen !== seen) addSeen(seen, check.seen, run.meter)
  return ok
}

/** The rules of a schema's keywords, those last that depend on what the others looked at. */
function planFor(schema: JsonObject, dialect: Dialect): Plan {
  const rules = rulesOf(dialect)
  const plan: Plan = { first: [], last: [] }
  for (const [keyword, operand] of Object.entries(schema)) {
    const rule = rules.get(keyword)
    if (rule) (Object.hasOwn(UNEVALUATED, keyword) ? plan.last : plan.first).push([rule, operand])
  }
  return plan
}

const RULES: readonly [Vocabulary, Readonly<Record<string, Rule>>][] = [
  ['core', { $ref: followReference, $dynamicRef: followDynamic, $recursiveRef: followRecursive }],
  ['validation', ASSERTIONS],
  ['applicator', { ...IN_PLACE, ...CHILDREN }],
  ['format', { format: formatRule }],
  ['unevaluated', UNEVALUATED],
]

/** The rules of a dialect's keywords. */
const rulesByDialect = new WeakMap<Dialect, ReadonlyMap<string, Rule>>()

function rulesOf(dialect: Dialect): ReadonlyMap<string, Rule> {
  const known = rulesByDialect.get(dialect)
  if (known) return known
  const rules = new Map(
    RULES.filter(([vocabulary]) => dialect.vocabularies.has(vocabulary))
      .flatMap(([, group]) => Object.entries(group))
      .filter(([keyword]) => shapeOf(keyword, dialect.draft) !== undefined),
  )
  rulesByDialect.set(dialect, rules)
  return rules
}
