import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sumByCohort, type RowScores } from './score.ts'
import { BINS, summarise, summaryOf } from './summary.ts'

const rowsOf = (cohort: string, scores: readonly (number | null)[]): RowScores[] =>
  scores.map((score, index) => ({
    rowId: `${cohort}${index}`,
    cohort,
    scores: { M: score === null ? { error: 'no answer came' } : { score, reason: '' } },
  }))
const one = (scores: readonly (number | null)[], passAt = 0.5) =>
  summarise(sumByCohort(rowsOf('a', scores), { M: passAt }))[0]!

/** Between the ranks around (n − 1) p: R's type 7. */
function exactQuantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * p
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!]
  return low + (high - low) * (place - Math.floor(place))
}

const score = fc.double({ min: 0, max: 1, noNaN: true })

test('median and quartiles are exact to half a hundredth, counts and means exact', () => {
  fc.assert(
    fc.property(fc.array(score, { minLength: 1, maxLength: 60 }), score, (values, passAt) => {
      const found = one(values, passAt)
      for (const [quantile, p] of [
        [found.quartiles!.lower, 0.25],
        [found.median!, 0.5],
        [found.quartiles!.upper, 0.75],
      ] as const)
        expect(Math.abs(quantile - exactQuantile(values, p))).toBeLessThanOrEqual(0.005 + 1e-9)
      expect(found.mean!.value).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 9)
      expect(found.mean!.lower).toBeLessThanOrEqual(found.mean!.value + 1e-9)
      expect(found.mean!.upper).toBeGreaterThanOrEqual(found.mean!.value - 1e-9)
      expect(found.passRate!.passes).toBe(values.filter((value) => value >= passAt).length)
      expect(found.distribution).toHaveLength(BINS)
      expect(found.distribution.reduce((sum, count) => sum + count, 0)).toBe(values.length)
    }),
  )
})

test('of hundredths the quantiles are those of NumPy', () => {
  // numpy.quantile([.1, .4, .35, .8], [.25, .5, .75]) with NumPy 2.
  const { quartiles, median } = one([0.1, 0.4, 0.35, 0.8])
  expect([quartiles!.lower, median, quartiles!.upper]).toEqual([
    expect.closeTo(0.2875, 10),
    expect.closeTo(0.375, 10),
    expect.closeTo(0.5, 10),
  ])
})

test('the pass rate has Wilson’s interval', () => {
  // Newcombe 1998, Stat. Med. 17:857, table I, method 3: 15 of 148.
  const values = Array.from({ length: 148 }, (_, index) => (index < 15 ? 1 : 0))
  expect(one(values).passRate).toEqual({
    value: 15 / 148,
    lower: expect.closeTo(0.0624, 4),
    upper: expect.closeTo(0.1605, 4),
    passes: 15,
  })
})

describe('rows that could not be scored', () => {
  test('are counted, and in no other number', () => {
    const found = one([1, null, null, 0.5])
    expect(found).toMatchObject({ n: 2, errors: 2, mean: { value: 0.75 }, median: 0.75 })
    expect(found.passRate!.value).toBe(1)
  })

  test('alone leave nothing to tell, rather than a 0', () => {
    expect(one([null])).toMatchObject({
      n: 0,
      errors: 1,
      mean: null,
      median: null,
      quartiles: null,
      passRate: null,
      distribution: Array(BINS).fill(0),
    })
  })
})

test('all rows are the cohorts together', () => {
  const rows = [...rowsOf('a', [0, 0.25, null]), ...rowsOf('b', [1, 0.75, 0.875, 1])]
  const [found] = summarise(sumByCohort(rows))
  const together = summaryOf(sumByCohort(rows.map((row) => ({ ...row, cohort: 'all' })))[0]!)
  expect({ ...found, metric: undefined, cohorts: undefined }).toEqual({
    ...together,
    metric: undefined,
    cohorts: undefined,
  })
  expect(found!.cohorts.map(({ cohort, n, errors }) => [cohort, n, errors])).toEqual([
    ['a', 2, 1],
    ['b', 4, 0],
  ])
})

test('1 is in the last bin, and each bin has its lower end', () => {
  const { distribution } = one([0, 0.05, 0.949, 0.95, 1])
  expect([distribution[0], distribution[1], distribution[BINS - 1]]).toEqual([1, 1, 3])
})
