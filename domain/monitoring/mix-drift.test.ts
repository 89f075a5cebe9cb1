import { describe, expect, test } from 'vitest'
import { seededIndex } from '../statistics/random.ts'
import { findMixDrift } from './mix-drift.ts'

const options = { alpha: 0.05, limit: 0.1, seed: 1 }
const counts = (list: Record<string, number>) => new Map(Object.entries(list))

test('says which cohorts have moved, and by how much', () => {
  const found = findMixDrift(
    counts({ de: 500, fr: 400, it: 100 }),
    counts({ de: 30, fr: 32, it: 38 }),
    options,
  )
  expect(found).toMatchObject({ verdict: 'drifted', method: 'permutation', pValue: 0.001 })
  expect(found.shifts.map(({ cohort }) => cohort)).toEqual(['it', 'de', 'fr'])
  expect(found.shifts[0]).toEqual({ cohort: 'it', reference: 0.1, current: 0.38 })
})

test('a difference that is real and small is no drift, one that is large may be chance', () => {
  const small = findMixDrift(counts({ a: 50_000, b: 50_000 }), counts({ a: 520_000, b: 480_000 }), options)
  expect(small).toMatchObject({ verdict: 'stable', method: 'asymptotic' })
  expect(small.pValue).toBeLessThan(0.001)
  const few = findMixDrift(counts({ a: 10, b: 10 }), counts({ a: 7, b: 3 }), options)
  expect(few.verdict).toBe('unclear')
  expect(few.critical).toBeGreaterThan(few.index)
})

test('the same seed gives the same, whatever is compared with nothing is stable', () => {
  const [a, b] = [counts({ x: 60, y: 30, z: 2 }), counts({ x: 20, y: 30, z: 5 })]
  expect(findMixDrift(a, b, options)).toEqual(findMixDrift(a, b, options))
  expect(findMixDrift(a, counts({}), options)).toMatchObject({ verdict: 'stable', pValue: 1 })
  expect(findMixDrift(counts({}), counts({}), options).shifts).toEqual([])
})

test('a rare cohort of large samples does not take for ever', () => {
  const [a, b] = [counts({ x: 900_000, y: 100_000, z: 3 }), counts({ x: 8_000_000, y: 2_000_000, z: 1 })]
  expect(findMixDrift(a, b, options)).toMatchObject({ method: 'asymptotic', verdict: 'stable' })
})

/** Samples of the same skewed mix of eight cohorts. */
function sameMix(n: number, m: number, trials: number) {
  const next = seededIndex(n + m)
  const sample = (size: number) => {
    const found = new Map<string, number>()
    for (let row = 0; row < size; row++) {
      const cohort = `c${Math.floor(8 * (next(1000) / 1000) ** 2)}`
      found.set(cohort, (found.get(cohort) ?? 0) + 1)
    }
    return found
  }
  return Array.from({ length: trials }, (_, seed) =>
    findMixDrift(sample(n), sample(m), { alpha: 0.05, limit: 0, seed }),
  )
}

describe.for([
  [300, 30, 250],
  [200, 200, 150],
  [5000, 4000, 250],
])('of %d rows and %d traces of the same mix', ([n, m, trials]) => {
  test('a drift is seen about as often as alpha says', () => {
    const found = sameMix(n!, m!, trials!)
    const share = (holds: (index: number) => boolean) =>
      found.filter((_, index) => holds(index)).length / trials!
    // 5%, and three standard errors of so many trials.
    expect(share((index) => found[index]!.verdict === 'drifted')).toBeLessThan(
      0.05 + 3 * Math.sqrt((0.05 * 0.95) / trials!),
    )
    // The p-value and the critical index are the same test.
    expect(found.every(({ pValue, critical, index }) => pValue <= 0.05 === index > critical)).toBe(true)
  })
})

test('an index above 0.1 is nothing unusual for a small cohort without drift', () => {
  const found = sameMix(200, 200, 100)
  const byOldLimit = found.filter(({ index }) => index > 0.1).length
  const byTest = found.filter(({ verdict }) => verdict === 'drifted').length
  expect(byOldLimit).toBeGreaterThan(3 * byTest)
})
