import { excesses, meanOf, type Cluster } from './clusters.ts'
import { normalProbability } from './mean.ts'
import type { Bounds } from './proportion.ts'

/** Of the search for the saddlepoint, which takes about ten. */
const MAX_STEPS = 100
const PRECISION = 1e-9
/** Halvings that find a bound to 1e-8. */
const BOUND_HALVINGS = 27
/** So close to the middle of its distribution the approximation divides 0 by 0. */
const MIDDLE = 1e-4

/**
 * Probability of a sample this low or lower if the mean of all scores in [0, 1] were at least `limit`: Gaffke's test for
 * bounded scores of any distribution (Gaffke 2005, "Three test statistics for a nonparametric one-sided hypothesis on
 * the mean of a nonnegative variable", Math. Methods Stat. 14:451; as a bound: Learned-Miller & Thomas 2019,
 * arXiv:1905.06208). It asks how likely a mean of at least the limit is when the clusters, and one more that scores 1,
 * get random weights (Dirichlet with ones). For scores of 0 and 1 that is the exact binomial test; for n equal scores x
 * it is `((1 − limit) / (1 − x))ⁿ`; no distribution is known for which it errs more often than it says, which is not
 * proven. Student's t errs up to several times as often on few scores that are mostly 0.
 *
 * Clusters are weighted by their size. Their independence is what the test rests on; scores within one need not be.
 */
export function pMeanBelow(clusters: readonly Cluster[], limit: number): number {
  if (clusters.length === 0) return 1
  return probabilityNotNegative([1 - limit, ...excesses(clusters, limit)])
}

/** One-sided bounds of the mean of scores in [0, 1], each at level 1 − alpha: the limits that `pMeanBelow` rejects. */
export function boundedMeanBounds(clusters: readonly Cluster[], alpha: number): Bounds {
  const mirrored = clusters.map(({ sum, size }) => ({ sum: size - sum, size }))
  return { lower: 1 - upperBound(mirrored, alpha), upper: upperBound(clusters, alpha) }
}

/** From here on limits are rejected: the probability falls as the limit rises. */
function upperBound(clusters: readonly Cluster[], alpha: number): number {
  let [low, high] = [meanOf(clusters), 1]
  if (clusters.length === 0 || pMeanBelow(clusters, 1) > alpha) return 1
  for (let halving = 0; halving < BOUND_HALVINGS; halving++) {
    const middle = (low + high) / 2
    if (pMeanBelow(clusters, middle) > alpha) low = middle
    else high = middle
  }
  // The rejected end: a bound below a threshold is then the same as a rejected threshold.
  return high
}

/**
 * `P(Σ aᵢEᵢ ≥ 0)` for independent standard exponential Eᵢ: where only the first is above 0 exactly, `Π a₀ / (a₀ − aᵢ)`;
 * else by the saddlepoint approximation of Lugannani & Rice (1980, Adv. Appl. Prob. 12:475), which for sums of
 * exponentials is right to about 2% from three terms on, to 0.1% from twenty. Above one half it is given as 1.
 */
function probabilityNotNegative(terms: readonly number[]): number {
  const [first = 0, ...rest] = terms
  if (rest.every((term) => term <= 0)) return onlyFirstAbove(first, rest)
  if (terms.reduce((sum, term) => sum + term, 0) >= 0) return 1
  const tilt = saddlepoint(terms)
  let [cumulant, curvature] = [0, 0]
  for (const term of terms) {
    const room = 1 - tilt * term
    cumulant -= Math.log(room)
    curvature += (term / room) ** 2
  }
  const w = Math.sqrt(Math.max(0, -2 * cumulant))
  if (w < MIDDLE) return 0.5
  const u = tilt * Math.sqrt(curvature)
  const density = Math.exp(-(w ** 2) / 2) / Math.sqrt(2 * Math.PI)
  return Math.min(1, Math.max(0, normalProbability(-w) + density * (1 / u - 1 / w)))
}

function onlyFirstAbove(first: number, rest: readonly number[]): number {
  let probability = 1
  for (const term of rest) if (term < 0) probability *= first / (first - term)
  return probability
}

/** Where the derivative of the cumulant generating function, which rises, is 0: Newton's method, kept in its bracket. */
function saddlepoint(terms: readonly number[]): number {
  let low = 0
  let high = 1 / terms.reduce((most, term) => Math.max(most, term), 0)
  let tilt = high / 2
  for (let step = 0; step < MAX_STEPS; step++) {
    let [slope, curvature] = [0, 0]
    for (const term of terms) {
      const part = term / (1 - tilt * term)
      slope += part
      curvature += part ** 2
    }
    if (slope > 0) high = tilt
    else low = tilt
    const newton = tilt - slope / curvature
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - tilt) < PRECISION * high) return next
    tilt = next
  }
  return tilt
}
