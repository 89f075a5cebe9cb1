import binomialProbability from '@stdlib/stats-base-dists-binomial-cdf'
import type { Estimate } from './proportion.ts'

/**
 * A quantile with one-sided bounds, each at level 1 − alpha: order statistics, by the binomial number of values below it
 * (Conover 1999, Practical Nonparametric Statistics, section 3.2). Exact for continuous values of any distribution,
 * conservative for ties; infinite where the sample is too small for a bound. The estimate is the value at rank
 * `⌈share · n⌉`.
 *
 * @param sorted ascending, at least one
 * @param share in (0, 1): 0.95 for the 95th percentile
 */
export function quantileBounds(sorted: readonly number[], share: number, alpha: number): Estimate {
  const n = sorted.length
  // P(the quantile lies below the value at this rank), which falls as the rank falls.
  const below = (rank: number) => binomialProbability(rank - 1, n, share)
  // The largest rank of which so few values lie below the quantile with a probability of at most alpha.
  const lower = firstRank(n, (rank) => below(rank) > alpha) - 1
  const upper = firstRank(n, (rank) => 1 - below(rank) <= alpha)
  return {
    value: sorted[Math.max(0, Math.ceil(share * n) - 1)]!,
    lower: sorted[lower - 1] ?? -Infinity,
    upper: sorted[upper - 1] ?? Infinity,
  }
}

/** First rank from 1 on for which this holds, as it then does for all above; n + 1 where it does for none. */
function firstRank(n: number, holds: (rank: number) => boolean): number {
  let [low, high] = [1, n + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
