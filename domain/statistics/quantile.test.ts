import { describe, expect, test } from 'vitest'
import { quantileBounds } from './quantile.ts'
import { seededIndex } from './random.ts'

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1)

// qbinom(.05, 100, .5) in R is 42 and pbinom(41, 100, .5) .0443: the lower rank is 42, and 59 by symmetry the upper.
test('bounds of a median of a hundred are the values at ranks 42 and 59', () => {
  expect(quantileBounds(upTo(100), 0.5, 0.05)).toEqual({ value: 50, lower: 42, upper: 59 })
})

// 1 − .95^59 = .9515: the first n whose largest value bounds the 95th percentile (Wilks 1941, Ann. Math. Stat. 12:91).
test('the 95th percentile has an upper bound from 59 values on', () => {
  expect(quantileBounds(upTo(58), 0.95, 0.05).upper).toBe(Infinity)
  expect(quantileBounds(upTo(59), 0.95, 0.05).upper).toBe(59)
  expect(quantileBounds([7], 0.95, 0.05)).toEqual({ value: 7, lower: -Infinity, upper: Infinity })
})

describe.for([
  [40, 0.5],
  [200, 0.95],
])('of %d values, the quantile at %d', ([n, share]) => {
  test('lies outside each bound at most as often as alpha says', () => {
    const next = seededIndex(n!)
    let [aboveUpper, belowLower] = [0, 0]
    const trials = 1500
    for (let trial = 0; trial < trials; trial++) {
      const sorted = Array.from({ length: n! }, () => next(1e6) / 1e6).toSorted((a, b) => a - b)
      const { lower, upper } = quantileBounds(sorted, share!, 0.05)
      if (upper < share!) aboveUpper += 1
      if (lower > share!) belowLower += 1
    }
    // 5%, and three standard errors of 1,500 trials.
    expect(aboveUpper / trials).toBeLessThan(0.067)
    expect(belowLower / trials).toBeLessThan(0.067)
    expect(aboveUpper + belowLower).toBeGreaterThan(0)
  })
})
