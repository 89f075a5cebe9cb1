import chiSquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile'

/** Rows of two samples in one category. */
export type Cell = readonly [reference: number, current: number]

/** Added to every cell where one is empty, since the index of an empty cell is infinite (Haldane 1956, Ann. Hum. Genet. 20:309). */
const HALF_ROW = 0.5

/**
 * Population stability index, `Σ (q − p) ln(q / p)` over the shares p and q of each category: 0 for equal shares, without
 * an upper end, and 0 where either sample is empty. Its old limits of 0.1 and 0.25 ignore how many rows there are: by chance alone it is about
 * `(categories − 1) (1/N + 1/M)`.
 */
export function populationStabilityIndex(cells: readonly Cell[]): number {
  const filled = cells.filter(([a, b]) => a + b > 0)
  const added = filled.some(([a, b]) => a === 0 || b === 0) ? HALF_ROW : 0
  const [rows, others] = totalsOf(filled)
  if (rows === 0 || others === 0) return 0
  const [n, m] = [rows + added * filled.length, others + added * filled.length]
  return filled.reduce((sum, [a, b]) => {
    const [p, q] = [(a + added) / n, (b + added) / m]
    return sum + (q - p) * Math.log(q / p)
  }, 0)
}

/**
 * What the index exceeds with a probability of alpha where nothing has drifted: `χ²(1 − alpha, categories − 1) (1/N +
 * 1/M)` (Yurdakul 2018, "Statistical properties of population stability index", Western Michigan University). It holds
 * for categories of which each sample has enough.
 */
export function criticalIndex(categories: number, n: number, m: number, alpha: number): number {
  if (categories < 2 || n === 0 || m === 0) return Infinity
  return chiSquareQuantile(1 - alpha, categories - 1) * (1 / n + 1 / m)
}

/**
 * Jensen–Shannon distance to base 2 (Endres & Schindelin 2003, IEEE Trans. Inf. Theory 49:1858): 0 for equal shares, 1 for
 * samples that have no category in common. For display: it says nothing of chance.
 */
export function jensenShannonDistance(cells: readonly Cell[]): number {
  const [n, m] = totalsOf(cells)
  if (n === 0 || m === 0) return 0
  const divergence = cells.reduce((sum, [a, b]) => {
    const [p, q] = [a / n, b / m]
    const part = (share: number) => (share === 0 ? 0 : share * Math.log2((2 * share) / (p + q)))
    return sum + (part(p) + part(q)) / 2
  }, 0)
  return Math.sqrt(Math.min(1, Math.max(0, divergence)))
}

export function totalsOf(cells: readonly Cell[]): [n: number, m: number] {
  return cells.reduce<[number, number]>(([n, m], [a, b]) => [n + a, m + b], [0, 0])
}
