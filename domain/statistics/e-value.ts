import { excesses, type Cluster } from './clusters.ts'

/**
 * Bets against "the mean of scores in [0, 1] is at least the limit", as shares of all that can be staked: large ones win
 * on sudden drops, small ones on slow declines. Fixed before any score is seen.
 */
export const BETS: readonly number[] = [0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125]

/** Room above a limit of 1 or nearly: no bet may depend on dividing by 0. */
const LEAST_ROOM = 1e-3

/**
 * Logarithm of what a stake of 1 becomes by each bet: `Σ log(1 + λ (limit − score))` with λ the bet's share of
 * `1 / (1 − limit)`. No bet grows on average while the mean is at least the limit, so that what it has become is an
 * e-value, whatever the distribution of the scores (Waudby-Smith & Ramdas 2024, J. R. Stat. Soc. B 86:1). Clusters are
 * weighted by their size and count as one draw each; sizes are taken as given.
 *
 * @returns one logarithm a bet, in the order of `BETS`
 */
export function logEValues(clusters: readonly Cluster[], limit: number): number[] {
  const most = 1 / Math.max(LEAST_ROOM, 1 - limit)
  const falls = excesses(clusters, limit).map((excess) => -excess)
  return BETS.map((share) => falls.reduce((sum, fall) => sum + Math.log1p(share * most * fall), 0))
}
