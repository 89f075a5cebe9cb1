import betaQuantile from '@stdlib/stats-base-dists-beta-quantile'
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'

/** One-sided bounds, each at its own level. */
export interface Bounds {
  lower: number
  upper: number
}

/**
 * Bounds of a proportion, each one-sided at level 1 − alpha: Wilson's score interval (Wilson 1927, JASA 22:209).
 * Without a row, all of [0, 1].
 */
export function wilsonBounds(count: number, n: number, alpha: number): Bounds {
  if (n === 0) return { lower: 0, upper: 1 }
  const z = normalQuantile(1 - alpha, 0, 1)
  const share = count / n
  const center = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n)
  const halfWidth = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + (z / (2 * n)) ** 2)
  // At 0 and 1 the interval touches them; rounding must not leave it on the wrong side.
  return {
    lower: count === 0 ? 0 : Math.max(0, center - halfWidth),
    upper: count === n ? 1 : Math.min(1, center + halfWidth),
  }
}

/**
 * Bounds of a proportion that hold at least as often as they say, for any truth and any n (Clopper & Pearson 1934,
 * Biometrika 26:404): for verdicts whose error must not exceed alpha.
 */
export function exactBounds(count: number, n: number, alpha: number): Bounds {
  if (n === 0) return { lower: 0, upper: 1 }
  return {
    lower: count === 0 ? 0 : betaQuantile(alpha, count, n - count + 1),
    upper: count === n ? 1 : betaQuantile(1 - alpha, count + 1, n - count),
  }
}

/** What a share that was counted says of a limit that it should not exceed. */
export interface ShareOutcome {
  outcome: 'within' | 'above' | 'unclear'
  /** Rows with which the same share would be shown to exceed the limit; null unless that is unclear. */
  rowsNeeded: number | null
}

/**
 * Whether a share is within its limit, or shown to lie above it: the lower end of Wilson's interval does. In between, it
 * may as well be chance.
 */
export function shareAbove(count: number, n: number, limit: number, alpha: number): ShareOutcome {
  const share = n === 0 ? 0 : count / n
  if (share <= limit) return { outcome: 'within', rowsNeeded: null }
  if (wilsonBounds(count, n, alpha).lower > limit) return { outcome: 'above', rowsNeeded: null }
  const z = normalQuantile(1 - alpha, 0, 1)
  // Wilson's bounds invert the score test: it rejects from here on.
  const rows = Math.ceil((z ** 2 * limit * (1 - limit)) / (share - limit) ** 2)
  return { outcome: 'unclear', rowsNeeded: Number.isSafeInteger(rows) ? Math.max(n + 1, rows) : null }
}

/** An estimate with its own bounds. */
export interface Estimate extends Bounds {
  value: number
}

/**
 * Bounds of `a − b` for independent estimates from the bounds of each (Zou & Donner 2008, Stat. Med. 27:1693). With
 * Wilson's bounds of two proportions this is method 10 of Newcombe 1998, Stat. Med. 17:873.
 */
export function differenceBounds(a: Estimate, b: Estimate): Estimate {
  const value = a.value - b.value
  return {
    value,
    lower: value - Math.hypot(a.value - a.lower, b.upper - b.value),
    upper: value + Math.hypot(a.upper - a.value, b.value - b.lower),
  }
}

/** More than this many times the data is no advice. */
const MAX_FACTOR = 2 ** 20

/**
 * How many times the data would be enough, if more of it looked the same; null when no amount would do.
 *
 * @param holds whether this many times the data is enough; once it is, more is
 */
export function factorToShow(holds: (factor: number) => boolean): number | null {
  if (holds(1)) return 1
  let enough = 2
  while (!holds(enough)) {
    enough *= 2
    if (enough > MAX_FACTOR) return null
  }
  let tooLittle = enough / 2
  while (enough / tooLittle > 1.001) {
    const middle = (enough + tooLittle) / 2
    if (holds(middle)) enough = middle
    else tooLittle = middle
  }
  return enough
}
