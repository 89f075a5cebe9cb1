import { isScalar } from '../json.ts'
import { isDeeperThan } from '../nesting.ts'
import { own } from '../own.ts'
import { isObject, parsed } from '../providers/json-object.ts'
import type { Attributes } from './span.ts'

/** Characters of what names something: it becomes a column, and its sender chooses it. */
export const MAX_NAME = 256
/** Items of any list: messages, documents, tools. What is beyond is in the original. */
export const MAX_ITEMS = 1_000
/** Nesting of what is read as JSON, and written as it again: `JSON.stringify` calls itself, and would overflow. */
export const MAX_DEPTH = 100

/** The first of the attributes that is there, and not empty. */
export function first(attributes: Attributes, ...names: readonly string[]): unknown {
  for (const name of names) {
    const value = own(attributes, name)
    if (!isEmpty(value)) return value
  }
  return undefined
}

/** Empty OTLP values are usual: traceAI's exporters write `{}`. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** A name, an id or a model: a scalar as text, cut to `MAX_NAME`. */
export function nameOf(value: unknown): string | null {
  if (!isScalar(value)) return null
  return String(value).slice(0, MAX_NAME).trim().toWellFormed() || null
}

/** The first that is a name. */
export function nameIn(attributes: Attributes, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = nameOf(own(attributes, name))
    if (value !== null) return value
  }
  return null
}

/** A value as text: a text as it is, all else as JSON; null where there is none. */
export function textOf(value: unknown): string | null {
  if (isEmpty(value)) return null
  if (typeof value === 'string') return value
  if (isDeeperThan(MAX_DEPTH, value)) return null
  return JSON.stringify(value) ?? null
}

export function textIn(attributes: Attributes, ...names: readonly string[]): string | null {
  return textOf(first(attributes, ...names))
}

/** Some clients send numbers as text; int64 is text in OTLP's JSON. */
const NUMBER = /^\d{1,15}(?:\.\d{1,15})?$/

/** A number of at least 0: counts, costs and times are. */
export function amountOf(value: unknown): number | null {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value
  // JSON has -0, which equals 0 and is written as it.
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number + 0 : null
}

/** The first that is a number of at least 0. */
export function amountIn(attributes: Attributes, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = amountOf(own(attributes, name))
    if (value !== null) return value
  }
  return null
}

/** The first that is a whole number of at least 0. */
export function countIn(attributes: Attributes, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = amountOf(own(attributes, name))
    if (Number.isSafeInteger(value)) return value
  }
  return null
}

/** The value of a JSON text that holds a list or an object; any other value as it is, and a text that is too deep. */
export function structured(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  const json = parsed(value)
  return json === undefined || isDeeperThan(MAX_DEPTH, json) ? value : json
}

/** The items of a list, which may be JSON text; one value is a list of it. Items may be JSON texts themselves. */
export function listOf(value: unknown): unknown[] {
  const list = structured(value)
  if (isEmpty(list)) return []
  return (Array.isArray(list) ? list.slice(0, MAX_ITEMS) : [list]).map(structured)
}

/** The texts of a list, which may be JSON text. */
export function namesOf(value: unknown): string[] {
  return listOf(value).flatMap((item) => nameOf(item) ?? [])
}

/** An object, which may be JSON text; else an empty one. */
export function recordOf(value: unknown): Attributes {
  const record = structured(value)
  return isObject(record) ? record : {}
}
