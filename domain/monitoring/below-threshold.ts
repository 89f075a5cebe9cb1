import { boundedMeanBounds, pMeanBelow } from '../statistics/bounded-mean.ts'
import { meanOf, rowsOf, type Cluster } from '../statistics/clusters.ts'
import { holmLevels } from '../statistics/holm.ts'

/** Scores of a metric in a cohort, and what they should not lie below. */
export interface CohortSample {
  metric: string
  cohort: string
  /** Of one sweep, or of the last few together: seven nights of a small cohort show what one cannot. */
  clusters: readonly Cluster[]
  /** In [0, 1], from the policy or from the promotion, never from these scores. */
  threshold: number
}

export interface CohortFinding {
  metric: string
  cohort: string
  /** Scores, and the traces that they are of. */
  n: number
  traces: number
  mean: number
  /** One-sided bounds of the mean, each at level 1 − `level`. */
  lower: number
  upper: number
  threshold: number
  pValue: number
  /** Of this test, after Holm. */
  level: number
  /**
   * `below`: shown to lie below the threshold. `thin`: too few traces to judge, which is no good news. Else `not_shown`:
   * the cohort may be well, or the sample too small to tell.
   */
  verdict: 'below' | 'not_shown' | 'thin'
}

export interface FlagPolicy {
  /** Of flagging any cohort that does not lie below its threshold, over all cohorts × metrics of the sweep. */
  alpha: number
  /** Cohorts of fewer traces are not judged. */
  minTraces: number
}

/**
 * Which cohorts lie below their thresholds: those whose upper bound does. One-sided tests for bounded scores
 * (`pMeanBelow`) over whole traces, with Holm's correction over cohorts × metrics, which holds however they depend on
 * each other. That a cohort is thin depends on how many traces it has, not on their scores, so that leaving it out costs
 * nothing.
 */
export function findBelowThreshold(
  samples: readonly CohortSample[],
  { alpha, minTraces }: FlagPolicy,
): CohortFinding[] {
  const isThin = ({ clusters }: CohortSample) => clusters.length < Math.max(1, minTraces)
  const pValues = samples.map(({ clusters, threshold }) => pMeanBelow(clusters, threshold))
  const tested = samples.flatMap((sample, index) => (isThin(sample) ? [] : [index]))
  const levels = holmLevels(
    tested.map((index) => pValues[index]!),
    alpha,
  )
  const levelOf = new Map(tested.map((index, place) => [index, levels[place]!]))
  return samples.map(({ metric, cohort, clusters, threshold }, index) => {
    const level = levelOf.get(index)
    const pValue = pValues[index]!
    return {
      metric,
      cohort,
      n: rowsOf(clusters),
      traces: clusters.length,
      mean: meanOf(clusters),
      ...boundedMeanBounds(clusters, level ?? alpha),
      threshold,
      pValue,
      level: level ?? alpha,
      verdict: level === undefined ? 'thin' : pValue <= level ? 'below' : 'not_shown',
    }
  })
}
