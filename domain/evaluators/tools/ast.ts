import type { ExpectedToolCall, ToolCall } from '../../dataset/tool-call.ts'
import type { Json } from '../../json.ts'
import { MAX_JSON_DEPTH } from '../limits.ts'

/**
 * Texts are the same when they differ in case, spaces, `,./-_*^` or the kind of quote: `April 1, 2024` is `april 1 2024`.
 * The rule of the Berkeley Function-Calling Leaderboard's AST checker (`standardize_string`).
 */
export function standardText(text: string): string {
  return text
    .replace(/[\s,./\-_*^]/g, '')
    .toLowerCase()
    .replaceAll("'", '"')
}

/** The API of OpenAI allows no dot in a name: `math.hypot` comes back as `math_hypot`. */
export function sameName(a: string, b: string): boolean {
  return a === b || a.replaceAll('.', '_') === b.replaceAll('.', '_')
}

/**
 * Whether two JSON values are the same argument: texts by `standardText`, numbers by value (JSON knows no difference of
 * 5 and 5.0), lists item by item in order, objects by their keys in any order. `"5"` is not 5.
 */
export function sameValue(given: Json, accepted: Json, depth = 0): boolean {
  if (depth > MAX_JSON_DEPTH) return false
  if (typeof given === 'string' && typeof accepted === 'string')
    return standardText(given) === standardText(accepted)
  if (Array.isArray(given))
    return (
      Array.isArray(accepted) &&
      given.length === accepted.length &&
      given.every((item, index) => sameValue(item, accepted[index] as Json, depth + 1))
    )
  if (isObject(given)) return isObject(accepted) && sameObject(given, accepted, depth)
  return given === accepted
}

type JsonObject = Record<string, Json>

function sameObject(given: JsonObject, accepted: JsonObject, depth: number): boolean {
  return (
    Object.keys(given).every((key) => Object.hasOwn(accepted, key)) &&
    Object.entries(accepted).every(([key, wanted]) =>
      Object.hasOwn(given, key)
        ? fieldMatches(given[key] as Json, wanted, depth + 1)
        : Array.isArray(wanted) && wanted.includes(''),
    )
  )
}

/** A field of an accepted object: one of the values listed, or the value itself. */
function fieldMatches(given: Json, wanted: Json, depth: number): boolean {
  return (
    sameValue(given, wanted, depth) ||
    (Array.isArray(wanted) && wanted.some((one) => sameValue(given, one, depth)))
  )
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The arguments of a call held against those of a call that is due. */
export interface ArgumentMatch {
  right: number
  /** Arguments given or due; an optional one that is left out is neither. */
  total: number
  missing: string[]
  unknown: string[]
  wrong: string[]
}

/** `required` names what the tool's schema does not let be left out, whatever `due` says. */
export function matchArguments(
  call: ToolCall,
  due: ExpectedToolCall,
  required: readonly string[] = [],
): ArgumentMatch {
  const match: ArgumentMatch = { right: 0, total: 0, missing: [], unknown: [], wrong: [] }
  for (const [key, value] of Object.entries(call.arguments)) {
    match.total += 1
    if (!Object.hasOwn(due.arguments, key)) match.unknown.push(key)
    else if (due.arguments[key]?.some((accepted) => sameValue(value, accepted))) match.right += 1
    else match.wrong.push(key)
  }
  for (const key of Object.keys(due.arguments)) {
    const mayMiss = (due.optional ?? []).includes(key) && !required.includes(key)
    if (Object.hasOwn(call.arguments, key) || mayMiss) continue
    match.total += 1
    match.missing.push(key)
  }
  return match
}

/** Share of right arguments; 1 for a call that needs none and gives none. */
export function matchShare({ right, total }: ArgumentMatch): number {
  return total === 0 ? 1 : right / total
}
