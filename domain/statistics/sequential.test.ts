import { describe, expect, test } from 'vitest'
import { normalProbability, normalQuantile } from './mean.ts'
import { seededIndex } from './random.ts'
import { designFor, sequentialLevel, sequentialZ } from './sequential.ts'

// Roots with SciPy 1.15 (brentq) of the exact mixture, 2 √(ρ / (v + ρ)) exp(s² / (2 (v + ρ))) Φ(s / √(v + ρ)) = 1 / α,
// over √v: the closed form may lie a little above them, never below.
test.for([
  [100, 0.05, 3.26175],
  [1000, 0.05, 2.7771],
  [10, 0.05, 7.21344],
  [1000, 0.01, 3.35346],
  [100_000, 0.05, 3.39502],
])('at information %d and alpha %d the boundary is that of the normal mixture', ([v, alpha, z]) => {
  const found = sequentialZ({ alpha: alpha!, rho: 100 }, v!)
  expect(found).toBeGreaterThanOrEqual(z!)
  expect(found).toBeLessThan(z! * 1.02)
})

test('the design is the one with which an equal model passes on the least data', () => {
  const { rho } = designFor(0.05, 0.05)
  const passesAt = (design: { alpha: number; rho: number }) => {
    let information = 1
    while (sequentialZ(design, information) / Math.sqrt(information) > 0.05) information *= 1.002
    return information
  }
  const best = passesAt({ alpha: 0.05, rho })
  for (const factor of [0.25, 0.5, 2, 4])
    expect(passesAt({ alpha: 0.05, rho: rho * factor })).toBeGreaterThan(best)
})

test('the level is that of the same distance for a single look', () => {
  const design = designFor(0.05, 0.05)
  expect(normalQuantile(1 - sequentialLevel(design, 3000))).toBeCloseTo(sequentialZ(design, 3000), 6)
  expect(sequentialLevel(design, 0)).toBeGreaterThan(0)
  expect(sequentialZ(design, 0)).toBe(Infinity)
  expect(normalProbability(1.959964)).toBeCloseTo(0.975, 6)
})

const STREAMS = 2_000
const MARGIN = 0.05

/** Looks after each ten rows of 20 to 2,000: how often, and when, the lower bound clears the margin. */
function watch(loss: number, boundary: (information: number) => number) {
  const draw = seededIndex(29)
  const score = () => draw(1001) / 1000
  let passed = 0
  let rows = 0
  for (let stream = 0; stream < STREAMS; stream++) {
    let [n, sum, squares] = [0, 0, 0]
    while (n < 2_000) {
      // Difference of two independent uniform scores, their spread 0.41.
      const difference = score() - score() - loss
      n += 1
      sum += difference
      squares += difference ** 2
      if (n < 20 || n % 10 > 0) continue
      const information = n / ((squares - sum ** 2 / n) / (n - 1))
      if (sum / n - boundary(information) / Math.sqrt(information) < -MARGIN) continue
      passed += 1
      break
    }
    rows += n
  }
  return { passed: passed / STREAMS, rows: rows / STREAMS }
}

describe('looking after every ten rows', () => {
  const design = designFor(MARGIN, 0.05)

  test('lets a model that is just the margin worse pass no more often than alpha', () => {
    expect(watch(MARGIN, (information) => sequentialZ(design, information)).passed).toBeLessThanOrEqual(0.05)
  })

  test('with the bound of a single look it passes many times as often', () => {
    expect(watch(MARGIN, () => normalQuantile(0.95)).passed).toBeGreaterThan(0.2)
  })

  test('an equal model passes in time: half of them with the rows of three single looks', () => {
    const { passed, rows } = watch(0, (information) => sequentialZ(design, information))
    expect(passed).toBeGreaterThan(0.85)
    // A single look needs (1.645 · 0.408 / 0.05)² = 180 rows for even odds.
    expect(rows).toBeLessThan(4 * 180 + 100)
  })
})
