import chiSquareProbability from '@stdlib/stats-base-dists-chisquare-cdf'
import {
  criticalIndex,
  jensenShannonDistance,
  populationStabilityIndex,
  totalsOf,
  type Cell,
} from '../statistics/divergence.ts'
import type { Counts } from '../statistics/mix.ts'
import { permutedMixTest } from '../statistics/permuted-mix.ts'

export interface MixDriftOptions {
  /** Of calling two samples of the same mix different. */
  alpha: number
  /** A smaller index is not worth a word, however many rows show it. */
  limit: number
  /** Of the permutations. */
  seed: number
}

/** A cohort's part of each sample, 0 to 1. */
export interface CohortShift {
  cohort: string
  reference: number
  current: number
}

export interface MixDrift {
  /** Population stability index of the current sample against the reference. */
  index: number
  /** What it exceeds with a probability of alpha without drift, at these sizes. */
  critical: number
  /** Jensen–Shannon distance, 0 to 1: for display. */
  distance: number
  pValue: number
  /** `permutation` where a cohort is too small for the index's own distribution. */
  method: 'asymptotic' | 'permutation'
  /** `drifted`: by more than the limit, and by more than chance. `unclear`: the limit is exceeded, as chance may. */
  verdict: 'drifted' | 'unclear' | 'stable'
  /** Every cohort, those first whose shares lie furthest apart. */
  shifts: CohortShift[]
}

/**
 * What each sample must be expected to have of every cohort for the index's own distribution: over ten equal cohorts its
 * 5% is 8% with five rows each, 6% with 20, 5.5% with 50 (4,000 simulated pairs).
 */
const MIN_EXPECTED = 50
/** Permutations: with 999 a p-value of 0.05 is off by 0.007 (one standard error). */
const ROUNDS = 999
/** Draws that the permutations may take in all: a tenth of a second or two. */
const MAX_DRAWS = 4_000_000
/** Fewer permutations say too little. */
const MIN_ROUNDS = 99

/**
 * Whether traffic has another mix of cohorts than what a model was trained or evaluated on. One row a trace: calls of a
 * trace are not independent, and a long one would pass for drift. Cohorts that either sample lacks are counted.
 */
export function findMixDrift(reference: Counts, current: Counts, options: MixDriftOptions): MixDrift {
  const cohorts = [...new Set([...reference.keys(), ...current.keys()])]
  const cells = cohorts.map((cohort): Cell => [reference.get(cohort) ?? 0, current.get(cohort) ?? 0])
  const [n, m] = totalsOf(cells)
  const index = populationStabilityIndex(cells)
  const test = testIndex(
    cells.filter(([a, b]) => a + b > 0),
    index,
    options,
  )
  const isLarge = index > options.limit
  return {
    index,
    ...test,
    distance: jensenShannonDistance(cells),
    verdict: !isLarge ? 'stable' : test.pValue <= options.alpha ? 'drifted' : 'unclear',
    shifts: cohorts
      .map((cohort, place) => ({
        cohort,
        reference: n === 0 ? 0 : cells[place]![0] / n,
        current: m === 0 ? 0 : cells[place]![1] / m,
      }))
      .toSorted((a, b) => gap(b) - gap(a) || a.cohort.localeCompare(b.cohort)),
  }
}

function testIndex(
  cells: readonly Cell[],
  index: number,
  { alpha, seed }: MixDriftOptions,
): Pick<MixDrift, 'pValue' | 'critical' | 'method'> {
  const [n, m] = totalsOf(cells)
  const fewer = Math.min(n, m)
  if (fewer === 0 || cells.length < 2) return { pValue: 1, critical: Infinity, method: 'asymptotic' }
  const isRare = cells.some(([a, b]) => ((a + b) * fewer) / (n + m) < MIN_EXPECTED)
  const rounds = Math.min(ROUNDS, Math.floor(MAX_DRAWS / fewer))
  if (isRare && rounds >= MIN_ROUNDS) {
    const test = permutedMixTest(cells, populationStabilityIndex, { alpha, rounds, seed })
    return { ...test, method: 'permutation' }
  }
  const freedom = cells.length - 1
  return {
    pValue: 1 - chiSquareProbability(index / (1 / n + 1 / m), freedom),
    critical: criticalIndex(cells.length, n, m, alpha),
    method: 'asymptotic',
  }
}

function gap({ reference, current }: CohortShift): number {
  return Math.abs(reference - current)
}
