/**
 * Holm's step-down correction (Holm 1979, Scand. J. Statist. 6:65): which of a family of hypotheses are rejected with
 * a family-wise error of at most `alpha`, whatever their dependence.
 *
 * @returns one boolean a p-value, in the given order
 */
export function holm(pValues: readonly number[], alpha: number): boolean[] {
  const order = pValues.map((_, index) => index).toSorted((a, b) => pValues[a]! - pValues[b]!)
  const rejected = pValues.map(() => false)
  for (const [rank, index] of order.entries()) {
    if (pValues[index]! > alpha / (pValues.length - rank)) break
    rejected[index] = true
  }
  return rejected
}
