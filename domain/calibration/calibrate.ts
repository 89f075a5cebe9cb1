import { round } from '../evaluators/source.ts'
import { seededIndex } from '../statistics/random.ts'
import { agreement, balancedAccuracy, cohensKappa, confusionOf, type Confusion } from './agreement.ts'
import { auroc } from './auroc.ts'
import { crossValidated } from './cross-validation.ts'
import { labelsProblem, MIN_COHORT_LABELS, sorted, type LabelledScore } from './labelled.ts'
import { bestThreshold } from './threshold.ts'

/** Bootstrap resamples. */
const RESAMPLES = 2000

/** A figure with its 95% interval. */
export interface Figure {
  value: number
  lower: number
  upper: number
}

export interface Fit {
  n: number
  good: number
  /** A row passes from here on. */
  threshold: number
  /** How well scores order good above bad, whatever the threshold. */
  auroc: Figure
  /** On the rows that chose the threshold: too good to be true. */
  fittedBalancedAccuracy: number
  /** On rows that did not choose it. */
  balancedAccuracy: Figure
  agreement: Figure
  kappa: Figure
}

export interface Calibration extends Fit {
  seed: number
  /** Cohorts with enough labels, by name. */
  cohorts: Record<string, Fit>
}

/**
 * How far scores agree with people, and from which score on a row should pass. Agreement, kappa and balanced accuracy are
 * those of fivefold cross-validation; intervals are of the seeded percentile bootstrap over rows (Efron & Tibshirani 1993,
 * chapter 13), and hold the threshold's choice fixed. The order of the rows plays no part.
 */
export function calibrate(rows: readonly LabelledScore[], seed: number): Calibration | { error: string } {
  const error = labelsProblem(rows)
  if (error !== undefined) return { error }
  const byCohort = Object.groupBy(
    rows.filter(({ cohort }) => cohort !== undefined),
    ({ cohort }) => cohort!,
  )
  const cohorts = Object.entries(byCohort)
    .map(([cohort, labelled = []]) => [cohort, labelled] as const)
    .filter(([, labelled]) => labelled.length >= MIN_COHORT_LABELS && labelsProblem(labelled) === undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([cohort, labelled]) => [cohort, fit(sorted(labelled), seed)])
  return { ...fit(sorted(rows), seed), seed, cohorts: Object.fromEntries(cohorts) }
}

function fit(rows: readonly LabelledScore[], seed: number): Fit {
  const threshold = bestThreshold(rows)
  const predicted = crossValidated(rows, seed)
  const counts = confusionOf(rows.map(({ good }, index) => [predicted[index]!, good]))
  const fitted = confusionOf(rows.map(({ score, good }) => [score >= threshold, good]))
  const resampled = resample(rows, predicted, seed)
  const figure = (value: number, values: readonly number[]) => ({ value: round(value), ...interval(values) })
  return {
    n: rows.length,
    good: rows.filter(({ good }) => good).length,
    threshold,
    auroc: figure(auroc(rows), resampled.aurocs),
    fittedBalancedAccuracy: round(balancedAccuracy(fitted)),
    balancedAccuracy: figure(balancedAccuracy(counts), resampled.counts.map(balancedAccuracy)),
    agreement: figure(agreement(counts), resampled.counts.map(agreement)),
    kappa: figure(cohensKappa(counts), resampled.counts.map(cohensKappa)),
  }
}

/** Rows drawn with replacement, many times: what the figures would have been. */
function resample(rows: readonly LabelledScore[], predicted: readonly boolean[], seed: number) {
  const draw = seededIndex(seed)
  const aurocs: number[] = []
  const counts: Confusion[] = []
  const weights = new Float64Array(rows.length)
  for (let time = 0; time < RESAMPLES; time++) {
    weights.fill(0)
    const drawn: Confusion = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 }
    for (let taken = 0; taken < rows.length; taken++) {
      const index = draw(rows.length)
      weights[index]! += 1
      if (rows[index]!.good) drawn[predicted[index] ? 'truePositives' : 'falseNegatives'] += 1
      else drawn[predicted[index] ? 'falsePositives' : 'trueNegatives'] += 1
    }
    aurocs.push(auroc(rows, weights))
    counts.push(drawn)
  }
  return { aurocs, counts }
}

/** The middle 95%. A draw of one kind of row alone says nothing and is left out. */
function interval(values: readonly number[]): { lower: number; upper: number } {
  const known = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b)
  const at = (share: number) => round(known[Math.round(share * (known.length - 1))]!)
  return { lower: at(0.025), upper: at(0.975) }
}
