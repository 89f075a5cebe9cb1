/**
 * Holm's step-down correction (Holm 1979, Scand. J. Statist. 6:65): which of a family of hypotheses are rejected with
 * a family-wise error of at most `alpha`, whatever their dependence.
 *
 * @returns one boolean a p-value, in the given order
 */
export function holm(pValues: readonly number[], alpha: number): boolean[] {
  const levels = holmLevels(pValues, alpha)
  return pValues.map((pValue, index) => pValue <= levels[index]!)
}

/**
 * The level at which each hypothesis was tested in the end: it is rejected if its p-value is at most that, and a bound at
 * that level is on the side of the verdict. What comes after the first that stays has the level of that one.
 *
 * @returns one level a p-value, in the given order
 */
export function holmLevels(pValues: readonly number[], alpha: number): number[] {
  const order = pValues.map((_, index) => index).toSorted((a, b) => pValues[a]! - pValues[b]!)
  const levels = pValues.map(() => alpha)
  let level = alpha
  let stopped = false
  for (const [rank, index] of order.entries()) {
    if (!stopped) level = alpha / (pValues.length - rank)
    levels[index] = level
    if (pValues[index]! > level) stopped = true
  }
  return levels
}
