import { cumulativeStdNormalProbability, probit } from 'simple-statistics'

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
  return probit(probability)
}

/**
 * One-sided confidence bounds of a mean of scores in [0, 1], each at level 1 − alpha. All-equal scores still get a
 * width: the rule of three's generalisation `1 − alpha^(1/n)`, since n equal rows do not prove a mean without error.
 */
export function meanBounds(moments: Moments, alpha: number): { lower: number; upper: number } {
  const { n } = moments
  if (n === 0) return { lower: 0, upper: 1 }
  const center = mean(moments)
  const halfWidth = Math.max(
    (normalQuantile(1 - alpha) * standardDeviation(moments)) / Math.sqrt(n),
    (1 - alpha ** (1 / n)) * (standardDeviation(moments) === 0 ? 1 : 0),
  )
  return { lower: Math.max(0, center - halfWidth), upper: Math.min(1, center + halfWidth) }
}

/** Probability of a sample mean this low or lower if the true mean were `limit` (one-sided z-test). */
export function pValueBelow(moments: Moments, limit: number): number {
  const center = mean(moments)
  if (moments.n === 0 || center >= limit) return 1
  const spread = standardDeviation(moments)
  // Scores without any spread: the chance that n draws all fall on the low side of a mean at the limit.
  if (spread === 0) return limit ** moments.n
  return cumulativeStdNormalProbability((center - limit) / (spread / Math.sqrt(moments.n)))
}
