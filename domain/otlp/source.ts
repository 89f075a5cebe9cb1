import type { JsonObject } from '../providers/json-object.ts'

/** A message in OTLP/JSON form, whichever encoding it came in. */
export interface RawMessage {
  value: JsonObject
  /** Some text in it was not UTF-8. */
  lossy: boolean
  /** Fields that were left out since there are too many. */
  omitted: number
}

/** A list that is read one by one, so that no more than one record is in memory twice. */
export interface RawList<Item> {
  /** Moves to the next; false at the end. */
  next: () => boolean
  /** The one last moved to; null where it is malformed. */
  current: () => Item | null
  /** Whether the list broke off before its end. */
  broken: () => boolean
}

/** A ResourceSpans with its ScopeSpans, or a ScopeSpans with its spans; logs alike. */
export interface RawGroup<Item> {
  /** All but the list. */
  head: RawMessage
  /** Whether the head could be read to its end. */
  whole: boolean
  list: RawList<Item>
}

/** A request as both encodings give it. */
export type RawRequest =
  | { resources: RawList<RawGroup<RawGroup<RawMessage>>>; otherSignal: boolean }
  | { undecodable: string }
