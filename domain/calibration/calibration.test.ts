import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededIndex } from '../statistics/random.ts'
import { agreement, balancedAccuracy, cohensKappa, confusionOf } from './agreement.ts'
import { auroc } from './auroc.ts'
import { calibrate, type Calibration } from './calibrate.ts'
import { MAX_LABELS, MIN_LABELS, sorted, type LabelledScore } from './labelled.ts'
import { bestThreshold } from './threshold.ts'

const counts = (tp: number, fp: number, tn: number, fn: number) => ({
  truePositives: tp,
  falsePositives: fp,
  trueNegatives: tn,
  falseNegatives: fn,
})

const rowsOf = (scores: readonly number[], good: readonly number[]): LabelledScore[] =>
  sorted(scores.map((score, index) => ({ score, good: good[index] === 1 })))

// Reference: scikit-learn 1.9.1, cohen_kappa_score, accuracy_score, balanced_accuracy_score.
test.for([
  [counts(40, 9, 31, 20), 0.4223107569721116, 0.71, 0.7208333333333333],
  [counts(90, 5, 2, 3), 0.2920353982300885, 0.92, 0.6267281105990783],
  [counts(1, 10, 80, 9), -0.010638297872340496, 0.81, 0.49444444444444446],
] as const)(
  'kappa, agreement and balanced accuracy of %j are scikit-learn’s',
  ([table, kappa, share, balanced]) => {
    expect(cohensKappa(table)).toBeCloseTo(kappa, 12)
    expect(agreement(table)).toBeCloseTo(share, 12)
    expect(balancedAccuracy(table)).toBeCloseTo(balanced, 12)
  },
)

const SCORES = [
  0.05, 0.1, 0.15, 0.2, 0.2, 0.3, 0.35, 0.4, 0.45, 0.45, 0.5, 0.5, 0.55, 0.6, 0.6, 0.7, 0.7, 0.75, 0.8, 0.85,
  0.9, 0.9, 0.95, 1,
]
const GOOD = [0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1]

test('AUROC with ties is scikit-learn’s, and the threshold that with the highest balanced accuracy of scikit-learn', () => {
  // Reference: scikit-learn 1.9.1, roc_auc_score; balanced_accuracy_score at every midpoint is highest at 0.575, 0.7917.
  expect(auroc(rowsOf(SCORES, GOOD))).toBeCloseTo(0.8229166666666666, 12)
  expect(
    auroc(rowsOf([0.5, 0.5, 0.5, 0.9, 0.9, 0.1, 0.1, 0.5, 1, 0], [1, 0, 1, 1, 0, 0, 1, 0, 1, 0])),
  ).toBeCloseTo(0.68, 12)
  const threshold = bestThreshold(rowsOf(SCORES, GOOD))
  expect(threshold).toBeCloseTo(0.575, 12)
  const fitted = rowsOf(SCORES, GOOD).map(({ score, good }) => [score >= threshold, good] as const)
  expect(balancedAccuracy(confusionOf(fitted))).toBeCloseTo(0.7916666666666667, 12)
})

const labelled = fc.record({
  score: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.25, 0.5, 1)),
  good: fc.boolean(),
})
const bothKinds = fc
  .array(labelled, { minLength: 2, maxLength: 60 })
  .filter((rows) => rows.some(({ good }) => good) && rows.some(({ good }) => !good))

test('no threshold has a higher balanced accuracy than the best one', () => {
  fc.assert(
    fc.property(bothKinds, fc.double({ min: 0, max: 1, noNaN: true }), (rows, other) => {
      const at = (threshold: number) =>
        balancedAccuracy(confusionOf(rows.map(({ score, good }) => [score >= threshold, good] as const)))
      expect(at(bestThreshold(sorted(rows)))).toBeGreaterThanOrEqual(at(other) - 1e-12)
    }),
  )
})

test('AUROC is the share of pairs in order, and that of turned scores is the rest', () => {
  fc.assert(
    fc.property(bothKinds, (rows) => {
      const [goods, bads] = [rows.filter(({ good }) => good), rows.filter(({ good }) => !good)]
      const wins = goods.flatMap((a) =>
        bads.map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)),
      )
      const area = auroc(sorted(rows))
      expect(area).toBeCloseTo(wins.reduce<number>((sum, win) => sum + win, 0) / wins.length, 9)
      const turned = rows.map((row) => ({ ...row, good: !row.good }))
      expect(auroc(sorted(turned))).toBeCloseTo(1 - area, 9)
    }),
  )
})

/** Scores of good and bad rows that overlap by some. */
function overlapping(n: number, seed: number, cohort?: string): LabelledScore[] {
  const draw = seededIndex(seed)
  return Array.from({ length: n }, (_, index) => {
    const good = index % 2 === 0
    return { score: (draw(700) + (good ? 300 : 0)) / 1000, good, ...(cohort === undefined ? {} : { cohort }) }
  })
}

const calibrated = (rows: readonly LabelledScore[]): Calibration => {
  const result = calibrate(rows, 7)
  if ('error' in result) throw new Error(result.error)
  return result
}

test('a calibration is that of its rows: their order plays no part, and the same seed gives the same', () => {
  const rows = overlapping(120, 1)
  const result = calibrated(rows)
  fc.assert(
    fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
      expect(calibrated(shuffled)).toEqual(result)
    }),
    { numRuns: 5 },
  )
  expect(result).toMatchInlineSnapshot(`
    {
      "agreement": {
        "lower": 0.6,
        "upper": 0.7667,
        "value": 0.6833,
      },
      "auroc": {
        "lower": 0.7554,
        "upper": 0.8969,
        "value": 0.8321,
      },
      "balancedAccuracy": {
        "lower": 0.6027,
        "upper": 0.7636,
        "value": 0.6833,
      },
      "cohorts": {},
      "fittedBalancedAccuracy": 0.7417,
      "good": 60,
      "kappa": {
        "lower": 0.2034,
        "upper": 0.5311,
        "value": 0.3667,
      },
      "n": 120,
      "seed": 7,
      "threshold": 0.6355,
    }
  `)
})

test('figures lie within their intervals, and fitted figures flatter', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const result = calibrated(overlapping(200, seed))
    for (const { value, lower, upper } of [
      result.auroc,
      result.balancedAccuracy,
      result.agreement,
      result.kappa,
    ]) {
      expect(value).toBeGreaterThanOrEqual(lower)
      expect(value).toBeLessThanOrEqual(upper)
    }
    expect(result.fittedBalancedAccuracy).toBeGreaterThanOrEqual(result.balancedAccuracy.value)
  }
})

test('the interval holds the true value about 95% of the time', () => {
  // The truth of `overlapping`: a uniform good score in [0.3, 1) beats one in [0, 0.7) with probability 1 − 0.4²/(2·0.7²).
  const truth = 1 - 0.4 ** 2 / (2 * 0.7 ** 2)
  const times = 100
  const held = Array.from(
    { length: times },
    (_, seed) => calibrated(overlapping(100, seed + 1)).auroc,
  ).filter(({ lower, upper }) => lower <= truth && truth <= upper).length
  expect(held / times).toBeGreaterThan(0.9)
})

test('scores that tell nothing have no agreement beyond chance on rows that did not choose the threshold', () => {
  const draw = seededIndex(3)
  const rows = Array.from({ length: 400 }, (_, index) => ({
    score: draw(1000) / 1000,
    good: index % 2 === 0,
  }))
  const { kappa, auroc: area } = calibrated(rows)
  expect(kappa.lower).toBeLessThan(0)
  expect(area.lower).toBeLessThan(0.5)
})

test('a cohort with enough labels has a threshold of its own', () => {
  const shifted = overlapping(60, 2, 'terse').map((row) => ({ ...row, score: row.score * 0.5 }))
  const result = calibrated([...overlapping(60, 1, 'wordy'), ...shifted, ...overlapping(20, 3, 'rare')])
  expect(Object.keys(result.cohorts)).toEqual(['terse', 'wordy'])
  expect(result.cohorts.terse!.threshold).toBeLessThan(result.cohorts.wordy!.threshold)
  expect(result.cohorts.terse!.n).toBe(60)
  expect(result.n).toBe(140)
})

const alike = (n: number, good: number) =>
  Array.from({ length: n }, (_, index) => ({ score: index / n, good: index < good }))

test.for([
  [alike(MIN_LABELS - 1, 9), 'at least 20 labelled rows with a score are needed; there are 19'],
  [alike(30, 30), 'at least 5 good and 5 bad rows are needed; of 30 there are 30 good and 0 bad'],
  [alike(30, 4), 'at least 5 good and 5 bad rows are needed; of 30 there are 4 good and 26 bad'],
  [
    alike(MAX_LABELS + 1, 99),
    'at most 10000 labelled rows are taken; there are 10001: send a random part of them',
  ],
] as const)('labels that cannot calibrate are refused: %#', ([rows, error]) => {
  expect(calibrate(rows, 1)).toEqual({ error })
})
