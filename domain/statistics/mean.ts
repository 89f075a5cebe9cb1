import binomialProbability from '@stdlib/stats-base-dists-binomial-cdf'
import normalProbabilityOf from '@stdlib/stats-base-dists-normal-cdf'
import normalQuantileOf from '@stdlib/stats-base-dists-normal-quantile'
import tProbability from '@stdlib/stats-base-dists-t-cdf'
import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { exactBounds, type Bounds } from './proportion.ts'

/** Count, sum and sum of squares of scores: adds up over shards in any order. */
export interface Moments {
  n: number
  sum: number
  sumSquares: number
}

/** 0 without a score, so that it stays JSON; `n` says that it means nothing then. */
export function mean({ n, sum }: Moments): number {
  return n === 0 ? 0 : sum / n
}

/** Sample standard deviation (n − 1). */
export function standardDeviation({ n, sum, sumSquares }: Moments): number {
  return n < 2 ? 0 : Math.sqrt(Math.max(0, (sumSquares - (sum * sum) / n) / (n - 1)))
}

/** Standard normal quantile, for a probability in (0, 1). */
export function normalQuantile(probability: number): number {
  return normalQuantileOf(probability, 0, 1)
}

/** Probability that a standard normal variable is at most `z`. */
export function normalProbability(z: number): number {
  return normalProbabilityOf(z, 0, 1)
}

/** Below this, scores count as equal: what is left of a spread after rounding. */
const NO_SPREAD = 1e-6

/**
 * One-sided confidence bounds of a mean of scores in [0, 1], each at level 1 − alpha: Student's t, and for scores of 0
 * and 1 alone the exact bounds of a proportion. All-equal scores still get a width, the rule of three's generalisation
 * `1 − alpha^(1/n)`: n equal rows do not prove a mean without error.
 */
export function meanBounds(moments: Moments, alpha: number): Bounds {
  const { n, sum } = moments
  if (n === 0) return { lower: 0, upper: 1 }
  if (isYesOrNo(moments)) return exactBounds(counted(sum), n, alpha)
  const center = mean(moments)
  const spread = standardDeviation(moments)
  const halfWidth =
    spread < NO_SPREAD ? 1 - alpha ** (1 / n) : (tQuantile(1 - alpha, n - 1) * spread) / Math.sqrt(n)
  return { lower: Math.max(0, center - halfWidth), upper: Math.min(1, center + halfWidth) }
}

/** A sum of zeros and ones, less what rounding added; that of so many times the rows need not be whole. */
function counted(sum: number): number {
  return Math.abs(sum - Math.round(sum)) < 1e-9 ? Math.round(sum) : sum
}

/** A score equals its square only if it is 0 or 1. */
function isYesOrNo({ n, sum, sumSquares }: Moments): boolean {
  return sum >= 0 && sum <= n && Math.abs(sum - sumSquares) < 1e-9 * n
}

/**
 * Rows with which a bound would clear a limit that lies `room` away from the mean, if mean and spread stay as seen: more
 * than there are, since these did not. Null when no number would do.
 */
export function rowsToShow(moments: Moments, room: number, alpha: number): number | null {
  if (room <= 0) return null
  const spread = standardDeviation(moments)
  const rows =
    spread < NO_SPREAD
      ? Math.log(alpha) / Math.log1p(-Math.min(1, room))
      : ((normalQuantile(1 - alpha) * spread) / room) ** 2
  const needed = Math.max(moments.n + 1, Math.ceil(rows))
  // Room that is nothing but rounding asks for more rows than anyone can count.
  return Number.isSafeInteger(needed) ? needed : null
}

/**
 * Probability of a sample mean this low or lower if the true mean were `limit`: exact for scores of 0 and 1 alone, else
 * by a one-sided t-test with n − 1 degrees of freedom. A spread that is known from elsewhere keeps a few rows that happen to be alike from proving too much.
 */
export function pValueBelow(moments: Moments, limit: number, knownSpread = 0): number {
  const { n } = moments
  const center = mean(moments)
  if (n === 0 || center >= limit) return 1
  if (isYesOrNo(moments)) return binomialProbability(counted(moments.sum), n, limit)
  const spread = Math.max(standardDeviation(moments), knownSpread)
  // Of all scores in [0, 1] with a mean at the limit, those with most mass at `center` have the rest of it at 1.
  if (spread < NO_SPREAD || n < 2) return ((1 - limit) / (1 - center)) ** n
  return tProbability((center - limit) / (spread / Math.sqrt(n)), n - 1)
}
