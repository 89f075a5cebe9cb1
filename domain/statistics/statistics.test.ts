import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holm } from './holm.ts'
import { meanBounds, normalQuantile, pValueBelow } from './mean.ts'
import { comparePaired } from './paired.ts'
import { seededIndex } from './random.ts'

const moments = (values: readonly number[]) => ({
  n: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  sumSquares: values.reduce((sum, value) => sum + value ** 2, 0),
})

describe('holm', () => {
  // p.adjust(c(.01, .02, .03, .005), method = "holm") in R 4.3 gives .03 .04 .04 .02.
  test('rejects what R’s adjusted p-values reject', () => {
    expect(holm([0.01, 0.02, 0.03, 0.005], 0.05)).toEqual([true, true, true, true])
    expect(holm([0.01, 0.02, 0.03, 0.005], 0.035)).toEqual([true, false, false, true])
    expect(holm([0.01, 0.02, 0.03, 0.005], 0.019)).toEqual([false, false, false, false])
  })

  test('rejects no more than without a correction and no less than Bonferroni', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }),
        (pValues) => {
          holm(pValues, 0.05).forEach((rejected, index) => {
            if (rejected) expect(pValues[index]).toBeLessThanOrEqual(0.05)
            if (pValues[index]! <= 0.05 / pValues.length) expect(rejected).toBe(true)
          })
        },
      ),
    )
  })
})

// qnorm(c(.975, .95, .5, .01)) in R.
test.for([
  [0.975, 1.959964],
  [0.95, 1.644854],
  [0.5, 0],
  [0.01, -2.326348],
])('the normal quantile of %d is %d', ([probability, quantile]) => {
  expect(normalQuantile(probability!)).toBeCloseTo(quantile!, 2)
})

describe('meanBounds', () => {
  test('holds the true mean as often as it says', () => {
    const draw = seededIndex(5)
    let below = 0
    for (let trial = 0; trial < 2_000; trial++) {
      const values = Array.from({ length: 60 }, () => draw(1000) / 1000)
      if (meanBounds(moments(values), 0.05).upper < 0.4995) below += 1
    }
    expect(below / 2_000).toBeGreaterThan(0.03)
    expect(below / 2_000).toBeLessThan(0.07)
  })

  test('equal scores still leave room for doubt, less with more rows', () => {
    expect(meanBounds(moments(Array(10).fill(1)), 0.05).lower).toBeCloseTo(0.05 ** (1 / 10), 5)
    expect(meanBounds(moments(Array(1000).fill(1)), 0.05).lower).toBeGreaterThan(0.99)
    expect(meanBounds(moments([]), 0.05)).toEqual({ lower: 0, upper: 1 })
  })
})

test('a mean at or above the limit is never shown to lie below it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, limit) => {
        const p = pValueBelow(moments(values), limit)
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
        if (moments(values).sum / values.length >= limit) expect(p).toBe(1)
      },
    ),
  )
})

// pt(c(-24, -2.228139, -1), df = 10) in R.
test.for([
  [-24, 1.793468e-10],
  [-2.228139, 0.025],
  [-1, 0.1704466],
])('a mean %d standard errors below the limit has the p-value of R', ([t, p]) => {
  const spread = 0.05
  const center = 0.5
  const n = 11
  const moments11 = { n, sum: n * center, sumSquares: n * center ** 2 + (n - 1) * spread ** 2 }
  expect(pValueBelow(moments11, center - (t! * spread) / Math.sqrt(n))).toBeCloseTo(p!, 6)
})

test('rows that are all alike prove a low mean only as far as chance allows', () => {
  const zeros = (n: number) => ({ n, sum: 0, sumSquares: 0 })
  // Ten zeros are no surprise where the mean is 0.003, and a great one where it is 0.9.
  expect(pValueBelow(zeros(10), 0.003)).toBeCloseTo(0.997 ** 10)
  expect(pValueBelow(zeros(10), 0.9)).toBeCloseTo(0.1 ** 10)
  expect(pValueBelow(zeros(10), 0.003, 0.1)).toBeGreaterThan(0.4)
})

describe('comparePaired', () => {
  const options = { margin: 0.05, alpha: 0.05, seed: 1 }
  const rows = (n: number, draw: (index: number) => number) =>
    Array.from({ length: n }, (_, index) => [draw(index)])

  test('the same seed gives the same numbers, and identical models are not worse', () => {
    const same = rows(200, () => 0)
    expect(comparePaired(same, options)).toEqual(comparePaired(same, options))
    expect(comparePaired(same, options)).toMatchObject({
      difference: 0,
      pWorse: 1,
    })
  })

  test('a clear loss is worse, a small noisy one needs more rows', () => {
    const loss = comparePaired(
      rows(200, (index) => (index % 3 === 0 ? -1 : 0)),
      options,
    )
    expect(loss.upper).toBeLessThan(-0.05)
    expect(loss.pWorse).toBeLessThan(0.001)
    expect(loss.rowsNeeded).toBeNull()
    const noisy = comparePaired(
      rows(40, (index) => (index % 2 === 0 ? 0.4 : -0.4)),
      options,
    )
    expect(noisy.lower).toBeLessThan(-0.05)
    expect(noisy.rowsNeeded).toBeGreaterThan(40)
  })

  test('calls a model that is exactly the margin worse too bad in about one trial of twenty', () => {
    const draw = seededIndex(11)
    let worse = 0
    for (let trial = 0; trial < 300; trial++) {
      const differences = rows(80, () => -0.05 + (draw(1000) / 1000 - 0.4995) * 0.6)
      if (comparePaired(differences, { ...options, seed: trial }).pWorse <= 0.05) worse += 1
    }
    expect(worse / 300).toBeLessThan(0.1)
    expect(worse / 300).toBeGreaterThan(0.015)
  })

  test('rows of one conversation do not count as independent', () => {
    const values = Array.from({ length: 100 }, (_, index) => (Math.floor(index / 10) % 2 === 0 ? 0.2 : -0.2))
    const apart = comparePaired(
      values.map((value) => [value]),
      options,
    )
    const together = comparePaired(
      Array.from({ length: 10 }, (_, index) => values.slice(index * 10, index * 10 + 10)),
      options,
    )
    expect(together.upper - together.lower).toBeGreaterThan(2 * (apart.upper - apart.lower))
  })
})
