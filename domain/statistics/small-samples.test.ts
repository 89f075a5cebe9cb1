import { describe, expect, test } from 'vitest'
import { meanBounds, normalQuantile, pValueBelow, rowsToShow, standardDeviation } from './mean.ts'
import { comparePaired } from './paired.ts'
import { seededIndex } from './random.ts'

const moments = (values: readonly number[]) => ({
  n: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  sumSquares: values.reduce((sum, value) => sum + value ** 2, 0),
})

// qnorm(c(.999, .0001, .75), 0, 1) in R.
test.for([
  [0.999, 3.090232306168],
  [0.0001, -3.719016485456],
  [0.75, 0.674489750196],
])('the normal quantile of %d is exact to ten digits', ([probability, quantile]) => {
  expect(normalQuantile(probability!)).toBeCloseTo(quantile!, 10)
})

// sd(c(2, 4, 4, 4, 5, 5, 7, 9)) in R: 2.13809.
test('the standard deviation is that of a sample', () => {
  expect(standardDeviation(moments([2, 4, 4, 4, 5, 5, 7, 9]))).toBeCloseTo(2.13809, 5)
  expect(standardDeviation(moments([3]))).toBe(0)
})

// mean 0.525, sd 0.298608, qt(.95, df = 3) = 2.353363 in R.
test('bounds of four rows are those of Student’s t', () => {
  const { lower, upper } = meanBounds(moments([0.2, 0.4, 0.6, 0.9]), 0.05)
  expect([lower, upper]).toEqual([expect.closeTo(0.17363, 5), expect.closeTo(0.87637, 5)])
})

test('a score that is all but 0 has the bounds of 0', () => {
  expect(meanBounds(moments([5e-324]), 0.05)).toEqual(meanBounds(moments([0]), 0.05))
  expect(meanBounds(moments([0, 1 - 1e-16, 1e-12]), 0.05)).toEqual(meanBounds(moments([0, 1, 0]), 0.05))
})

describe.for([10, 30, 100])('with %d rows of yes and no', (n) => {
  test.for([0.5, 0.8, 0.95])('and a truth of %d, a wrong alarm is rare', (truth) => {
    const draw = seededIndex(n + 100 * truth)
    const trials = 1_500
    let alarms = 0
    for (let trial = 0; trial < trials; trial++) {
      const values = Array.from({ length: n }, () => (draw(10_000) < truth * 10_000 ? 1 : 0))
      if (pValueBelow(moments(values), truth, Math.sqrt(truth * (1 - truth))) <= 0.05) alarms += 1
    }
    // The test is exact: alpha, and three standard errors of so many trials.
    expect(alarms / trials).toBeLessThan(0.067)
  })
})

// pt(-2.371708, df = 9) in R: 0.02088; the bound for equal rows is (0.2 / 0.5)^10.
test('rows that happen to be alike prove less where the scores are known to spread', () => {
  const alike = moments(Array(10).fill(0.5))
  expect(pValueBelow(alike, 0.8)).toBeCloseTo(0.4 ** 10, 6)
  expect(pValueBelow(alike, 0.8, 0.4)).toBeCloseTo(0.02088, 4)
})

describe('rowsToShow', () => {
  test('is how many rows would make the bound clear the limit, for scores with and without a spread', () => {
    const [few, enough] = [10, 29].map((n) => moments(Array(n).fill(1)))
    expect(meanBounds(few!, 0.05).lower).toBeLessThan(0.9)
    expect(rowsToShow(few!, 0.1, 0.05)).toBe(29)
    expect(meanBounds(enough!, 0.05).lower).toBeGreaterThanOrEqual(0.9)
    expect(rowsToShow(moments([0.5, 0.9, 0.5, 0.9, 0.7]), 0.05, 0.05)).toBe(44)
  })

  test('is more than there are, and nothing where no number would do', () => {
    expect(rowsToShow(moments([0.69, 0.7, 0.71, 0.7]), 0.2, 0.05)).toBe(5)
    expect(rowsToShow(moments([0, 1, 0, 1]), 0, 0.05)).toBeNull()
    expect(rowsToShow(moments([0, 1, 0, 1]), -0.1, 0.05)).toBeNull()
    // What rounding leaves of no room at all.
    expect(rowsToShow(moments([0, 1, 0, 1]), 3e-18, 0.05)).toBeNull()
  })
})

describe('a paired comparison', () => {
  const options = { margin: 0.02, alpha: 0.05, seed: 1 }

  test('of one conversation alone shows nothing, however many rows it has', () => {
    for (const rows of [[0], [-1], Array(50).fill(-0.5)]) {
      expect(comparePaired([rows], options)).toMatchObject({
        lower: -1,
        upper: 1,
        pWorse: 1,
        rowsNeeded: null,
      })
    }
  })

  test('asks for more rows than it has while the bound is below the margin, conversations counted whole', () => {
    const conversations = Array.from({ length: 12 }, (_, index) =>
      Array(20).fill(index % 2 === 0 ? 0.1 : -0.1),
    )
    const { n, lower, rowsNeeded } = comparePaired(conversations, options)
    expect(lower).toBeLessThan(-options.margin)
    expect(rowsNeeded).toBeGreaterThan(n)
    // 20 rows each of 73.8 conversations: (1.644854 · 0.104447 / 0.02)², with the spread of twelve means of ±0.1.
    expect(rowsNeeded).toBe(1476)
    const apart = comparePaired(
      conversations.flat().map((value) => [value]),
      options,
    )
    expect(rowsNeeded!).toBeGreaterThan(10 * apart.rowsNeeded!)
  })

  test('never asks for fewer rows than have just not sufficed', () => {
    // One bad row of seven: the normal approximation alone would ask for six, and what none of seven rows is like for 12.
    const skewed = [0.1, 0.1, 0.1, 0.1, 0.05, 0.1, -0.7].map((value) => [value])
    const { lower, rowsNeeded } = comparePaired(skewed, { ...options, margin: 0.24 })
    expect(lower).toBeLessThan(-0.24)
    expect(rowsNeeded).toBe(12)
  })

  test('asks for no absurd number where the mean lies on the margin', () => {
    const differences = Array.from({ length: 50 }, (_, index) => [index % 2 === 0 ? 0.28 : -0.32])
    const { rowsNeeded } = comparePaired(differences, options)
    expect(rowsNeeded === null || rowsNeeded < 1e9).toBe(true)
  })

  test('lets a model pass that is exactly the margin worse in about one trial of twenty', () => {
    const draw = seededIndex(21)
    let passed = 0
    for (let trial = 0; trial < 300; trial++) {
      const differences = Array.from({ length: 80 }, () => [-0.02 + (draw(1001) / 1000 - 0.5) * 0.6])
      if (comparePaired(differences, { ...options, seed: trial }).lower >= -options.margin) passed += 1
    }
    expect(passed / 300).toBeLessThan(0.1)
    expect(passed / 300).toBeGreaterThan(0.015)
  })

  test('gives other numbers for another seed, and the same for the same', () => {
    const differences = Array.from({ length: 30 }, (_, index) => [((index * 7) % 11) / 20 - 0.25])
    const { lower, upper, pWorse } = comparePaired(differences, { ...options, seed: 42 })
    const other = comparePaired(differences, { ...options, seed: 43 })
    expect([lower, upper, pWorse]).not.toEqual([other.lower, other.upper, other.pWorse])
    expect(comparePaired(differences, { ...options, seed: 42 })).toMatchObject({ lower, upper, pWorse })
  })
})
