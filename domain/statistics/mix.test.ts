import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareMix } from './mix.ts'
import { seededIndex } from './random.ts'

const counts = (...list: number[]) => new Map(list.map((count, index) => [`c${index}`, count]))

// chisq.test(rbind(c(762, 327, 468), c(484, 239, 477))) in R: 30.07, df = 2, p = 2.954e-07.
test('the p-value is that of R', () => {
  expect(compareMix(counts(762, 327, 468), counts(484, 239, 477), 0.05).pValue).toBeCloseTo(2.954e-7, 10)
})

test('the divergence is the share that would have to move', () => {
  expect(compareMix(counts(50, 50), counts(700, 300), 0.05).divergence).toBeCloseTo(0.2, 12)
  expect(compareMix(new Map([['a', 9]]), new Map([['b', 4]]), 0.05).divergence).toBe(1)
})

describe.for([
  [200, 200],
  [2000, 200],
  [300, 30],
])('of %d rows and %d traces of the same mix', ([m, n]) => {
  test('a difference is seen about as often as alpha says', () => {
    const draw = seededIndex(m! + n!)
    // Some cohorts are so rare that the test has to take them together.
    const cohort = () => Math.floor(8 * (draw(1000) / 1000) ** 2)
    const sample = (size: number) => {
      const found = new Map<string, number>()
      for (let index = 0; index < size; index++) {
        const name = `c${cohort()}`
        found.set(name, (found.get(name) ?? 0) + 1)
      }
      return found
    }
    const trials = 600
    let seen = 0
    for (let trial = 0; trial < trials; trial++)
      if (compareMix(sample(m!), sample(n!), 0.05).pValue <= 0.05) seen += 1
    expect(seen / trials).toBeLessThan(0.08)
    expect(seen / trials).toBeGreaterThan(0.02)
  })
})

test('about so many traces of the same mix would show the difference, and fewer would not', () => {
  const reference = counts(300, 200)
  const { pValue, neededToShow } = compareMix(reference, counts(30, 30), 0.05)
  expect(pValue).toBeGreaterThan(0.05)
  const at = (n: number) => compareMix(reference, counts(n / 2, n / 2), 0.05).pValue
  expect(at(neededToShow! * 1.05)).toBeLessThanOrEqual(0.05)
  expect(at(neededToShow! * 0.95)).toBeGreaterThan(0.05)
  // Ten rows of reference cannot show a small difference to any traffic.
  expect(compareMix(counts(6, 4), counts(50, 50), 0.05).neededToShow).toBeNull()
})

test('whatever is counted, the numbers are numbers', () => {
  const any = fc
    .array(fc.nat(40), { minLength: 1, maxLength: 12 })
    .filter((list) => list.some((count) => count > 0))
  fc.assert(
    fc.property(any, any, (a, b) => {
      const { divergence, pValue } = compareMix(counts(...a), counts(...b), 0.05)
      expect(divergence).toBeGreaterThanOrEqual(0)
      expect(divergence).toBeLessThanOrEqual(1 + 1e-12)
      expect(pValue).toBeGreaterThanOrEqual(-1e-12)
      expect(pValue).toBeLessThanOrEqual(1)
    }),
  )
})
