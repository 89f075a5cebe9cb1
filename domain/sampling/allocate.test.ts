import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocate } from './allocate.ts'

const counts = fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), fc.nat(500), {
  minKeys: 1,
  maxKeys: 12,
})

test('takes as many as asked for or as there are, and of no cohort more than it has', () => {
  fc.assert(
    fc.property(
      counts,
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 50 }),
      (have, size, floor) => {
        const taken = allocate(have, size, floor)
        const total = Object.values(have).reduce((sum, n) => sum + n, 0)
        expect(Object.values(taken).reduce((sum, n) => sum + n, 0)).toBe(Math.min(size, total))
        for (const [cohort, n] of Object.entries(taken)) {
          expect(n).toBeGreaterThanOrEqual(0)
          expect(n).toBeLessThanOrEqual(have[cohort]!)
        }
      },
    ),
  )
})

test('gives a small cohort its floor before the large ones take the rest', () => {
  expect(allocate({ big: 10_000, small: 40, tiny: 3 }, 200, 30)).toEqual({ big: 167, small: 30, tiny: 3 })
})

test('shares a sample that is too small for every floor evenly', () => {
  expect(allocate({ a: 100, b: 100, c: 100, d: 100 }, 40, 30)).toEqual({ a: 10, b: 10, c: 10, d: 10 })
})

test('keeps the floor of every cohort wherever the sample is large enough for all of them', () => {
  expect(allocate({ a: 10_000, b: 60, c: 2, d: 2 }, 100, 30)).toEqual({ a: 66, b: 30, c: 2, d: 2 })
  fc.assert(
    fc.property(
      counts,
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 50 }),
      (have, size, floor) => {
        const floors = Object.entries(have).map(([cohort, n]) => [cohort, Math.min(n, floor)] as const)
        if (floors.reduce((sum, [, n]) => sum + n, 0) > size) return
        const taken = new Map(Object.entries(allocate(have, size, floor)))
        for (const [cohort, n] of floors) expect(taken.get(cohort)).toBeGreaterThanOrEqual(n)
      },
    ),
  )
})
