import type { Meter } from './meter.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Names of JSON, with `integer` apart (any number without a fraction, as all drafts since 6 say). */
export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object'

export function typeOf(value: unknown): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value === 'string') return 'string'
  return typeof value === 'boolean' ? 'boolean' : 'object'
}

/** The same text for equal values only, whatever the order of keys: equality of many values costs a lookup each. */
export function canonical(value: unknown, meter: Meter): string {
  const text = canonicalText(value, meter)
  meter.spend(text.length / 100)
  return text
}

function canonicalText(value: unknown, meter: Meter): string {
  if (typeof value !== 'object' || value === null)
    return JSON.stringify(value === 0 ? 0 : value) ?? 'undefined'
  meter.spend(1)
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, meter)).join(',')}]`
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalText(field, meter)}`).join(',')}}`
}

/** Whether a number is a whole multiple of another: exact, over the decimals that they are written with. */
export function isMultipleOf(value: number, divisor: number): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0
  const [a, b] = [decimal(value), decimal(divisor)]
  const exponent = Math.min(a.exponent, b.exponent)
  const scaled = (one: Decimal) => one.digits * 10n ** BigInt(one.exponent - exponent)
  return scaled(a) % scaled(b) === 0n
}

interface Decimal {
  digits: bigint
  exponent: number
}

function decimal(value: number): Decimal {
  const [, whole = '0', fraction = '', exponent = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? []
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

/** Length in Unicode characters, as `minLength` and `maxLength` count: a surrogate pair is one. */
export function characters(text: string): number {
  let pairs = 0
  for (let i = 1; i < text.length; i++) {
    const low = text.charCodeAt(i)
    if (low < 0xdc00 || low > 0xdfff) continue
    const high = text.charCodeAt(i - 1)
    if (high >= 0xd800 && high <= 0xdbff) pairs++
  }
  return text.length - pairs
}

/** A value as an error names it. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'the array'
  if (isObject(value)) return 'the object'
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
