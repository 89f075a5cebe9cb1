import { normalQuantile } from './mean.ts'
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
 * conversations are drawn, so that rows of one conversation do not count as independent. One conversation alone says
 * nothing of others.
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
  const difference = sums.reduce((total, sum) => total + sum, 0) / Math.max(1, n)
  if (n === 0 || differences.length < 2)
    return { n, difference, lower: -1, upper: 1, pWorse: 1, rowsNeeded: null }
  const means = resampledMeans(sums, sizes, seed)
  const noWorse = means.reduce((count, value) => count + (value >= -margin ? 1 : 0), 0)
  const lower = means[Math.floor(alpha * (RESAMPLES - 1))]!
  const needed = rowsNeeded(standardError(sums, sizes, difference), n, difference + margin, alpha)
  return {
    n,
    difference,
    lower,
    upper: means[Math.ceil((1 - alpha) * (RESAMPLES - 1))]!,
    pWorse: (1 + noWorse) / (RESAMPLES + 1),
    rowsNeeded: needed === null || lower >= -margin ? needed : Math.max(n + 1, needed),
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

/** Standard error of the mean over clusters of unequal size (Cochran 1977, Sampling Techniques, equation 2.45). */
function standardError(sums: readonly number[], sizes: readonly number[], difference: number): number {
  const n = sizes.reduce((total, size) => total + size, 0)
  const squares = sums.reduce((total, sum, index) => total + (sum - sizes[index]! * difference) ** 2, 0)
  return Math.sqrt((squares * sums.length) / (sums.length - 1)) / n
}

function rowsNeeded(error: number, n: number, room: number, alpha: number): number | null {
  if (room <= 0) return null
  const rows = Math.ceil(n * ((normalQuantile(1 - alpha) * error) / room) ** 2)
  // Room that is nothing but rounding asks for more rows than anyone can count.
  return Number.isSafeInteger(rows) ? rows : null
}
