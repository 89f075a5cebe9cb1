import binomialProbability from '@stdlib/stats-base-dists-binomial-cdf'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundedMeanBounds, pMeanBelow } from './bounded-mean.ts'
import { clustersOf, type Cluster } from './clusters.ts'
import { pValueBelow } from './mean.ts'
import { exactBounds } from './proportion.ts'
import { seededIndex } from './random.ts'

const single = (scores: readonly number[]): Cluster[] => scores.map((sum) => ({ sum, size: 1 }))
const yesNo = (yes: number, n: number) =>
  single(Array.from({ length: n }, (_, index) => (index < yes ? 1 : 0)))

test.for([
  [5, 1, 0.8],
  [10, 5, 0.8],
  [40, 30, 0.85],
  [30, 1, 0.5],
  [200, 160, 0.85],
])('of %d scores of 0 and 1, %d of them 1, it is the binomial test within 2%%', ([n, yes, limit]) => {
  const exact = binomialProbability(yes!, n!, limit!)
  expect(Math.abs(pMeanBelow(yesNo(yes!, n!), limit!) / exact - 1)).toBeLessThan(0.02)
})

// Shares of 2,000,000 draws of Σ(xᵢ − m)Eᵢ + (1 − m)E₀ ≥ 0, with exponentials of Math.random in Node 24.
test.for([
  [[0.9, 0.2, 0.3, 0.4, 0.5], 0.7, 0.10686],
  [[0.1, 0.1, 0.2, 0.1, 0.8, 0.1, 0.1, 0.3], 0.45, 0.1042],
  [[0.82, 0.1, 0.2, 0.3], 0.8, 0.01765],
] as const)('of the scores %j at %d it is the simulated probability within 3%%', ([scores, limit, p]) => {
  expect(Math.abs(pMeanBelow(single(scores), limit) / p - 1)).toBeLessThan(0.03)
})

test('equal scores, no score, and a limit that any score below 1 refutes', () => {
  expect(pMeanBelow(single(Array(10).fill(0.5)), 0.8)).toBeCloseTo(0.4 ** 10, 12)
  expect(pMeanBelow([], 0.8)).toBe(1)
  expect(pMeanBelow(single([1, 0.9]), 1)).toBe(0)
  expect(pMeanBelow(single([0, 0]), 0)).toBe(1)
  expect(boundedMeanBounds([], 0.05)).toEqual({ lower: 0, upper: 1 })
})

test('bounds are those of Clopper and Pearson for 0 and 1', () => {
  const exact = exactBounds(33, 40, 0.05)
  const { lower, upper } = boundedMeanBounds(yesNo(33, 40), 0.05)
  expect([lower, upper]).toEqual([expect.closeTo(exact.lower, 3), expect.closeTo(exact.upper, 3)])
})

const scores = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 30 })

test('an upper bound below a limit is a rejected limit, and a lower score is never less evidence', () => {
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 99 }), fc.nat(29), (list, percent, which) => {
      const [sample, limit] = [single(list.map((score) => score / 100)), percent / 100]
      const p = pMeanBelow(sample, limit)
      const { lower, upper } = boundedMeanBounds(sample, 0.05)
      expect(lower).toBeLessThanOrEqual(upper)
      if (Math.abs(upper - limit) > 1e-6) expect(p <= 0.05).toBe(upper <= limit)
      const worse = sample.map((cluster, index) => (index === which ? { sum: 0, size: 1 } : cluster))
      expect(pMeanBelow(worse, limit)).toBeLessThanOrEqual(p * 1.05 + 1e-9)
    }),
    { numRuns: 60 },
  )
})

test('scores that repeat within their traces count once a trace', () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({
    trace: `t${index % 10}`,
    score: index % 10 < 6 ? 1 : 0,
  }))
  expect(pMeanBelow(clustersOf(rows), 0.8)).toBeCloseTo(pMeanBelow(yesNo(6, 10), 0.8), 12)
})

/** How often a mean that lies at the limit is taken to lie below it, at 5%. */
function falseRate(draw: () => Cluster[], reject: (sample: Cluster[]) => boolean): number {
  const trials = 1_500
  let rejected = 0
  for (let trial = 0; trial < trials; trial++) if (reject(draw())) rejected += 1
  return rejected / trials
}

// 5%, and three standard errors of 1,500 trials.
const AT_MOST = 0.067

describe.for([10, 30])('with %d scores at the limit, a false verdict is rare', (n) => {
  const gaffke = (limit: number) => (sample: Cluster[]) => pMeanBelow(sample, limit) <= 0.05

  test('where most are 0 and the rest spread: Student’s t errs several times as often', () => {
    const next = seededIndex(n)
    // 0, and from 0.6 to 1 once in ten: a mean of 0.08.
    const draw = () => single(Array.from({ length: n }, () => (next(10) > 0 ? 0 : 0.6 + next(401) / 1000)))
    expect(falseRate(draw, gaffke(0.08))).toBeLessThan(AT_MOST)
    const student = (sample: Cluster[]) =>
      pValueBelow(
        {
          n,
          sum: sample.reduce((total, { sum }) => total + sum, 0),
          sumSquares: sample.reduce((total, { sum }) => total + sum ** 2, 0),
        },
        0.08,
      ) <= 0.05
    if (n === 30) expect(falseRate(draw, student)).toBeGreaterThan(0.1)
  })

  test('where traces of different lengths repeat their scores', () => {
    const next = seededIndex(n + 1)
    const draw = () =>
      Array.from({ length: n }, () => {
        const size = 1 + next(5)
        return { size, sum: size * (next(10) < 8 ? 1 : 0) }
      })
    expect(falseRate(draw, gaffke(0.8))).toBeLessThan(AT_MOST)
  })
})
