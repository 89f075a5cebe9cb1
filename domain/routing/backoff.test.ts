import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'
import { DEFAULT_RETRY } from './route.ts'

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('a wait lies between 0 and the doubled base, and never above the maximum', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 1, max: 30_000 }),
      fc.nat(2_000),
      random,
      (baseMs, maxMs, n, draw) => {
        const ms = backoffMs({ baseMs, maxMs }, n, draw)
        expect(ms).toBeGreaterThanOrEqual(0)
        expect(ms).toBeLessThanOrEqual(Math.min(maxMs, baseMs * 2 ** n))
      },
    ),
  )
})

test('the jitter is full: half of the draws wait less than half', () => {
  expect([0, 1, 2, 3, 4].map((n) => backoffMs(DEFAULT_RETRY, n, 0.5))).toEqual([125, 250, 500, 1_000, 1_000])
  expect(backoffMs(DEFAULT_RETRY, 3, 0)).toBe(0)
})
