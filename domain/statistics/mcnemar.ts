import binomialProbability from '@stdlib/stats-base-dists-binomial-cdf'
import { normalProbability, normalQuantile } from './mean.ts'

/** Rows of a yes-or-no metric that both models answered, and those on which they differ. */
export interface Discordance {
  n: number
  /** Rows that only the candidate passes. */
  gained: number
  /** Rows that only production passes. */
  lost: number
}

/**
 * Exact two-sided p-value that the two models pass equally often (McNemar 1947, Psychometrika 12:153): of the rows on
 * which they differ, `min(gained, lost)` or fewer of one kind, were each kind as likely. It tests a difference, not that
 * there is none: a large p-value proves nothing. Rows must be independent.
 */
export function mcnemarExact({ gained, lost }: Omit<Discordance, 'n'>): number {
  return Math.min(1, 2 * binomialProbability(Math.min(gained, lost), gained + lost, 0.5))
}

export interface McNemarDesign {
  n: number
  /** Share of rows that flips each way between two models that are alike. */
  flips: number
  /** Share of rows that are lost beyond that. */
  loss: number
  /** Two-sided level of the test. */
  alpha: number
}

/** Beyond so many discordant rows, exact sums take long and normal ones are as good. */
const MAX_EXACT = 2_000
/** Standard deviations of the number of discordant rows that are summed over. */
const REACH = 8

/**
 * Probability that the exact test sees the loss: over the number of discordant rows (binomial, share `2·flips + loss`),
 * the probability that so few of them are gains that the test rejects.
 */
export function mcnemarPower({ n, flips, loss, alpha }: McNemarDesign): number {
  const share = Math.min(1, 2 * flips + loss)
  if (n < 1 || share <= 0 || loss <= 0) return 0
  if (n * share > MAX_EXACT) return normalPower({ n, flips, loss, alpha })
  const reach = REACH * Math.sqrt(n * share * (1 - share)) + REACH
  const from = Math.max(0, Math.floor(n * share - reach))
  const to = Math.min(n, Math.ceil(n * share + reach))
  const weights = binomialWeights(n, share, from, to)
  let critical = -1
  let power = 0
  for (let discordant = from; discordant <= to; discordant++) {
    while (2 * binomialProbability(critical + 1, discordant, 0.5) <= alpha) critical += 1
    if (critical >= 0)
      power += weights[discordant - from]! * binomialProbability(critical, discordant, flips / share)
  }
  return Math.min(1, power)
}

/** Connor 1987, Biometrics 43:207. */
function normalPower({ n, flips, loss, alpha }: McNemarDesign): number {
  const share = Math.min(1, 2 * flips + loss)
  const spread = Math.sqrt(Math.max(1e-12, share - loss ** 2))
  return normalProbability((loss * Math.sqrt(n) - normalQuantile(1 - alpha / 2) * Math.sqrt(share)) / spread)
}

/**
 * Rows with which the exact test sees the loss with this power, about: Connor's number with a correction for what the
 * exact test gives away (that of Casagrande, Pike & Smith 1978, Biometrics 34:483).
 */
export function mcnemarRows({ flips, loss, alpha }: Omit<McNemarDesign, 'n'>, power: number): number | null {
  if (loss <= 0) return null
  const share = Math.min(1, 2 * flips + loss)
  const rows =
    ((normalQuantile(1 - alpha / 2) * Math.sqrt(share) +
      normalQuantile(power) * Math.sqrt(Math.max(0, share - loss ** 2))) /
      loss) **
    2
  const corrected = Math.ceil((rows / 4) * (1 + Math.sqrt(1 + 4 / (rows * loss))) ** 2)
  return Number.isSafeInteger(corrected) ? corrected : null
}

/** Binomial probabilities from `from` to `to`, by their ratios, of which all but nothing lies in between. */
function binomialWeights(n: number, share: number, from: number, to: number): Float64Array {
  const weights = new Float64Array(to - from + 1)
  const mode = Math.min(to, Math.max(from, Math.floor((n + 1) * share)))
  const odds = share / (1 - share)
  weights[mode - from] = 1
  for (let k = mode; k < to; k++) weights[k + 1 - from] = weights[k - from]! * ((n - k) / (k + 1)) * odds
  for (let k = mode; k > from; k--) weights[k - 1 - from] = (weights[k - from]! * k) / ((n - k + 1) * odds)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
