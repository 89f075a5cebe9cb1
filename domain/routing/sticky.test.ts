import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fnv1a32, shareOf, stickyKeyOf, stickyKeys } from './sticky.ts'
import { route, target } from './target.fixture.ts'

// Vectors of draft-eastlake-fnv and of http://isthe.com/chongo/src/fnv/test_fnv.c.
test.for([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
] as const)('FNV-1a of %j', ([text, hash]) => {
  expect(fnv1a32(text)).toBe(hash)
})

test('a share is in [0, 1), the same every time, and the route tells equal keys apart', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (name, key) => {
      const share = shareOf(name, key)
      expect(share).toBe(shareOf(name, key))
      expect(share >= 0 && share < 1).toBe(true)
    }),
  )
  expect(shareOf('a', 'bc')).not.toBe(shareOf('ab', 'c'))
})

test('keys as products number them are spread evenly', () => {
  const numbered: ((i: number) => string)[] = [
    String,
    (i) => `user-${i}`,
    (i) => `${i}@example.com`,
    (i) => `u_${i.toString(16).padStart(8, '0')}`,
  ]
  for (const keyOf of numbered) {
    const bins = Array.from({ length: 20 }, () => 0)
    for (let i = 0; i < 20_000; i++) bins[Math.floor(shareOf('support', keyOf(i)) * 20)]! += 1
    const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    // 99.9 % point of the chi-square distribution with 19 degrees of freedom.
    expect(chiSquare).toBeLessThan(43.82)
  }
})

test('two routes split the same users independently', () => {
  let both = 0
  for (let i = 0; i < 20_000; i++)
    if (shareOf('a', `user-${i}`) < 0.5 && shareOf('b', `user-${i}`) < 0.5) both++
  expect(both / 20_000).toBeCloseTo(0.25, 1)
})

test('users are told apart as the route says', () => {
  const source = {
    user: 'u',
    metadata: { tenant: 't' },
    header: (name: string) => (name === 'x-id' ? 'h' : null),
  }
  expect(stickyKeyOf('user', source)).toBe('u')
  expect(stickyKeyOf('user', { ...source, user: '' })).toBeUndefined()
  expect(stickyKeyOf('none', source)).toBeUndefined()
  expect(stickyKeyOf('header:x-id', source)).toBe('h')
  expect(stickyKeyOf('header:x-other', source)).toBeUndefined()
  expect(stickyKeyOf('metadata:tenant', source)).toBe('t')
  expect(stickyKeyOf('metadata:toString', source)).toBeUndefined()
  const canary = { target: target('c'), share: 0.1, stickyBy: 'metadata:tenant' }
  expect(stickyKeys(route([target('a')], { canary }), source)).toEqual({ stickyKey: 'u', canaryKey: 't' })
})
