import binomialProbability from '@stdlib/stats-base-dists-binomial-cdf'
import { mcnemarPower, mcnemarRows, type Discordance } from './mcnemar.ts'
import { normalProbability, normalQuantile } from './mean.ts'
import { POWER, smallestSeen } from './power.ts'
import { exactBounds, factorToShow, type Bounds } from './proportion.ts'
import type { PairedComparison } from './paired.ts'

/** Halvings of [-1, 1] that leave nothing of it. */
const HALVINGS = 40

/**
 * Score test of a difference of paired proportions (Tango 1998, Stat. Med. 17:891): how many standard errors the seen
 * difference lies from `delta`, with the error that it would have if `delta` were true. That keeps a sample that happens
 * to hold few of the rare losses from looking sure of itself, as Student's t does.
 */
export function tangoZ({ n, gained, lost }: Discordance, delta: number): number {
  const b = -gained - lost + (2 * n - gained + lost) * delta
  const c = -lost * delta * (1 - delta)
  const share = (Math.sqrt(Math.max(0, b ** 2 - 8 * n * c)) - b) / (4 * n)
  const variance = n * (2 * share + delta * (1 - delta))
  const distance = gained - lost - n * delta
  if (variance <= 0) return distance === 0 ? 0 : Math.sign(distance) * Infinity
  return distance / Math.sqrt(variance)
}

/**
 * One-sided bounds of candidate − production, each at level 1 − alpha: those of Tango's test. Where all discordant rows
 * are of one kind the difference is a single proportion, and no bound may be closer than the exact one.
 */
export function pairedProportionBounds(counts: Discordance, alpha: number): Bounds {
  const { n, gained, lost } = counts
  if (n === 0) return { lower: -1, upper: 1 }
  const seen = (gained - lost) / n
  const z = normalQuantile(1 - alpha)
  const bounds = {
    lower: crossing(-1, seen, (delta) => tangoZ(counts, delta) > z),
    upper: crossing(seen, 1, (delta) => tangoZ(counts, delta) > -z),
  }
  const losses = exactBounds(lost, n, alpha)
  const gains = exactBounds(gained, n, alpha)
  if (gained === 0) {
    bounds.lower = Math.min(bounds.lower, -losses.upper)
    if (lost > 0) bounds.upper = Math.max(bounds.upper, -losses.lower)
  }
  if (lost === 0) {
    bounds.upper = Math.max(bounds.upper, gains.upper)
    if (gained > 0) bounds.lower = Math.min(bounds.lower, gains.lower)
  }
  return bounds
}

/** Where the test statistic, which falls with `delta`, crosses: `isBefore` holds up to there. */
function crossing(from: number, to: number, isBefore: (delta: number) => boolean): number {
  let [low, high] = [from, to]
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2
    if (isBefore(middle)) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * Paired non-inferiority of a yes-or-no metric on independent rows: the bounds of Tango's score test, the power of exact
 * McNemar (two-sided, as it is shown). Its size is at most alpha, give or take a tenth of it, where that of Student's t
 * reaches twice alpha for rare losses.
 */
export function comparePairedBinary(
  counts: Discordance,
  { margin, alpha, upperAlpha = alpha }: { margin: number; alpha: number; upperAlpha?: number },
): PairedComparison {
  const { n, gained, lost } = counts
  const difference = n === 0 ? 0 : (gained - lost) / n
  const { lower } = pairedProportionBounds(counts, alpha)
  const { upper } = pairedProportionBounds(counts, upperAlpha)
  // What flips although nothing changed; half a row where none was seen to.
  const flips = n === 0 ? 0 : Math.max(0.5, Math.min(gained, lost)) / n
  const needed = n === 0 ? null : mcnemarRows({ flips, loss: margin, alpha }, POWER)
  return {
    n,
    difference,
    lower,
    upper,
    pWorse: pWorse(counts, margin),
    rowsNeeded: rowsNeeded(counts, margin, alpha),
    power: n === 0 ? null : mcnemarPower({ n, flips, loss: margin, alpha }),
    smallestLoss:
      n === 0 ? null : smallestSeen((loss) => (mcnemarRows({ flips, loss, alpha }, POWER) ?? Infinity) <= n),
    moreRows: needed === null ? null : Math.max(0, needed - n),
  }
}

/** Probability of a difference this low if the candidate were no more than the margin worse. */
function pWorse(counts: Discordance, margin: number): number {
  const { n, gained, lost } = counts
  if (n === 0) return 1
  const byScore = normalProbability(tangoZ(counts, -margin))
  if (gained > 0 || lost === 0) return byScore
  // The losses are a single proportion: so many or more of them, if the margin were true.
  return Math.max(byScore, 1 - binomialProbability(lost - 1, n, margin))
}

function rowsNeeded(counts: Discordance, margin: number, alpha: number): number | null {
  const { n, gained, lost } = counts
  if (n === 0 || (gained - lost) / n <= -margin) return null
  const factor = factorToShow((times) => {
    const more = { n: n * times, gained: gained * times, lost: lost * times }
    return pairedProportionBounds(more, alpha).lower >= -margin
  })
  return factor === null ? null : Math.ceil(n * factor)
}
