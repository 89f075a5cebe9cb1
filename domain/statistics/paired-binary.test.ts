import binomialProbability from '@stdlib/stats-base-dists-binomial-cdf'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comparePairedBinary, pairedProportionBounds } from './paired-binary.ts'
import { comparePaired } from './paired.ts'

// Roots of the score statistic of Tango 1998 with the restricted likelihood maximised by SciPy 1.15 (minimize_scalar).
test.for([
  [1, 1, 54, -0.0819, 0.0819],
  [12, 3, 100, 0.01598, 0.17374],
  [8, 5, 200, -0.02301, 0.05561],
  [40, 70, 900, -0.05671, -0.01067],
])('%d gained and %d lost of %d have the bounds of Tango', ([gained, lost, n, lower, upper]) => {
  const found = pairedProportionBounds({ n: n!, gained: gained!, lost: lost! }, 0.025)
  expect(found.lower).toBeCloseTo(lower!, 4)
  expect(found.upper).toBeCloseTo(upper!, 4)
})

// 0 gained, 1 lost of 44: Tango's are −0.11808 and 0.05939, the exact one-sided bound of 1 in 44 is 0.12024.
test('losses alone are a single proportion: no bound is closer than the exact one', () => {
  const found = pairedProportionBounds({ n: 44, gained: 0, lost: 1 }, 0.025)
  expect(found.lower).toBeCloseTo(-0.12024, 4)
  expect(found.upper).toBeCloseTo(0.05939, 4)
})

const counts = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.nat(400), fc.nat(400))
  .filter(([n, gained, lost]) => gained + lost <= n)
  .map(([n, gained, lost]) => ({ n, gained, lost }))

test('bounds hold the difference between them, mirror each other, and are wider for a smaller alpha', () => {
  fc.assert(
    fc.property(counts, fc.double({ min: 1e-4, max: 0.3, noNaN: true }), (found, alpha) => {
      const { lower, upper } = pairedProportionBounds(found, alpha)
      const seen = (found.gained - found.lost) / found.n
      expect(lower).toBeLessThanOrEqual(seen + 1e-9)
      expect(upper).toBeGreaterThanOrEqual(seen - 1e-9)
      expect(lower >= -1 && upper <= 1).toBe(true)
      const mirrored = pairedProportionBounds({ ...found, gained: found.lost, lost: found.gained }, alpha)
      expect(mirrored.lower).toBeCloseTo(-upper, 9)
      const wider = pairedProportionBounds(found, alpha / 2)
      expect(wider.lower).toBeLessThanOrEqual(lower + 1e-9)
      expect(wider.upper).toBeGreaterThanOrEqual(upper - 1e-9)
    }),
  )
})

/** Probability of every outcome of n rows, by gains and losses. */
function outcomes(n: number, gain: number, loss: number): { gained: number; lost: number; p: number }[] {
  const probability = (k: number, of: number, share: number) =>
    binomialProbability(k, of, share) - (k === 0 ? 0 : binomialProbability(k - 1, of, share))
  const found = []
  for (let gained = 0; gained <= n; gained++) {
    const byGain = probability(gained, n, gain)
    if (byGain < 1e-9) continue
    for (let lost = 0; lost <= n - gained; lost++) {
      const p = byGain * probability(lost, n - gained, loss / (1 - gain))
      if (p > 1e-9) found.push({ gained, lost, p })
    }
  }
  return found
}

describe.for([
  [50, 0.1],
  [100, 0.05],
  [200, 0.02],
])('of %d rows, with a candidate that is the margin of %d worse', ([n, margin]) => {
  test.for([0, 0.005, 0.02, 0.1])('and flips of %d, it passes about as often as alpha says', (flips) => {
    let passed = 0
    let failed = 0
    for (const { p, ...seen } of outcomes(n!, flips, flips + margin!)) {
      const { lower, pWorse } = comparePairedBinary({ n: n!, ...seen }, { margin: margin!, alpha: 0.05 })
      if (lower >= -margin!) passed += p
      if (pWorse <= 0.05) failed += p
    }
    // Exact sums: .0557 at the most. Student's t comes to .12 here.
    expect(passed).toBeLessThanOrEqual(0.056)
    expect(failed).toBeLessThanOrEqual(0.075)
  })
})

test('rare losses look surer to Student’s t than they are', () => {
  const values = Array.from({ length: 200 }, (_, index) => [index < 10 ? -1 : 0])
  const asMean = comparePaired(values, { margin: 0.1, alpha: 0.05, seed: 1 })
  const asBinary = comparePairedBinary({ n: 200, gained: 0, lost: 10 }, { margin: 0.1, alpha: 0.05 })
  expect(asBinary.difference).toBeCloseTo(asMean.difference, 12)
  expect(asBinary.lower).toBeLessThan(asMean.lower)
})

test('about so many rows of the same kind would do, and fewer would not', () => {
  const { rowsNeeded, lower } = comparePairedBinary(
    { n: 100, gained: 3, lost: 4 },
    { margin: 0.05, alpha: 0.05 },
  )
  expect(lower).toBeLessThan(-0.05)
  const at = (factor: number) =>
    comparePairedBinary(
      { n: 100 * factor, gained: 3 * factor, lost: 4 * factor },
      { margin: 0.05, alpha: 0.05 },
    ).lower
  expect(at(rowsNeeded! / 100)).toBeGreaterThanOrEqual(-0.05)
  expect(at((rowsNeeded! - 2) / 100)).toBeLessThan(-0.05)
})

test('no row says nothing', () => {
  expect(comparePairedBinary({ n: 0, gained: 0, lost: 0 }, { margin: 0.05, alpha: 0.05 })).toEqual({
    n: 0,
    difference: 0,
    lower: -1,
    upper: 1,
    pWorse: 1,
    rowsNeeded: null,
    power: null,
    smallestLoss: null,
    moreRows: null,
  })
})
