import { totalsOf, type Cell } from './divergence.ts'
import { seededIndex } from './random.ts'

export interface PermutedTest {
  /** Probability of a statistic this large, or larger, if both samples were of the same mix. */
  pValue: number
  /** What the statistic exceeds with a probability of alpha then. */
  critical: number
}

export interface PermutationOptions {
  alpha: number
  /** How often the rows are dealt anew; p-values are at least `1 / (rounds + 1)`. */
  rounds: number
  seed: number
}

/**
 * Permutation test of two samples over the same categories: all rows together are dealt anew into samples of the same
 * sizes. Its error is at most alpha for any sizes, however rare the categories; the rows have to be independent. The
 * work is rounds × rows of the smaller sample × categories.
 */
export function permutedMixTest(
  cells: readonly Cell[],
  statistic: (cells: readonly Cell[]) => number,
  { alpha, rounds, seed }: PermutationOptions,
): PermutedTest {
  const [n, m] = totalsOf(cells)
  const seen = statistic(cells)
  const isCurrentSmaller = m <= n
  const together = cells.map(([a, b]) => a + b).toSorted((a, b) => b - a)
  const draw = seededIndex(seed)
  const values = Array.from({ length: rounds }, () => {
    const drawn = dealt(together, Math.min(n, m), draw)
    return statistic(
      together.map((total, index): Cell => {
        const [few, rest] = [drawn[index]!, total - drawn[index]!]
        return isCurrentSmaller ? [rest, few] : [few, rest]
      }),
    )
  }).toSorted((a, b) => a - b)
  // What only rounding tells apart is as large.
  const asLarge = values.filter((value) => value >= seen - 1e-12).length
  // The rank that leaves the p-value of anything larger at alpha or less.
  const rank = Math.ceil((1 - alpha) * (rounds + 1)) - 1
  return { pValue: (1 + asLarge) / (rounds + 1), critical: values[rank] ?? Infinity }
}

/** Counts of `rows` rows drawn without replacement; the most common categories are looked at first. */
function dealt(counts: readonly number[], rows: number, draw: (n: number) => number): number[] {
  const left = [...counts]
  const drawn = counts.map(() => 0)
  let remaining = counts.reduce((sum, count) => sum + count, 0)
  for (let row = 0; row < rows; row++) {
    let place = draw(remaining)
    let index = 0
    while (place >= left[index]!) place -= left[index++]!
    left[index]! -= 1
    drawn[index]! += 1
    remaining -= 1
  }
  return drawn
}
