import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comparePaired } from './paired.ts'
import { seededIndex } from './random.ts'

const options = { margin: 0.05, alpha: 0.05, seed: 1 }
const apart = (values: readonly number[]) => values.map((value) => [value])
const difference = fc.double({ min: -1, max: 1, noNaN: true })

test('no sample leaves a bound without a width, and a smaller alpha a wider one', () => {
  const sample = fc.oneof(
    fc.tuple(difference, fc.integer({ min: 2, max: 60 })).map(([value, n]) => Array<number>(n).fill(value)),
    fc.array(difference, { minLength: 2, maxLength: 40 }),
  )
  fc.assert(
    fc.property(sample, (values) => {
      const { lower, upper, difference: mean } = comparePaired(apart(values), options)
      expect(lower >= -1 && upper <= 1 && upper > lower).toBe(true)
      if (mean > -1 + 1e-6) expect(lower).toBeLessThan(mean)
      if (mean < 1 - 1e-6) expect(upper).toBeGreaterThan(mean)
      const stricter = comparePaired(apart(values), { ...options, alpha: 0.001 })
      expect(stricter.lower).toBeLessThanOrEqual(lower)
      expect(stricter.upper).toBeGreaterThanOrEqual(upper)
    }),
    { numRuns: 60 },
  )
})

describe('equal differences', () => {
  // 1 − 0.05^(1/n): the share of bad rows of which n rows have none in one trial of twenty.
  test.for([
    [10, -0.2589],
    [59, -0.0495],
    [200, -0.0149],
  ])('of %d rows leave room for what none of them is like', ([n, lower]) => {
    const found = comparePaired(apart(Array(n).fill(0)), options)
    expect(found.lower).toBeCloseTo(lower!, 4)
    expect(found.upper).toBeCloseTo(-lower!, 4)
  })

  test('ask for the rows that would do, and with them it does', () => {
    const { lower, rowsNeeded } = comparePaired(apart(Array(20).fill(0)), options)
    expect(lower).toBeLessThan(-0.05)
    expect(rowsNeeded).toBe(59)
    expect(comparePaired(apart(Array(59).fill(0)), options).lower).toBeGreaterThanOrEqual(-0.05)
    expect(comparePaired(apart(Array(58).fill(0)), options).lower).toBeLessThan(-0.05)
  })

  test('of a few rows prove no loss', () => {
    expect(comparePaired(apart([-0.06, -0.06, -0.06]), options).pWorse).toBeGreaterThan(0.9)
    expect(comparePaired(apart(Array(30).fill(-0.6)), options).pWorse).toBeLessThan(1e-4)
  })
})

test('a model that breaks on one row of fifty is not let through because few rows show it', () => {
  const draw = seededIndex(3)
  const trials = 400
  let passed = 0
  for (let trial = 0; trial < trials; trial++) {
    const values = Array.from({ length: 60 }, () => (draw(50) === 0 ? -1 : 0))
    // The truth is −0.02, and less is allowed.
    if (comparePaired(apart(values), { ...options, margin: 0.019, seed: trial }).lower >= -0.019) passed += 1
  }
  expect(passed / trials).toBeLessThanOrEqual(0.05)
})

test('a loss is seen among hundreds of comparisons: its p-value has no floor', () => {
  const values = Array.from({ length: 80 }, (_, index) => -0.5 + ((index * 7) % 13) / 20)
  expect(comparePaired(apart(values), options).pWorse).toBeLessThan(0.05 / 1_000)
})

test('the upper bound has a level of its own', () => {
  const values = apart(Array.from({ length: 60 }, (_, index) => ((index * 7) % 13) / 20 - 0.3))
  const base = comparePaired(values, options)
  const strict = comparePaired(values, { ...options, alpha: 0.001, upperAlpha: 0.05 })
  expect(strict.upper).toBe(base.upper)
  expect(strict.lower).toBeLessThan(base.lower)
})
