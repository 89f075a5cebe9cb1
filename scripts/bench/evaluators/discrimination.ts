import { quantileSorted } from 'simple-statistics'
import { balancedAccuracy, confusionOf } from '../../../domain/calibration/agreement.ts'
import { auroc } from '../../../domain/calibration/auroc.ts'
import { sorted, type LabelledScore } from '../../../domain/calibration/labelled.ts'
import { bestThreshold } from '../../../domain/calibration/threshold.ts'
import type { Evaluated } from '../../../domain/evaluators/evaluator.ts'
import { seededIndex } from '../../../domain/statistics/random.ts'
import type { Figure } from '../harness.ts'

/** What people say of something that is scored. */
export interface Label {
  good: boolean
  /** What is drawn together: rows of one question or task are not independent. */
  cluster: string
}
export type Labelled = LabelledScore & Label

const RESAMPLES = 1000
const FOLDS = 5
const SEED = 1

/** AUROC and balanced accuracy of scores beside their labels, with 95% intervals; what could not be scored is counted. */
export function discrimination(
  prefix: string,
  results: readonly Evaluated[],
  labels: readonly Label[],
): Record<string, Figure> {
  const scored = results.flatMap((result, at) =>
    'error' in result ? [] : [{ score: result.score, ...labels[at]! }],
  )
  const errors = results.length - scored.length
  return {
    [`${prefix}.auroc`]: withInterval(scored, (rows) => auroc(sorted(rows))),
    [`${prefix}.bacc`]: crossFitted(scored),
    ...(errors > 0 ? { [`${prefix}.errors`]: exactly(errors) } : {}),
  }
}

/**
 * Balanced accuracy at a threshold that is chosen on other rows: each fifth of the clusters is judged by the threshold
 * that was best on the other four.
 */
function crossFitted(rows: readonly Labelled[]): Figure {
  const clusters = [...new Set(rows.map(({ cluster }) => cluster))].toSorted()
  const folds = new Map(clusters.map((cluster, index) => [cluster, index % FOLDS]))
  const foldOf = ({ cluster }: Label) => folds.get(cluster)!
  const thresholds = Array.from({ length: FOLDS }, (_, fold) =>
    bestThreshold(sorted(rows.filter((row) => foldOf(row) !== fold))),
  )
  const judged = rows.map((row) => ({ ...row, passed: row.score >= thresholds[foldOf(row)]! }))
  return withInterval(judged, (sample) =>
    balancedAccuracy(confusionOf(sample.map(({ passed, good }) => [passed, good] as const))),
  )
}

/** A statistic with its 95% interval: the seeded percentile bootstrap over clusters. */
export function withInterval<Row extends { cluster: string }>(
  rows: readonly Row[],
  statistic: (rows: readonly Row[]) => number,
): Figure {
  const clusters = [...Map.groupBy(rows, ({ cluster }) => cluster).values()]
  const index = seededIndex(SEED)
  const values = Array.from({ length: RESAMPLES }, () =>
    statistic(clusters.flatMap(() => clusters[index(clusters.length)]!)),
  )
    .filter((value) => !Number.isNaN(value))
    .toSorted((a, b) => a - b)
  const at = (p: number) => (values.length > 0 ? quantileSorted(values, p) : Number.NaN)
  return { median: statistic(rows), low: at(0.025), high: at(0.975) }
}

/** A number that was counted. */
export function exactly(value: number): Figure {
  return { median: value, low: value, high: value }
}
