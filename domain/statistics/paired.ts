import { normalQuantile, standardDeviation } from './mean.ts'
import { seededIndex } from './random.ts'

/** Bootstrap resamples: the smallest p-value that can come out is 1 / (RESAMPLES + 1). */
export const RESAMPLES = 2000

export interface PairedComparison {
  n: number
  /** Mean of candidate − production over the same rows. */
  difference: number
  /** Two-sided confidence interval at level 1 − 2·alpha: each bound is one-sided at alpha. */
  lower: number
  upper: number
  /** Probability of a mean this low if the candidate were no more than the margin worse. Small means: it is worse. */
  pWorse: number
  /** Rows needed for the lower bound to clear −margin if mean and spread stay as seen; null when no number would do. */
  rowsNeeded: number | null
}

/**
 * Paired non-inferiority by a seeded percentile bootstrap over clusters (Efron & Tibshirani 1993, chapter 13): whole
 * conversations are drawn, so that rows of one conversation do not count as independent.
 *
 * @param differences candidate − production, one list a cluster
 */
export function comparePaired(
  differences: readonly (readonly number[])[],
  { margin, alpha, seed }: { margin: number; alpha: number; seed: number },
): PairedComparison {
  const sums = differences.map((cluster) => cluster.reduce((sum, value) => sum + value, 0))
  const sizes = differences.map((cluster) => cluster.length)
  const n = sizes.reduce((total, size) => total + size, 0)
  if (n === 0) return { n, difference: 0, lower: -1, upper: 1, pWorse: 1, rowsNeeded: null }
  const difference = sums.reduce((total, sum) => total + sum, 0) / n
  const means = resampledMeans(sums, sizes, seed)
  const noWorse = means.reduce((count, value) => count + (value >= -margin ? 1 : 0), 0)
  return {
    n,
    difference,
    lower: means[Math.floor(alpha * (RESAMPLES - 1))]!,
    upper: means[Math.ceil((1 - alpha) * (RESAMPLES - 1))]!,
    pWorse: (1 + noWorse) / (RESAMPLES + 1),
    rowsNeeded: rowsNeeded(differences.flat(), difference, margin, alpha),
  }
}

function resampledMeans(sums: readonly number[], sizes: readonly number[], seed: number): Float64Array {
  const index = seededIndex(seed)
  const means = new Float64Array(RESAMPLES)
  for (let resample = 0; resample < RESAMPLES; resample++) {
    let sum = 0
    let size = 0
    for (let draw = 0; draw < sums.length; draw++) {
      const cluster = index(sums.length)
      sum += sums[cluster]!
      size += sizes[cluster]!
    }
    means[resample] = sum / size
  }
  return means.toSorted()
}

function rowsNeeded(
  values: readonly number[],
  difference: number,
  margin: number,
  alpha: number,
): number | null {
  const room = difference + margin
  if (room <= 0) return null
  const moments = {
    n: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    sumSquares: values.reduce((sum, value) => sum + value * value, 0),
  }
  return Math.ceil(((normalQuantile(1 - alpha) * standardDeviation(moments)) / room) ** 2)
}
