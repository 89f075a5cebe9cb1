import type { ExpectedToolCall, ToolCall } from '../../dataset/tool-call.ts'
import type { Json } from '../../json.ts'
import { bestAssignment } from '../tools/assignment.ts'
import { isObject, matchArguments, matchShare, sameName, standardText } from '../tools/ast.ts'
import { effectOf, isIdempotent } from './effect.ts'

/** Which tools change something, where their names do not tell. */
export interface EffectNames {
  changes: readonly string[]
  reads: readonly string[]
}

export interface EndState {
  /** Soft Jaccard of the calls made and those due. */
  score: number
  made: string[]
  due: string[]
  /** Calls due that were not made, or not as they are due. */
  left: string[]
  extra: string[]
}

/**
 * The calls that changed something held against those that are due: `S / (|made| + |due| − S)`, S = sum over the best
 * pairing of equal names of the share of right arguments; 1 when none is due and none was made. A call that failed changed
 * nothing, and one that sets or cancels leaves the same when it is made twice.
 */
export function compareEndState(
  calls: readonly ToolCall[],
  expected: readonly ExpectedToolCall[],
  names: EffectNames,
): EndState {
  const matters = ({ name }: { name: string }) => changesState(name, names)
  const made = distinct(calls.filter((call) => !call.failed && matters(call))).map(canonicalCall)
  const due = expected.filter(matters).map(canonicalExpected)
  const gains = made.map((call) =>
    due.map((wanted) => (sameName(call.name, wanted.name) ? matchShare(matchArguments(call, wanted)) : 0)),
  )
  const pairs = bestAssignment(gains)
  const gained = pairs.map((column, row) => (column === undefined ? 0 : (gains[row]?.[column] ?? 0)))
  const sum = gained.reduce((total, gain) => total + gain, 0)
  const union = made.length + due.length - sum
  const whole = new Set(pairs.filter((_, row) => gained[row] === 1))
  return {
    score: union === 0 ? 1 : sum / union,
    made: made.map(({ name }) => name),
    due: due.map(({ name }) => name),
    left: due.filter((_, column) => !whole.has(column)).map(({ name }) => name),
    extra: made.filter((_, row) => (gained[row] ?? 0) < 1).map(({ name }) => name),
  }
}

export function changesState(name: string, { changes, reads }: EffectNames): boolean {
  const isIn = (list: readonly string[]) => list.some((one) => sameName(one, name))
  if (isIn(changes)) return true
  return !isIn(reads) && effectOf(name) === 'changes'
}

function distinct(calls: readonly ToolCall[]): ToolCall[] {
  const seen = new Set<string>()
  return calls.filter((call) => {
    const key = JSON.stringify([call.name, canonical(call.arguments)])
    const isRepeat = seen.has(key) && isIdempotent(call.name)
    seen.add(key)
    return !isRepeat
  })
}

function canonicalCall(call: ToolCall): ToolCall {
  return { ...call, arguments: mapValues(call.arguments, canonical) }
}

function canonicalExpected(call: ExpectedToolCall): ExpectedToolCall {
  return { ...call, arguments: mapValues(call.arguments, (values) => values.map(canonical)) }
}

/** A value with its lists in one order: which item came first does not show in the state that a call leaves. */
function canonical(value: Json): Json {
  if (Array.isArray(value))
    return value
      .map(canonical)
      .map((item) => ({ item, key: keyOf(item) }))
      .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map(({ item }) => item)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, canonical(value[key] as Json)]),
  )
}

function keyOf(value: Json): string {
  return standardText(JSON.stringify(value))
}

function mapValues<T, U>(record: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}
