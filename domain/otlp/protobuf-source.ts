import type { OtlpLimits } from './limits.ts'
import type { RawList, RawMessage, RawRequest } from './source.ts'
import { cursorOf, within, type Cursor } from './wire/cursor.ts'
import { decodeMessage, walkMessages } from './wire/decode.ts'
import { GROUP_LIST_FIELD, REQUEST_LIST_FIELD, RESOURCE_HEAD, SCOPE_HEAD } from './wire/messages.ts'
import type { Schema } from './wire/schema.ts'

/** Span, event, attribute; a value in a map takes three more: AnyValue, KeyValueList, KeyValue. */
const LEVELS_AROUND_VALUE = 4
const LEVELS_PER_VALUE = 3

/**
 * A protobuf body. A span that is malformed within its length costs itself; a body that breaks off between its
 * ResourceSpans is refused whole, since nobody can say what is missing.
 */
export function protobufRequest(body: Uint8Array, record: Schema, limits: OtlpLimits): RawRequest {
  const cursor = cursorOf(body)
  const broken = brokenBetween(cursor)
  if (broken !== null) return { undecodable: `The body is not a protobuf message: ${broken}.` }
  // One level more than is read, so that what is too deep is seen.
  const bounds = {
    fields: limits.fieldsPerRecord,
    depth: LEVELS_AROUND_VALUE + LEVELS_PER_VALUE * (limits.valueDepth + 1),
  }
  const message = (at: Cursor): RawMessage | null => {
    const { broken, ...decoded } = decodeMessage(at, record, bounds)
    return broken === null ? decoded : null
  }
  const group =
    <Item>(head: Schema, read: (at: Cursor) => Item | null) =>
    (at: Cursor) => {
      // A pass of its own, before the list: protobuf lets fields stand in any order.
      const { broken, ...decoded } = decodeMessage(within(at, at.pos, at.end), head, bounds)
      return { head: decoded, whole: broken === null, list: list(at, GROUP_LIST_FIELD, read) }
    }
  return {
    resources: list(cursor, REQUEST_LIST_FIELD, group(RESOURCE_HEAD, group(SCOPE_HEAD, message))),
    otherSignal: false,
  }
}

function brokenBetween(cursor: Cursor): string | null {
  const walk = walkMessages(cursor, REQUEST_LIST_FIELD)
  while (walk.next());
  return walk.broken()
}

function list<Item>(at: Cursor, field: number, read: (at: Cursor) => Item | null): RawList<Item> {
  const { next, current, broken } = walkMessages(at, field)
  return { next, current: () => read(current()), broken: () => broken() !== null }
}
