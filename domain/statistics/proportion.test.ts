import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { differenceBounds, exactBounds, factorToShow, shareAbove, wilsonBounds } from './proportion.ts'

// Newcombe 1998, Stat. Med. 17:857, table I: 95 % intervals of a single proportion, methods 3 and 5.
test.for([
  [81, 263, 0.2553, 0.3662, 0.2527, 0.3676],
  [15, 148, 0.0624, 0.1605, 0.0578, 0.1617],
  [0, 20, 0, 0.1611, 0, 0.1684],
  [1, 29, 0.0061, 0.1718, 0.0009, 0.1776],
] as const)('%d of %d has the bounds of Newcombe’s table', ([count, n, ...bounds]) => {
  const wilson = wilsonBounds(count, n, 0.025)
  const exact = exactBounds(count, n, 0.025)
  const found = [wilson.lower, wilson.upper, exact.lower, exact.upper]
  found.forEach((bound, index) => expect(bound).toBeCloseTo(bounds[index]!, 4))
})

// Newcombe 1998, Stat. Med. 17:873, table II, method 10.
test.for([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [0, 10, 0, 10, -0.2775, 0.2775],
  [10, 10, 0, 20, 0.6791, 1],
  [10, 10, 0, 10, 0.6075, 1],
] as const)('%d of %d less %d of %d has the bounds of Newcombe’s table', ([a, m, b, n, lower, upper]) => {
  const estimate = (count: number, of: number) => ({ value: count / of, ...wilsonBounds(count, of, 0.025) })
  const found = differenceBounds(estimate(a, m), estimate(b, n))
  expect(found.lower).toBeCloseTo(lower, 4)
  expect(found.upper).toBeCloseTo(upper, 4)
})

const counted = fc
  .integer({ min: 1, max: 500 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))

test('bounds hold the share between them, within 0 and 1, and are wider for a smaller alpha', () => {
  fc.assert(
    fc.property(counted, fc.double({ min: 1e-5, max: 0.4, noNaN: true }), ([count, n], alpha) => {
      for (const bounds of [wilsonBounds, exactBounds]) {
        const { lower, upper } = bounds(count, n, alpha)
        const wider = bounds(count, n, alpha / 2)
        expect([lower >= 0, lower <= count / n, upper >= count / n, upper <= 1]).toEqual(Array(4).fill(true))
        expect([wider.lower <= lower, wider.upper >= upper]).toEqual([true, true])
        expect(upper).toBeGreaterThan(lower)
      }
    }),
  )
})

describe('a share against its limit', () => {
  test('is above only if that is no chance, and else asks for the rows that would show it', () => {
    expect(shareAbove(5, 100, 0.05, 0.05)).toEqual({ outcome: 'within', rowsNeeded: null })
    expect(shareAbove(20, 100, 0.05, 0.05)).toEqual({ outcome: 'above', rowsNeeded: null })
    const { outcome, rowsNeeded } = shareAbove(2, 20, 0.05, 0.05)
    expect(outcome).toBe('unclear')
    expect(shareAbove(rowsNeeded! / 10, rowsNeeded!, 0.05, 0.05).outcome).toBe('above')
    expect(shareAbove((rowsNeeded! - 1) / 10, rowsNeeded! - 1, 0.05, 0.05).outcome).toBe('unclear')
  })

  test('of nothing allowed is above with the first', () => {
    expect(shareAbove(1, 10_000, 0, 0.05).outcome).toBe('above')
    expect(shareAbove(0, 0, 0, 0.05).outcome).toBe('within')
  })
})

test('the factor is the smallest that holds, or none', () => {
  expect(factorToShow((factor) => factor >= 37.5)).toBeCloseTo(37.5, 0)
  expect(factorToShow(() => true)).toBe(1)
  expect(factorToShow(() => false)).toBeNull()
})
