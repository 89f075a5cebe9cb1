import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ARTIFACT_KINDS, Ref, formatRef, isVersion, parseRef, shortRef } from './ref.ts'

const version = 'ab'.repeat(32)

test('what is formatted is parsed back', () => {
  const names = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,79}$/)
  const versions = fc.oneof(fc.constant(version), fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/))
  fc.assert(
    fc.property(fc.constantFrom(...ARTIFACT_KINDS), names, versions, (kind, name, at) => {
      expect(parseRef(formatRef(kind, name, at))).toEqual({ kind, name, version: at })
    }),
  )
})

test.for([
  '',
  'model:m',
  'model:@production',
  'model:m@',
  'secret:m@production',
  'model:M@production',
  'model:m@a@b',
  ' model:m@production',
  'model:m@production\n',
  'model:../m@production',
  'model:m/other@production',
  `model:${'m'.repeat(81)}@production`,
])('%j is no ref', (text) => {
  expect(Ref.safeParse(text).error?.issues[0]?.message).toBe('must be kind:name@version or kind:name@alias')
  expect(() => parseRef(text)).toThrow(`not a ref: ${text}`)
})

test('a version is a content hash; anything else that may follow the @ is an alias', () => {
  expect(isVersion(version)).toBe(true)
  for (const alias of ['production', version.slice(1), version.toUpperCase(), `${version}0`])
    expect(isVersion(alias)).toBe(false)
})

test('people see twelve digits of a version, and an alias as it is', () => {
  expect(shortRef(`model:m@${version}`)).toBe('model:m@abababababab')
  expect(shortRef('model:m@production')).toBe('model:m@production')
})
