import chiSquareProbability from '@stdlib/stats-base-dists-chisquare-cdf'
import chiSquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile'

/** Rows or traces by cohort. */
export type Counts = ReadonlyMap<string, number>

export interface MixComparison {
  /** Total variation distance: the share that would have to be in another cohort for both to be alike. 0 to 1. */
  divergence: number
  /** Probability of a difference as large as this, or larger, between two samples of the same mix. */
  pValue: number
  /** About the size of `current` with which the same difference would be shown; null when `reference` is too small for any. */
  neededToShow: number | null
}

/** Fewest that must be expected of a cohort in each sample for the test's approximation (Cochran 1954, Biometrics 10:417). */
const MIN_EXPECTED = 5

/**
 * Two samples over the same cohorts: by how much they differ, and whether that is more than chance between samples of
 * their sizes (Pearson's chi-square test of homogeneity). Cohorts too rare for it are tested together.
 */
export function compareMix(reference: Counts, current: Counts, alpha: number): MixComparison {
  const [m, n] = [total(reference), total(current)]
  const cohorts = [...new Set([...reference.keys(), ...current.keys()])]
  const cells = cohorts.map((cohort): Cell => [reference.get(cohort) ?? 0, current.get(cohort) ?? 0])
  const divergence = cells.reduce((sum, [a, b]) => sum + Math.abs(a / m - b / n), 0) / 2
  const tested = poolRare(cells, m, n)
  const freedom = tested.length - 1
  if (freedom < 1) return { divergence, pValue: 1, neededToShow: null }
  const statistic = chiSquare(tested, m, n)
  return {
    divergence,
    pValue: 1 - chiSquareProbability(statistic, freedom),
    neededToShow: neededToShow(statistic, chiSquareQuantile(1 - alpha, freedom), m, n),
  }
}

type Cell = readonly [reference: number, current: number]

/** The statistic grows as mn / (m + n), which `reference` bounds by its own size m. */
function neededToShow(statistic: number, critical: number, m: number, n: number): number | null {
  const share = statistic / ((m * n) / (m + n))
  const room = share / critical - 1 / m
  const needed = Math.ceil(1 / room)
  return room > 0 && Number.isSafeInteger(needed) ? needed : null
}

function chiSquare(cells: readonly Cell[], m: number, n: number): number {
  return cells.reduce((sum, [a, b]) => {
    const [inReference, inCurrent] = expected([a, b], m, n)
    return sum + (a - inReference) ** 2 / inReference + (b - inCurrent) ** 2 / inCurrent
  }, 0)
}

function expected([a, b]: Cell, m: number, n: number): Cell {
  return [((a + b) * m) / (m + n), ((a + b) * n) / (m + n)]
}

function poolRare(cells: readonly Cell[], m: number, n: number): Cell[] {
  const isRare = (cell: Cell) => Math.min(...expected(cell, m, n)) < MIN_EXPECTED
  const common = cells.filter((cell) => !isRare(cell)).toSorted((a, b) => b[0] + b[1] - a[0] - a[1])
  let rare = cells.filter(isRare).reduce<Cell>(([a, b], [c, d]) => [a + c, b + d], [0, 0])
  while (rare[0] + rare[1] > 0 && isRare(rare) && common.length > 0) {
    const [a, b] = common.pop()!
    rare = [rare[0] + a, rare[1] + b]
  }
  return rare[0] + rare[1] > 0 ? [...common, rare] : common
}

function total(counts: Counts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}
