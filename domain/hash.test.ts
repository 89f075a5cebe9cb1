import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, contentHash, hash52, sha256Hex } from './hash.ts'

// FIPS 180-4 examples: https://csrc.nist.gov/csrc/media/projects/cryptographic-standards-and-guidelines/documents/examples/sha256.pdf
test('SHA-256 gives the published digests, for text and bytes alike', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(sha256Hex('abc')).toBe(abc)
  expect(sha256Hex(new Uint8Array([97, 98, 99]))).toBe(abc)
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

// RFC 8785, section 3.2.2 and 3.2.3.
test('canonical JSON is that of the RFC', () => {
  const value = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27],
    '€': 1,
    '\r': 2,
    '1': 3,
    literals: [null, true],
  }
  expect(canonicalJson(value)).toBe(
    '{"\\r":2,"1":3,"literals":[null,true],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"€":1}',
  )
})

test('the order of keys plays no part in the identity of a value, and any change of it does', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).toReversed())
      expect(contentHash(reversed)).toBe(contentHash(value))
      expect(contentHash({ ...value, added: 1 })).not.toBe(contentHash({ ...value, added: 2 }))
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('a sampling key is a whole number that JavaScript keeps exactly, the same for the same text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(Number.isSafeInteger(hash52(text))).toBe(true)
      expect(hash52(text)).toBeLessThan(2 ** 52)
    }),
  )
  expect(hash52('abc')).toBe(0xba7816bf8f01c)
})
