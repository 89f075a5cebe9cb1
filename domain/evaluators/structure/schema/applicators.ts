import {
  type Check,
  MAX_ERRORS,
  type Place,
  type Rule,
  type SchemaError,
  fail,
  pointerTo,
  silent,
  within,
} from './check.ts'
import type { Schema } from './documents.ts'
import { addSeen, nothingSeen } from './seen.ts'
import { type JsonObject, isObject } from './value.ts'
import { ASSERTIONS } from './assertions.ts'

/** Applies a schema in place; what it has seen counts only if it holds. */
function inPlace({ run, value, seen }: Check, schema: Schema, at: Place): boolean {
  const own = seen && nothingSeen()
  const holds = run.holds(schema, value, at, own)
  if (holds && seen && own) addSeen(seen, own, run.meter)
  return holds
}

/** Every one of some checks, all of them where errors are told. */
function every<T>(list: readonly T[], at: Place, holds: (item: T, index: number) => boolean): boolean {
  let ok = true
  for (let i = 0; i < list.length; i++) {
    ok = holds(list[i] as T, i) && ok
    if (!ok && !at.errors) return false
  }
  return ok
}

function schemas(operand: unknown): Schema[] {
  return operand as Schema[]
}

/** Keywords that apply schemas to the value itself (core 2020-12, 10.2). */
export const IN_PLACE: Readonly<Record<string, Rule>> = {
  allOf: (operand, check) => every(schemas(operand), check.at, (schema) => inPlace(check, schema, check.at)),
  anyOf(operand, check) {
    let ok = false
    const failures: SchemaError[][] = []
    for (const schema of schemas(operand)) {
      ok = alternative(check, schema, failures) || ok
      if (ok && !check.seen) return true
    }
    return ok || nearest(failures, check, 'anyOf')
  },
  oneOf(operand, check) {
    const fitting: number[] = []
    const failures: SchemaError[][] = []
    for (const [index, schema] of schemas(operand).entries()) {
      if (alternative(check, schema, failures)) fitting.push(index + 1)
      if (fitting.length > 1)
        return fail(check.at, `fits alternatives ${fitting.join(' and ')} of oneOf, which allows one only`)
    }
    return fitting.length === 1 || nearest(failures, check, 'oneOf')
  },
  not: (operand, check) =>
    !check.run.holds(operand as Schema, check.value, silent(check.at), undefined) ||
    fail(check.at, 'fits what "not" forbids'),
  if(operand, check) {
    const branch = inPlace(check, operand as Schema, silent(check.at)) ? 'then' : 'else'
    const schema = check.schema[branch]
    return schema === undefined || inPlace(check, schema as Schema, check.at)
  },
  dependentSchemas: (operand, check) =>
    every(Object.entries(operand as Record<string, Schema>), check.at, ([name, schema]) => {
      check.run.meter.spend(1)
      return !isObject(check.value) || !Object.hasOwn(check.value, name) || inPlace(check, schema, check.at)
    }),
  dependencies(operand, check) {
    const parts = Object.entries(operand as JsonObject)
    const lists = Object.fromEntries(parts.filter(([, needed]) => Array.isArray(needed)))
    const others = Object.fromEntries(parts.filter(([, needed]) => !Array.isArray(needed)))
    const required = ASSERTIONS.dependentRequired?.(lists, check) ?? true
    return (IN_PLACE.dependentSchemas?.(others, check) ?? true) && required
  },
}

/** Applies one alternative; where errors are told, its own go to a list of their own. */
function alternative(check: Check, schema: Schema, failures: SchemaError[][]): boolean {
  if (!check.at.errors) return inPlace(check, schema, check.at)
  const errors: SchemaError[] = []
  failures.push(errors)
  return inPlace(check, schema, { ...check.at, errors })
}

/** Notes the errors of the alternative that comes nearest: deep in the value and few; else one error for all of them. */
function nearest(failures: readonly SchemaError[][], { at }: Check, keyword: string): false {
  const { errors } = at
  if (!errors) return false
  const here = pointerTo(at.path)
  const deep = failures.filter((list) => list.every(({ path }) => path !== here))
  const fewest = (deep.length > 0 ? deep : failures).reduce<SchemaError[]>(
    (best, list) => (best.length > 0 && best.length <= list.length ? best : list),
    [],
  )
  if (deep.length === 0) {
    const why = fewest[0] ? `: ${fewest[0].message}` : ''
    return fail(at, `fits none of the ${failures.length} alternatives of ${keyword}${why}`)
  }
  errors.push(...fewest.slice(0, MAX_ERRORS - errors.length))
  return false
}

/** A schema for one property; what is not allowed at all is said of the property. */
function property(check: Check, value: JsonObject, name: string, schema: unknown): boolean {
  check.seen?.properties.add(name)
  return check.run.holds(schema as Schema, value[name], within(check.at, name), undefined)
}

function itemsFrom(start: number, schema: unknown, check: Check): boolean {
  const { value, at, run, seen } = check
  if (!Array.isArray(value) || schema === undefined) return true
  if (seen) seen.itemsTo = Math.max(seen.itemsTo, value.length)
  if (schema === true) return true
  for (let i = start, ok = true; ; i++) {
    if (i >= value.length) return ok
    ok = run.holds(schema as Schema, value[i], within(at, i), undefined) && ok
    if (!ok && !at.errors) return false
  }
}

function tuple(operand: unknown, check: Check): boolean {
  const { value, at, run, seen } = check
  if (!Array.isArray(value)) return true
  const list = schemas(operand).slice(0, value.length)
  if (seen) seen.itemsTo = Math.max(seen.itemsTo, list.length)
  return every(list, at, (schema, i) => run.holds(schema, value[i], within(at, i), undefined))
}

/** Keywords that apply schemas to properties and items (core 2020-12, 10.3). */
export const CHILDREN: Readonly<Record<string, Rule>> = {
  properties(operand, check) {
    const { value, at, run } = check
    if (!isObject(value) || !isObject(operand)) return true
    const [own, declared] = [Object.keys(value), Object.keys(operand)]
    run.meter.spend((own.length + declared.length) / 50)
    const both =
      own.length < declared.length
        ? own.filter((name) => Object.hasOwn(operand, name))
        : declared.filter((name) => Object.hasOwn(value, name))
    return every(both, at, (name) => property(check, value, name, operand[name]))
  },
  patternProperties(operand, check) {
    const { value, at, run } = check
    if (!isObject(value) || !isObject(operand)) return true
    return every(Object.entries(operand), at, ([pattern, schema]) =>
      every(
        Object.keys(value),
        at,
        (name) => !run.matches(pattern, name) || property(check, value, name, schema),
      ),
    )
  },
  additionalProperties(operand, check) {
    const { value, at, run, schema } = check
    if (!isObject(value)) return true
    const names = Object.keys(value)
    run.meter.spend(names.length / 10)
    const declared = isObject(schema.properties) ? schema.properties : {}
    const patterns = isObject(schema.patternProperties) ? Object.keys(schema.patternProperties) : []
    const others = names.filter(
      (name) => !Object.hasOwn(declared, name) && !patterns.some((pattern) => run.matches(pattern, name)),
    )
    return every(others, at, (name) => property(check, value, name, operand))
  },
  propertyNames: (operand, { value, at, run }) =>
    !isObject(value) ||
    every(
      Object.keys(value),
      at,
      (name) =>
        run.holds(operand as Schema, name, silent({ ...at, references: undefined }), undefined) ||
        fail(within(at, name), 'has a name that "propertyNames" forbids'),
    ),
  prefixItems: tuple,
  items(operand, check) {
    if (Array.isArray(operand)) return tuple(operand, check)
    const prefix = check.at.resource.dialect.draft === '2020-12' ? check.schema.prefixItems : undefined
    return itemsFrom(Array.isArray(prefix) ? prefix.length : 0, operand, check)
  },
  additionalItems: (operand, check) =>
    !Array.isArray(check.schema.items) || itemsFrom(check.schema.items.length, operand, check),
  contains(operand, { value, at, run, seen, schema }) {
    if (!Array.isArray(value)) return true
    const { draft } = at.resource.dialect
    const bounded = draft !== '7'
    const least = bounded && typeof schema.minContains === 'number' ? schema.minContains : 1
    const most = bounded && typeof schema.maxContains === 'number' ? schema.maxContains : Infinity
    const counted = draft === '2020-12' ? seen : undefined
    const inside = silent(at)
    let count = 0
    for (const [index, item] of value.entries()) {
      if (count >= least && most === Infinity && !counted) return true
      if (!run.holds(operand as Schema, item, within(inside, index), undefined)) continue
      count++
      counted?.items.add(index)
    }
    if (count < least) return fail(at, `has ${count} items that fit "contains", fewer than ${least}`)
    return count <= most || fail(at, `has ${count} items that fit "contains", more than ${most}`)
  },
}

/** Keywords for what no other keyword has looked at: applied last (core 2020-12, 11). */
export const UNEVALUATED: Readonly<Record<string, Rule>> = {
  unevaluatedItems(operand, { value, at, run, seen }) {
    if (!Array.isArray(value) || !seen) return true
    const left: number[] = []
    for (let i = seen.itemsTo; i < value.length; i++) if (!seen.items.has(i)) left.push(i)
    run.meter.spend(value.length / 10)
    seen.itemsTo = value.length
    return every(left, at, (i) => run.holds(operand as Schema, value[i], within(at, i), undefined))
  },
  unevaluatedProperties(operand, check) {
    const { value, at, run, seen } = check
    if (!isObject(value) || !seen) return true
    const names = seen.allProperties ? [] : Object.keys(value).filter((name) => !seen.properties.has(name))
    run.meter.spend(names.length / 10)
    seen.allProperties = true
    return every(names, at, (name) => run.holds(operand as Schema, value[name], within(at, name), undefined))
  },
}
