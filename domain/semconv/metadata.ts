import { isScalar } from '../json.ts'
import { own } from '../own.ts'
import { isEmpty, nameOf, recordOf, textOf } from './attribute.ts'
import { unflattened } from './flattened.ts'
import type { Attributes } from './span.ts'

/** Fields of a span's metadata, and characters of a value: rules and slices look at them, the original has all. */
const MAX_FIELDS = 64
const MAX_VALUE = 1_000

/** Names by which metadata tells a session, a user and a cohort where no attribute does. */
const SESSION = ['session_id', 'sessionId', 'session.id', 'conversation_id', 'conversationId', 'thread_id']
const USER = ['user_id', 'userId', 'user.id']
const COHORT = ['cohort']

/** Metadata as texts: scalars, and JSON of what is nested. */
export type Metadata = Record<string, string>

/** Of an object, of JSON text, or flattened below a name (`metadata.cohort`); names of the object first. */
export function metadataIn(attributes: Attributes, name: string): Metadata {
  return metadataOf({
    ...unflattened(attributes, name),
    ...recordOf(own(attributes, name)),
  })
}

/** The first records count more: a name that an earlier one has stays. */
export function mergedMetadata(records: readonly Metadata[]): Metadata {
  const merged = new Map<string, string>()
  for (const record of records)
    for (const [name, value] of Object.entries(record))
      if (!merged.has(name) && merged.size < MAX_FIELDS) merged.set(name, value)
  return Object.fromEntries(merged)
}

export function sessionIn(metadata: Metadata): string | null {
  return named(metadata, SESSION)
}

export function userIn(metadata: Metadata): string | null {
  return named(metadata, USER)
}

export function cohortIn(metadata: Metadata): string | null {
  return named(metadata, COHORT)
}

function metadataOf(fields: Attributes): Metadata {
  const kept: [string, string][] = []
  for (const [name, value] of Object.entries(fields)) {
    if (kept.length === MAX_FIELDS) break
    // Assigned to an object by whoever reads it next, it would change that object's prototype.
    if (name === '__proto__' || isEmpty(value)) continue
    const text = isScalar(value) ? String(value) : textOf(value)
    const field = nameOf(name)
    if (text !== null && field !== null) kept.push([field, text.slice(0, MAX_VALUE).toWellFormed()])
  }
  return Object.fromEntries(kept)
}

function named(metadata: Metadata, names: readonly string[]): string | null {
  for (const name of names) {
    const value = nameOf(own(metadata, name))
    if (value !== null) return value
  }
  return null
}
