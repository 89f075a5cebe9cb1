import * as z from 'zod'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** Size of a value as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length
}

/**
 * Any JSON value, where the text around it was parsed as JSON already. `z.json()` would check the same again, and is
 * recursive, which no generator of OpenAPI documents follows to an end.
 */
export const Json: z.ZodType<Json> = z.any()
