import { expect, test } from 'vitest'
import { cursorOf } from './cursor.ts'
import { decodeMessage, walkMessages } from './decode.ts'
import { encodeMessage } from './encode.ts'
import { schema, type Schema } from './schema.ts'

const nested = (): Schema => NESTED
const NESTED = schema({ child: [1, nested], name: [2, 'string'], list: [3, [nested]] })
const ALL = schema({
  string: [1, 'string'],
  bytes: [2, 'bytes'],
  id: [3, 'id'],
  bool: [4, 'bool'],
  uint32: [5, 'uint32'],
  enum: [6, 'enum'],
  int64: [7, 'int64'],
  fixed32: [8, 'fixed32'],
  fixed64: [9, 'fixed64'],
  double: [10, 'double'],
})
const ROOMY = { fields: 100, depth: 100 }
const decode = (bytes: Uint8Array | number[], of: Schema, bounds = ROOMY) =>
  decodeMessage(cursorOf(Uint8Array.from(bytes)), of, bounds)

test('every type comes back as JSON has it', () => {
  const message = {
    string: 'grüße',
    bytes: 'AP+A',
    id: '00ff',
    bool: true,
    uint32: 4_294_967_295,
    enum: -1,
    int64: '-9223372036854775808',
    fixed32: 4_294_967_295,
    fixed64: '18446744073709551615',
    double: 'NaN',
  }
  const read = decode(encodeMessage(ALL, message), ALL)
  expect(read).toEqual({ value: message, broken: null, lossy: false, omitted: 0 })
})

test('the bytes are those of the protobuf guide', () => {
  // https://protobuf.dev/programming-guides/encoding/: "testing" in field 2, and a message with 150 in field 3.
  expect([...encodeMessage(NESTED, { name: 'testing' })]).toEqual([
    0x12, 7, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
  ])
  const outer = schema({ c: [3, () => schema({ a: [1, 'uint32'] })] })
  expect([...encodeMessage(outer, { c: { a: 150 } })]).toEqual([0x1a, 3, 0x08, 0x96, 0x01])
})

test('unknown fields, and fields of another wire type, are passed over', () => {
  expect(decode([0x78, 1, 0x10, 5, 0x12, 1, 0x61], NESTED).value).toEqual({ name: 'a' })
})

test('the last of two single fields counts', () => {
  expect(decode([0x12, 1, 0x61, 0x12, 1, 0x62], NESTED).value).toEqual({ name: 'b' })
})

test('a nested message cannot reach out of the one around it', () => {
  // A child of two bytes, whose name claims five: they are there, but not in the child.
  const read = decode([0x0a, 2, 0x12, 5, 0x61, 0x61, 0x61, 0x61, 0x61], NESTED)
  expect(read.broken).toBe('5 bytes are needed where 0 are left at byte 4')
})

test('text that is not UTF-8 is readable and told', () => {
  const read = decode([0x12, 3, 0x61, 0xff, 0x62], NESTED)
  expect([read.value, read.lossy]).toEqual([{ name: 'a\uFFFDb' }, true])
})

test('fields beyond the bounds are left out, levels below are empty', () => {
  const wide = Uint8Array.from(Array.from({ length: 10 }, () => [0x1a, 0]).flat())
  const read = decode(wide, NESTED, { fields: 4, depth: 9 })
  expect([(read.value.list as unknown[]).length, read.omitted]).toEqual([4, 6])
  const deep = encodeMessage(NESTED, { child: { child: { child: { name: 'x' } } } })
  expect(decode(deep, NESTED, { fields: 9, depth: 3 }).value).toEqual({ child: { child: { child: {} } } })
})

test('a walk gives each message, and says where it broke off', () => {
  const walk = walkMessages(cursorOf(Uint8Array.from([0x1a, 0, 0x12, 1, 0x61, 0x1a, 2, 0x0a, 0, 0x1a, 9])), 3)
  const sizes: number[] = []
  while (walk.next()) sizes.push(walk.current().end - walk.current().pos)
  expect([sizes, walk.broken()]).toEqual([[0, 2], '9 bytes are needed where 0 are left at byte 11'])
})
