import { momentsOf, type CohortScore } from '../evaluation/score.ts'
import { holm } from '../statistics/holm.ts'
import { mean, meanBounds, pValueBelow, standardDeviation } from '../statistics/mean.ts'

/** What a sweep found for one metric of one cohort. */
export interface Finding {
  metric: string
  cohort: string
  n: number
  mean: number
  /** One-sided upper confidence bound of the mean. */
  upper: number
  /** Score at promotion less the margin of the policy. */
  threshold: number
  /** The cohort's mean at promotion; the mean over all rows where the promotion had no such cohort. */
  baseline: number
  flagged: boolean
}

/**
 * Flags a cohort when its mean is shown to lie below its threshold, with a family-wise error of at most `alpha` a sweep
 * over all cohorts × metrics (Holm). The threshold is the cohort's own score at promotion less a margin, since raw
 * scores differ between cohorts by style of reply alone.
 */
export function flagCohorts(
  scores: readonly CohortScore[],
  baseline: readonly CohortScore[],
  { margins, alpha }: { margins: Record<string, number>; alpha: number },
): Finding[] {
  const candidates = scores.flatMap((score) => {
    const margin = margins[score.metric]
    if (margin === undefined || score.n === 0) return []
    const own = momentsOf(baseline, score.metric, score.cohort)
    const all = momentsOf(baseline, score.metric)
    if (all.n === 0) return []
    const reference = mean(own.n > 0 ? own : all)
    return [{ score, reference, spread: standardDeviation(own), threshold: Math.max(0, reference - margin) }]
  })
  const flagged = holm(
    candidates.map(({ score, threshold, spread }) => pValueBelow(score, threshold, spread)),
    alpha,
  )
  return candidates.map(({ score, reference, threshold }, index) => ({
    metric: score.metric,
    cohort: score.cohort,
    n: score.n,
    mean: mean(score),
    upper: meanBounds(score, alpha).upper,
    threshold,
    baseline: reference,
    flagged: flagged[index]!,
  }))
}
