import { canonicalJson } from '../../hash.ts'
import type { Json } from '../../json.ts'

/** One difference between two versions of a workflow. */
export interface Change {
  /** The place in the definition; gates by name, as in `stages.promote.gates.no-regression.margin`. */
  at: string
  kind: 'added' | 'removed' | 'changed'
  before: Json
  after: Json
  /** Whether something that was stopped, or seen, may now not be. */
  weaker: boolean
  /** Why it is weaker. */
  reason: string | null
  /** The stage and the gate that it is about, if any. */
  stage: string | null
  gate: string | null
}

/** Where a comparison is: the path of what it looks at, and the stage and gate that it belongs to. */
export interface Place {
  path: readonly string[]
  stage?: string
  gate?: string
}

export function change(
  { path, stage, gate }: Place,
  before: Json | undefined,
  after: Json | undefined,
  reason: string | null = null,
): Change {
  return {
    at: path.join('.'),
    kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    before: before ?? null,
    after: after ?? null,
    weaker: reason !== null,
    reason,
    stage: stage ?? null,
    gate: gate ?? null,
  }
}

export function isEqual(before: Json | undefined, after: Json | undefined): boolean {
  return before === undefined || after === undefined
    ? before === after
    : canonicalJson(before) === canonicalJson(after)
}

export interface LeafPair {
  path: readonly string[]
  before: Json | undefined
  after: Json | undefined
}

/** The places in which two values differ. Lists are compared whole, and so is what only one side has. */
export function differingLeaves(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[] = [],
): LeafPair[] {
  if (isEqual(before, after)) return []
  if (!isRecord(before) || !isRecord(after)) return [{ path, before, after }]
  return keysOf(before, after).flatMap((key) =>
    differingLeaves(ownOf(before, key), ownOf(after, key), [...path, key]),
  )
}

function isRecord(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Keys of two records, each once: those of the first in its order, then those that only the second has. */
export function keysOf(before: object | undefined, after: object | undefined): string[] {
  return [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
}

export function ownOf<T>(record: Record<string, T> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined
}
