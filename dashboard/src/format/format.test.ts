import fc from 'fast-check'
import { expect, test } from 'vitest'
import { points } from './number.ts'
import { isRef, shortRef } from './ref.ts'
import { duration } from './time.ts'

test.each([
  [640, '640 ms'],
  [2_000, '2 s'],
  [12_340, '12.3 s'],
  [59_960, '1 min'],
  [63_200, '1 min 03 s'],
  [3_600_000, '1 h 00 min'],
  [100 * 3_600_000, '4.2 days'],
])('%i ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

test('no duration shows 60 of a unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 86_400_000 }), (ms) => {
      expect(duration(ms)).not.toMatch(/\b60(\.0)? (s|min)/)
    }),
  )
})

test('a difference has its sign, and none where it rounds to nothing', () => {
  expect([0.012, -0.212, -0.0004].map(points)).toEqual(['+1.2', '−21.2', '0.0'])
})

test('a ref keeps its name and alias, and loses most of its hash', () => {
  const hash = 'ab'.repeat(32)
  expect(shortRef(`model:agent@${hash}`)).toBe('model:agent@ababababab')
  expect(shortRef('model:agent@production')).toBe('model:agent@production')
  expect(isRef(`dataset:support@${hash}`)).toBe(true)
  expect(isRef('stopped at 3: see ops@example.com')).toBe(false)
})
