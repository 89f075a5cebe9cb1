/**
 * A place in protobuf bytes (https://protobuf.dev/programming-guides/encoding/). The first fault stays in `broken` and
 * moves the place to the end, so that every loop ends and nothing is thrown: hostile input is a value.
 *
 * `pbf` would read this too, but it checks no bounds: a body that breaks off gives zeros instead of a fault, a nested
 * length may reach out of its message, and fixed64 loses the nanoseconds.
 */
export interface Cursor {
  readonly bytes: Uint8Array
  readonly view: DataView
  pos: number
  end: number
  broken: string | null
}

export const WIRE_TYPE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/** Seven bytes of a varint have 49 bits, which a number adds up exactly. */
const EXACT_VARINT_BYTES = 7
const MAX_VARINT_BYTES = 10

export function cursorOf(bytes: Uint8Array): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { bytes, view, pos: 0, end: bytes.length, broken: null }
}

/** The same bytes between two places: what breaks there does not break what is around it. */
export function within(cursor: Cursor, pos: number, end: number): Cursor {
  return { bytes: cursor.bytes, view: cursor.view, pos, end, broken: null }
}

export function breakOff(cursor: Cursor, what: string): void {
  cursor.broken ??= `${what} at byte ${cursor.pos}`
  cursor.pos = cursor.end
}

/** An unsigned varint; inexact beyond 2^53, where it is no tag and no length. */
export function readVarint(cursor: Cursor): number {
  const value = readExactVarint(cursor)
  return value < 0 ? Number(readInt64Bits(cursor)) : value
}

/** A signed int64: a number where that is exact, else decimal text. */
export function readInt64(cursor: Cursor): number | string {
  const value = readExactVarint(cursor)
  if (value >= 0) return value
  const signed = BigInt.asIntN(64, readInt64Bits(cursor))
  const number = Number(signed)
  return Number.isSafeInteger(number) ? number : signed.toString()
}

/** The low 32 bits of a varint, unsigned. */
export function readUint32(cursor: Cursor): number {
  const value = readInt64(cursor)
  return typeof value === 'number' ? value >>> 0 : Number(BigInt.asUintN(32, BigInt(value)))
}

/** -1, and no move, where the varint is longer or breaks off. */
function readExactVarint(cursor: Cursor): number {
  const { bytes, pos } = cursor
  const last = Math.min(cursor.end, pos + EXACT_VARINT_BYTES)
  let value = 0
  let unit = 1
  for (let at = pos; at < last; at++) {
    const byte = bytes[at]!
    value += (byte & 0x7f) * unit
    unit *= 128
    if (byte < 0x80) {
      cursor.pos = at + 1
      return value
    }
  }
  return -1
}

function readInt64Bits(cursor: Cursor): bigint {
  const { bytes, pos, end } = cursor
  let value = 0n
  for (let at = pos; at < end && at < pos + MAX_VARINT_BYTES; at++) {
    const byte = bytes[at]!
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - pos))
    if (byte < 0x80) {
      cursor.pos = at + 1
      return BigInt.asUintN(64, value)
    }
  }
  breakOff(cursor, 'a varint breaks off')
  return 0n
}

/** Moves past `size` bytes and gives where they begin, -1 where they are not there. */
export function take(cursor: Cursor, size: number): number {
  const { pos } = cursor
  if (size > cursor.end - pos) {
    breakOff(cursor, `${size} bytes are needed where ${cursor.end - pos} are left`)
    return -1
  }
  cursor.pos = pos + size
  return pos
}

/** Moves past a length and gives the end of what it spans, which begins at `cursor.pos`; -1 where it is not there. */
export function readLength(cursor: Cursor): number {
  const size = readVarint(cursor)
  if (cursor.broken !== null) return -1
  if (size <= cursor.end - cursor.pos) return cursor.pos + size
  breakOff(cursor, `${size} bytes are needed where ${cursor.end - cursor.pos} are left`)
  return -1
}

/** Moves past a tag. Its wire type is in the three low bits; 0 where none is left, or the tag is none. */
export function readTag(cursor: Cursor): number {
  if (cursor.pos >= cursor.end) return 0
  const at = cursor.pos
  const tag = readVarint(cursor)
  if (cursor.broken === null && tag >= 8 && tag <= 0xff_ff_ff_ff) return tag
  cursor.pos = at
  breakOff(cursor, 'a tag has no valid field number')
  return 0
}

/** Moves past the value of a field that nobody reads. */
export function skip(cursor: Cursor, wireType: number): void {
  if (wireType === WIRE_TYPE.varint) readInt64(cursor)
  else if (wireType === WIRE_TYPE.fixed64) take(cursor, 8)
  else if (wireType === WIRE_TYPE.fixed32) take(cursor, 4)
  else if (wireType !== WIRE_TYPE.bytes) breakOff(cursor, `wire type ${wireType} is not of proto3`)
  else {
    const end = readLength(cursor)
    if (end >= 0) cursor.pos = end
  }
}
