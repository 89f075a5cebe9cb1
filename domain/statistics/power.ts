import tProbability from '@stdlib/stats-base-dists-t-cdf'
import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { normalQuantile } from './mean.ts'

/** The power that a sample is said to need: a loss of the margin is missed once in five times. */
export const POWER = 0.8

/** What a sample can and cannot show of a mean. */
export interface Power {
  /** Probability of telling a loss of the margin from none. Null without a spread to go by. */
  power: number | null
  /** Smallest loss that is seen with a probability of 0.8. */
  smallestLoss: number | null
  /** Rows beyond these with which a loss of the margin is; 0 when these do. */
  moreRows: number | null
}

/** A mean of independent draws. */
export interface MeanDesign {
  /** Rows, and the clusters that are drawn: the same number where rows are independent. */
  n: number
  clusters: number
  standardError: number
  /** Whether hardly a draw differs from the others: a loss may then be of rows that none of these is like. */
  hardlyDeviates: boolean
}

/**
 * Power of the one-sided t-test at level alpha to tell a loss of the margin from none, `F(margin / error − t(1 − α))`
 * with Student's distribution F in place of the non-central one. It is also the chance that a model as good as
 * production is shown to be no more than the margin worse. Where hardly a draw deviates, a loss can be of few rows
 * that lose all: `1 − (1 − margin)^clusters` is the chance that one of them is in the sample.
 */
export function meanPower(design: MeanDesign, margin: number, alpha: number): Power {
  if (design.clusters < 2 || margin <= 0) return { power: null, smallestLoss: null, moreRows: null }
  const rows = rowsToSee(design, margin, alpha)
  return {
    power: powerOf(design, margin, alpha),
    smallestLoss: smallestSeen((loss) => powerOf(design, loss, alpha) >= POWER),
    moreRows: rows === null ? null : Math.max(0, rows - design.n),
  }
}

function powerOf(
  { clusters, standardError, hardlyDeviates }: MeanDesign,
  loss: number,
  alpha: number,
): number {
  const freedom = clusters - 1
  const bySpread =
    standardError === 0 ? 1 : tProbability(loss / standardError - tQuantile(1 - alpha, freedom), freedom)
  return hardlyDeviates ? Math.min(bySpread, 1 - (1 - Math.min(1, loss)) ** clusters) : bySpread
}

/** `n · ((z(1 − α) + z(0.8)) · error / loss)²`, rows for each cluster staying as they are. */
function rowsToSee({ n, clusters, standardError, hardlyDeviates }: MeanDesign, loss: number, alpha: number) {
  const bySpread = n * (((normalQuantile(1 - alpha) + normalQuantile(POWER)) * standardError) / loss) ** 2
  const byChance = hardlyDeviates
    ? (n / clusters) * (Math.log(1 - POWER) / Math.log1p(-Math.min(1, loss)))
    : 0
  const rows = Math.ceil(Math.max(bySpread, byChance))
  return Number.isSafeInteger(rows) ? rows : null
}

/** Smallest loss in [0, 1] that is seen; null when none is. What sees a loss sees a larger one. */
export function smallestSeen(isSeen: (loss: number) => boolean): number | null {
  if (!isSeen(1)) return null
  let [unseen, seen] = [0, 1]
  while (seen - unseen > 0.0005) {
    const middle = (unseen + seen) / 2
    if (isSeen(middle)) seen = middle
    else unseen = middle
  }
  return seen
}
