import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cursorOf, readInt64, readLength, readTag, readUint32, readVarint, skip, take } from './cursor.ts'

const at = (...bytes: number[]) => cursorOf(Uint8Array.from(bytes))
const MINUS_ONE = [255, 255, 255, 255, 255, 255, 255, 255, 255, 1]

// 150 and -2 are the examples of https://protobuf.dev/programming-guides/encoding/.
test.for([
  [[0x96, 0x01], 150],
  [[0xfe, 255, 255, 255, 255, 255, 255, 255, 255, 1], -2],
  [MINUS_ONE, -1],
  [[0], 0],
  // 2^53 - 1, 2^53, 2^63 - 1, -2^63: what a number cannot hold is text.
  [[255, 255, 255, 255, 255, 255, 255, 15], Number.MAX_SAFE_INTEGER],
  [[128, 128, 128, 128, 128, 128, 128, 16], '9007199254740992'],
  [[255, 255, 255, 255, 255, 255, 255, 255, 127], '9223372036854775807'],
  [[128, 128, 128, 128, 128, 128, 128, 128, 128, 1], '-9223372036854775808'],
] as const)('%o is the int64 %s', ([bytes, value]) => {
  const cursor = at(...bytes)
  expect(readInt64(cursor)).toBe(value)
  expect([cursor.pos, cursor.broken]).toEqual([bytes.length, null])
})

test('of a longer varint a uint32 is the low 32 bits', () => {
  expect(readUint32(at(...MINUS_ONE))).toBe(0xff_ff_ff_ff)
  expect(readUint32(at(255, 255, 255, 255, 31))).toBe(0xff_ff_ff_ff)
  expect(readUint32(at(128, 128, 128, 128, 128, 128, 128, 128, 129, 1))).toBe(0)
})

describe('what is broken stays broken, and ends', () => {
  test('a varint without end, or of eleven bytes', () => {
    const open = at(0x80, 0x80)
    expect(readVarint(open)).toBe(0)
    expect([open.broken, open.pos]).toEqual(['a varint breaks off at byte 0', 2])
    const long = at(...Array.from({ length: 10 }, () => 0x80), 0)
    readInt64(long)
    expect(long.broken).toBe('a varint breaks off at byte 0')
  })

  test('a length beyond the end, or beyond any number', () => {
    const cursor = at(5, 1, 2)
    expect(readLength(cursor)).toBe(-1)
    expect(cursor.broken).toBe('5 bytes are needed where 2 are left at byte 1')
    expect(readLength(at(...MINUS_ONE, 1))).toBe(-1)
  })

  test('fixed values that are not all there', () => {
    const cursor = at(1, 2, 3)
    expect(take(cursor, 4)).toBe(-1)
    expect(cursor.broken).toBe('4 bytes are needed where 3 are left at byte 0')
  })

  test('tags of field 0, and beyond 29 bits', () => {
    for (const cursor of [at(0x02), at(...MINUS_ONE)]) {
      expect(readTag(cursor)).toBe(0)
      expect(cursor.broken).toBe('a tag has no valid field number at byte 0')
    }
  })

  test('groups, which proto3 has not', () => {
    const cursor = at(0x0b)
    skip(cursor, readTag(cursor) & 7)
    expect(cursor.broken).toBe('wire type 3 is not of proto3 at byte 1')
  })
})

test('whatever the bytes, a walk over fields comes to the end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const cursor = cursorOf(bytes)
      let steps = 0
      for (let tag = readTag(cursor); tag !== 0; tag = readTag(cursor)) {
        skip(cursor, tag & 7)
        steps++
      }
      expect(steps).toBeLessThanOrEqual(bytes.length)
      expect(cursor.pos).toBe(bytes.length)
    }),
  )
})
