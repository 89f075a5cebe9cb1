/** A score in [0, 1], of a trace that began then: milliseconds since the epoch. */
export interface ScoreAt {
  at: number
  score: number
}

/** Scores before and from a point on. */
export interface Step {
  /** Scores before it; the step lies before the score at this index. */
  before: number
  meanBefore: number
  meanAfter: number
  /** Logarithm of how much more likely the scores are with a fall here than with one mean all through; 0 without a fall. */
  logLikelihood: number
}

/** Least variance of a score: equal scores on both sides must not make a step infinitely likely. */
const LEAST_VARIANCE = 1e-3

/**
 * How well a fall at each place fits scores in the order of their time: normal scores of one spread with another mean from
 * there on (Hinkley 1970, Biometrika 57:1). A rise counts as no step, since it explains no decline.
 *
 * @param scores by time, of traces that are independent of each other
 * @returns one step for each index from 0 to the number of scores
 */
export function stepsOf(scores: readonly ScoreAt[]): Step[] {
  const n = scores.length
  const total = scores.reduce((sum, { score }) => sum + score, 0)
  const mean = total / Math.max(1, n)
  const spread = scores.reduce((sum, { score }) => sum + (score - mean) ** 2, 0) + n * LEAST_VARIANCE
  const steps: Step[] = []
  let sum = 0
  for (let before = 0; before <= n; before++) {
    const after = n - before
    const meanBefore = before === 0 ? mean : sum / before
    const meanAfter = after === 0 ? mean : (total - sum) / after
    const fall = meanBefore - meanAfter
    const explained = before > 0 && after > 0 && fall > 0 ? (fall ** 2 * before * after) / n : 0
    const logLikelihood =
      explained === 0 ? 0 : (-n / 2) * Math.log1p(-Math.min(1 - 1e-12, explained / spread))
    steps.push({ before, meanBefore, meanAfter, logLikelihood })
    sum += scores[before]?.score ?? 0
  }
  return steps
}
