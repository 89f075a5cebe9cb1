import { Format } from 'typebox/format'
import { MAX_FORMAT_CHARS } from '../../limits.ts'
import { type Rule, fail } from './check.ts'
import { canonical, characters, isMultipleOf, isObject, shown, typeOf } from './value.ts'

/** A rule for numbers; other values pass. */
function ofNumber(holds: (value: number, limit: number) => boolean, complaint: string): Rule {
  return (operand, { value, at }) =>
    typeof value !== 'number' ||
    holds(value, Number(operand)) ||
    fail(at, `${shown(value)} is ${complaint} ${shown(operand)}`)
}

/** A rule for how much there is of something; undefined where the value is of another kind. */
function ofSize(size: (value: unknown) => number | undefined, noun: string, most: boolean): Rule {
  return (operand, { value, at, run }) => {
    const count = size(value)
    if (count === undefined) return true
    run.meter.spend(count / 100)
    if (most ? count <= Number(operand) : count >= Number(operand)) return true
    return fail(at, `${shown(value)} has ${count} ${noun}, ${most ? 'more' : 'fewer'} than ${shown(operand)}`)
  }
}

const length = (value: unknown) => (typeof value === 'string' ? characters(value) : undefined)
const items = (value: unknown) => (Array.isArray(value) ? value.length : undefined)
const properties = (value: unknown) => (isObject(value) ? Object.keys(value).length : undefined)

/** Keywords that look at the value itself (validation 2020-12, 6). */
export const ASSERTIONS: Readonly<Record<string, Rule>> = {
  type(operand, { value, at }) {
    const type = typeOf(value)
    const allowed: unknown[] = Array.isArray(operand) ? operand : [operand]
    if (allowed.includes(type) || (type === 'integer' && allowed.includes('number'))) return true
    const found = typeof value === 'object' ? '' : `${shown(value)} `
    const wanted = allowed.map((name) => article(String(name))).join(' or ')
    return fail(at, `${found}is ${article(type)}, not ${wanted}`)
  },
  enum(operand, { value, at, run }) {
    const allowed = Array.isArray(operand) ? operand : []
    const known = run.enums.get(operand) ?? new Set(allowed.map((one) => canonical(one, run.meter)))
    run.enums.set(operand, known)
    if (known.has(canonical(value, run.meter))) return true
    const more = allowed.length > 5 ? ` and ${allowed.length - 5} more` : ''
    return fail(at, `${shown(value)} is none of ${allowed.slice(0, 5).map(named).join(', ')}${more}`)
  },
  const: (operand, { value, at, run }) =>
    canonical(operand, run.meter) === canonical(value, run.meter) ||
    fail(at, `${shown(value)} is not ${named(operand)}`),
  multipleOf: ofNumber(isMultipleOf, 'not a multiple of'),
  maximum: ofNumber((value, limit) => value <= limit, 'greater than'),
  exclusiveMaximum: ofNumber((value, limit) => value < limit, 'not less than'),
  minimum: ofNumber((value, limit) => value >= limit, 'less than'),
  exclusiveMinimum: ofNumber((value, limit) => value > limit, 'not greater than'),
  maxLength: ofSize(length, 'characters', true),
  minLength: ofSize(length, 'characters', false),
  maxItems: ofSize(items, 'items', true),
  minItems: ofSize(items, 'items', false),
  maxProperties: ofSize(properties, 'properties', true),
  minProperties: ofSize(properties, 'properties', false),
  pattern: (operand, { value, at, run }) =>
    typeof value !== 'string' ||
    run.matches(String(operand), value) ||
    fail(at, `${shown(value)} does not match the pattern ${String(operand).slice(0, 100)}`),
  uniqueItems(operand, { value, at, run }) {
    if (operand !== true || !Array.isArray(value)) return true
    const first = new Map<string, number>()
    for (const [index, item] of value.entries()) {
      const text = canonical(item, run.meter)
      const same = first.get(text)
      if (same !== undefined) return fail(at, `items ${same} and ${index} are the same`)
      first.set(text, index)
    }
    return true
  },
  required(operand, { value, at, run }) {
    if (!isObject(value) || !Array.isArray(operand)) return true
    run.meter.spend(operand.length / 10)
    const lacking = operand.filter((name) => !Object.hasOwn(value, name))
    for (const name of lacking) fail(at, `${shown(name)} is missing`)
    return lacking.length === 0
  },
  dependentRequired(operand, { value, at, run }) {
    if (!isObject(value) || !isObject(operand)) return true
    let ok = true
    for (const [name, needed] of Object.entries(operand)) {
      run.meter.spend(1)
      if (!Object.hasOwn(value, name) || !Array.isArray(needed)) continue
      const lacking = needed.filter((other) => !Object.hasOwn(value, other))
      for (const other of lacking) ok = fail(at, `${shown(other)} is missing, which ${shown(name)} needs`)
    }
    return ok
  },
}

/** `format`, where it decides. Formats that are unknown pass, as the drafts say. */
export const formatRule: Rule = (operand, { value, at, run }) => {
  if (!run.formats && !at.resource.dialect.assertsFormats) return true
  const format = String(operand)
  if (typeof value !== 'string' || !Format.Has(format)) return true
  run.meter.spend(1 + value.length)
  if (value.length > MAX_FORMAT_CHARS)
    return fail(at, `is longer than ${MAX_FORMAT_CHARS} characters, too long for the format ${format}`)
  return Format.Test(format, value) || fail(at, `${shown(value)} is not of the format ${format}`)
}

/** A value of the schema as an error names it. */
function named(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value).slice(0, 60) : shown(value)
}

function article(type: string): string {
  if (type === 'null') return type
  return `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`
}
