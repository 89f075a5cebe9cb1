import { points } from '../gates/gate.ts'
import { boundedMeanBounds } from '../statistics/bounded-mean.ts'
import { meanOf, rowsOf, type Cluster } from '../statistics/clusters.ts'
import { differenceBounds, type Estimate } from '../statistics/proportion.ts'

/** Scores of one evaluator in one cohort. */
export interface EvaluatorSample {
  metric: string
  cohort: string
  /** With its version: scores of two versions are two measures. */
  evaluator: string
  /** By conversation offline, by trace online. */
  clusters: readonly Cluster[]
}

export interface GapPolicy {
  /** How far offline and online may lie apart, in [0, 1]. */
  limit: number
  /** Of taking any gap within the limit for one beyond it, over all metrics × cohorts. */
  alpha: number
}

export interface OfflineOnlineGap {
  metric: string
  cohort: string
  evaluator: string
  offline: { n: number; mean: number }
  online: { n: number; mean: number }
  /** Offline − online: above 0, the golden set flatters. Bounds hold for all gaps together, at 1 − alpha. */
  gap: number
  lower: number
  upper: number
  /** `beyond`, `within`: shown. `unclear`: the interval holds the limit. */
  verdict: 'beyond' | 'within' | 'unclear'
  sentence: string
}

export interface OfflineOnline {
  gaps: OfflineOnlineGap[]
  /** Online cohorts without a counterpart: of another version of the evaluator, or with no offline score at all. */
  incomparable: { metric: string; cohort: string; reason: 'other_version' | 'not_offline' }[]
}

/**
 * The same evaluator's mean on the golden set and on traffic, by cohort: where they lie further apart than the limit,
 * passing offline proves little. Each gap gets a two-sided interval at alpha over their number (Bonferroni), from the
 * bounds of both means for bounded scores of any distribution (`boundedMeanBounds`, `differenceBounds`).
 */
export function compareOfflineOnline(
  offline: readonly EvaluatorSample[],
  online: readonly EvaluatorSample[],
  { limit, alpha }: GapPolicy,
): OfflineOnline {
  const pairs = online
    .filter(({ clusters }) => clusters.length > 0)
    .map((sample) => {
      const same = offline.filter(
        ({ metric, cohort, clusters }) =>
          metric === sample.metric && cohort === sample.cohort && clusters.length > 0,
      )
      return { sample, same, golden: same.find(({ evaluator }) => evaluator === sample.evaluator) }
    })
  const comparable = pairs.flatMap(({ sample, golden }) => (golden ? [{ sample, golden }] : []))
  return {
    gaps: comparable.map(({ sample, golden }) =>
      gapOf(golden, sample, { limit, level: alpha / 2 / comparable.length }),
    ),
    incomparable: pairs
      .filter(({ golden }) => !golden)
      .map(({ sample: { metric, cohort }, same }) => ({
        metric,
        cohort,
        reason: same.length > 0 ? 'other_version' : 'not_offline',
      })),
  }
}

function gapOf(
  golden: EvaluatorSample,
  traffic: EvaluatorSample,
  { limit, level }: { limit: number; level: number },
): OfflineOnlineGap {
  const { metric, cohort, evaluator } = traffic
  const [offline, online] = [estimate(golden.clusters, level), estimate(traffic.clusters, level)]
  const { value: gap, lower, upper } = differenceBounds(offline, online)
  const isBeyond = lower > limit || upper < -limit
  const isWithin = lower >= -limit && upper <= limit
  return {
    metric,
    cohort,
    evaluator,
    offline: { n: rowsOf(golden.clusters), mean: offline.value },
    online: { n: rowsOf(traffic.clusters), mean: online.value },
    gap,
    lower,
    upper,
    verdict: isBeyond ? 'beyond' : isWithin ? 'within' : 'unclear',
    sentence: `${metric} of \`${cohort}\` is ${offline.value.toFixed(3)} on the golden set and ${online.value.toFixed(3)} on traffic: ${points(gap)} (${points(lower)} to ${points(upper)}), and ${(limit * 100).toFixed(1)} either way are allowed`,
  }
}

function estimate(clusters: readonly Cluster[], level: number): Estimate {
  return { value: meanOf(clusters), ...boundedMeanBounds(clusters, level) }
}
