import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSafetensors, writeSafetensors } from './safetensors.ts'

test('what is written is read back, bit by bit', () => {
  const tensor = fc.float32Array().map((values) => ({ shape: [values.length], values }))
  const names = fc.stringMatching(/^[a-z.]{1,12}$/)
  fc.assert(
    fc.property(fc.dictionary(names, tensor), fc.dictionary(names, fc.string()), (tensors, metadata) => {
      const bytes = writeSafetensors({ metadata, tensors })
      // As a Buffer too: its `slice` shares memory, and its offset in the pool need not be aligned.
      for (const read of [readSafetensors(bytes), readSafetensors(Buffer.from(bytes))]) {
        expect({ ...read.metadata }).toEqual({ ...metadata })
        expect({ ...read.tensors }).toEqual({ ...tensors })
      }
    }),
  )
})

test('the header is what the format says', () => {
  const bytes = writeSafetensors({
    metadata: { a: 'b' },
    tensors: { w: { shape: [1, 2], values: Float32Array.of(1, 2) } },
  })
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
  expect(length % 8).toBe(0)
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
    __metadata__: { a: 'b' },
    w: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
  })
  expect(bytes.length).toBe(8 + length + 8)
})

test('a truncated file and a wrong shape are refused by name', () => {
  const bytes = writeSafetensors({
    metadata: {},
    tensors: { w: { shape: [2], values: Float32Array.of(1, 2) } },
  })
  expect(() => readSafetensors(bytes.subarray(0, bytes.length - 1))).toThrow('tensor w')
  expect(() => readSafetensors(bytes.subarray(0, 5))).toThrow('shorter than its 8-byte header length')
  expect(() => readSafetensors(bytes.subarray(0, 20))).toThrow('does not fit')
})
