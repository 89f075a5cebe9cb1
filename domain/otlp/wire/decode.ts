import { bytesToHex } from '@noble/hashes/utils.js'
import type { JsonObject } from '../../providers/json-object.ts'
import { toBase64 } from './base64.ts'
import { readInt64, readLength, readTag, readUint32, skip, take, within, type Cursor } from './cursor.ts'
import type { Schema, ScalarType } from './schema.ts'
import { utf8 } from './utf8.ts'

/** A message as `JSON.parse` would give it from OTLP/JSON, so that both encodings are checked by the same code. */
export interface WireMessage {
  value: JsonObject
  /** Why it cannot be read; what stood before is in `value`. */
  broken: string | null
  /** A text was not UTF-8: what cannot be read is U+FFFD. */
  lossy: boolean
  /** Fields beyond `fields`, which are left out. */
  omitted: number
}

export interface WireBounds {
  /** Known fields of this message and all that are nested in it. */
  fields: number
  /** Levels of messages; what is deeper is an empty message. */
  depth: number
}

/** The longest id has 16 bytes: one more shows that it is too long. */
const ID_BYTES_READ = 17

/** Reads the message between the cursor and its end. A field of another wire type counts as unknown, as in protobuf. */
export function decodeMessage(cursor: Cursor, schema: Schema, bounds: WireBounds): WireMessage {
  const message: WireMessage = { value: {}, broken: null, lossy: false, omitted: 0 }
  let left = bounds.fields
  const read = (at: Cursor, schema: Schema, depth: number): JsonObject => {
    let out: JsonObject = {}
    for (let tag = readTag(at); tag !== 0; tag = readTag(at)) {
      const wireType = tag & 7
      const field = schema.fields[tag >>> 3]
      if (field?.wireType !== wireType) {
        skip(at, wireType)
        continue
      }
      if (left <= 0) {
        message.omitted++
        skip(at, wireType)
        continue
      }
      left--
      if (schema.oneof) out = {}
      const { name, type } = field
      if (typeof type === 'string') {
        out[name] = scalar(at, type, message)
        continue
      }
      const end = readLength(at)
      if (end < 0) break
      const { end: outer } = at
      at.end = end
      const nested = depth <= 1 ? {} : read(at, type(), depth - 1)
      at.end = outer
      if (at.broken !== null) return out
      if (field.repeated) ((out[name] ??= []) as JsonObject[]).push(nested)
      else out[name] = nested
      at.pos = end
    }
    return out
  }
  message.value = read(cursor, schema, bounds.depth)
  message.broken = cursor.broken
  return message
}

function scalar(cursor: Cursor, type: ScalarType, message: WireMessage): unknown {
  if (type === 'fixed64' || type === 'double' || type === 'fixed32') return fixed(cursor, type)
  if (type === 'int64') return readInt64(cursor)
  if (type === 'bool') return readInt64(cursor) !== 0
  if (type === 'uint32') return readUint32(cursor)
  if (type === 'enum') return readUint32(cursor) | 0
  const end = readLength(cursor)
  if (end < 0) return null
  const start = cursor.pos
  cursor.pos = end
  if (type === 'string') return utf8(cursor.bytes, start, end, message)
  if (type === 'bytes') return toBase64(cursor.bytes.subarray(start, end))
  return bytesToHex(cursor.bytes.subarray(start, Math.min(end, start + ID_BYTES_READ)))
}

function fixed(cursor: Cursor, type: 'fixed32' | 'fixed64' | 'double'): unknown {
  const at = take(cursor, type === 'fixed32' ? 4 : 8)
  if (at < 0) return null
  if (type === 'fixed32') return cursor.view.getUint32(at, true)
  if (type === 'fixed64') return cursor.view.getBigUint64(at, true).toString()
  const double = cursor.view.getFloat64(at, true)
  return Number.isFinite(double) ? double : String(double)
}

/** Walks the messages of one repeated field without reading what is in them. */
export interface MessageWalk {
  next: () => boolean
  /** The message last moved to. */
  current: () => Cursor
  broken: () => string | null
}

export function walkMessages(cursor: Cursor, fieldNumber: number): MessageWalk {
  const at = within(cursor, cursor.pos, cursor.end)
  let start = at.pos
  const tagWanted = (fieldNumber << 3) | 2
  const next = (): boolean => {
    for (let tag = readTag(at); tag !== 0; tag = readTag(at)) {
      if (tag !== tagWanted) {
        skip(at, tag & 7)
        continue
      }
      const end = readLength(at)
      if (end < 0) return false
      start = at.pos
      at.pos = end
      return true
    }
    return false
  }
  return { next, current: () => within(at, start, at.pos), broken: () => at.broken }
}
