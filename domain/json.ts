import * as z from 'zod'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** A JSON value with every text in it replaced; names of fields stay. */
export function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, map)]))
}

/** Size of a value as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length
}

/**
 * Any JSON value, where the text around it was parsed as JSON already. `z.json()` would check the same again, and is
 * recursive, which no generator of OpenAPI documents follows to an end.
 */
export const Json: z.ZodType<Json> = z.any()
