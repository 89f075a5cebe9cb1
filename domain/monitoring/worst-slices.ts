import { seededIndex } from '../statistics/random.ts'
import { slicesOf, type Condition, type ScoredTrace, type Slice, type SliceLimits } from './slices.ts'

export interface WorstSlice {
  conditions: Condition[]
  traces: number
  /** Of its scores, and of the scores of all others. */
  mean: number
  meanOfOthers: number
  /** Standard errors by which its mean lies below that of all traces, if it had nothing to do with the score. */
  distance: number
  /** Probability of any slice this far below, were scores dealt to traces at random: corrected for all that were looked at. */
  pValue: number
  sentence: string
}

export interface WorstSlices {
  /** Shown to be worse than chance, worst mean first; of slices that overlap by nesting the one that says it best. */
  slices: WorstSlice[]
  /** Slices that were looked at, and permutations that they were held against. */
  searched: number
  rounds: number
}

export interface SliceSearch extends SliceLimits {
  /** Of naming any slice where attributes have nothing to do with scores. */
  alpha: number
  seed: number
}

const ROUNDS = 999
/** Additions that all permutations together may take: half a second. */
const MAX_WORK = 30_000_000
/** Fewer permutations could not show 0.05 with any certainty. */
const MIN_ROUNDS = 199
/** Below this, scores count as equal: what rounding leaves of a sum of squares. */
const NO_SPREAD = 1e-12

/**
 * The slices of one or two conditions where scores are worst: permutation test of the largest distance over all slices
 * (Westfall & Young 1993, Resampling-Based Multiple Testing), which holds the family-wise error at alpha and, unlike
 * Holm's correction, pays little for the many slices that are nearly the same. Slices are left out, those of two
 * conditions and of few traces first, until the permutations fit into a bounded amount of work.
 *
 * @param traces independent of each other: one entry a trace
 */
export function findWorstSlices(traces: readonly ScoredTrace[], search: SliceSearch): WorstSlices {
  const slices = affordable(slicesOf(traces, search))
  const work = slices.reduce((sum, { members }) => sum + members.length, 0)
  const rounds = Math.min(ROUNDS, Math.floor(MAX_WORK / Math.max(1, work)))
  const scores = Float64Array.from(traces, ({ score }) => score)
  const total = scores.reduce((sum, score) => sum + score, 0)
  const mean = total / Math.max(1, scores.length)
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
  const none = { slices: [], searched: slices.length, rounds }
  if (slices.length === 0 || squares < NO_SPREAD) return none
  const distances = distancesOf(scores, slices)
  const largest = permutedLargest(scores, slices, rounds, search.seed)
  const found = slices.flatMap((slice, index): Found[] => {
    const distance = distances[index]!
    const asLarge = largest.filter((value) => value >= distance - 1e-9).length
    const pValue = (1 + asLarge) / (rounds + 1)
    return pValue <= search.alpha ? [{ slice, distance, pValue }] : []
  })
  return {
    ...none,
    slices: found
      .filter((one) => !found.some((other) => other !== one && saysItBetter(other, one)))
      .map((one) => described(one, scores, total))
      .toSorted((a, b) => a.mean - b.mean || b.distance - a.distance),
  }
}

interface Found {
  slice: Slice
  distance: number
  pValue: number
}

/** Standard errors below the mean of all, in a draw of so many scores without replacement. */
function distancesOf(scores: Float64Array, slices: readonly Slice[]): Float64Array {
  const n = scores.length
  const mean = scores.reduce((sum, score) => sum + score, 0) / n
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (n - 1)
  return Float64Array.from(slices, ({ members }) => {
    let sum = 0
    for (const index of members) sum += scores[index]!
    const size = members.length
    return (size * mean - sum) / Math.sqrt((variance * size * (n - size)) / n)
  })
}

function permutedLargest(
  scores: Float64Array,
  slices: readonly Slice[],
  rounds: number,
  seed: number,
): number[] {
  const draw = seededIndex(seed)
  const dealt = Float64Array.from(scores)
  return Array.from({ length: rounds }, () => {
    for (let last = dealt.length - 1; last > 0; last--) {
      const other = draw(last + 1)
      const kept = dealt[last]!
      dealt[last] = dealt[other]!
      dealt[other] = kept
    }
    return distancesOf(dealt, slices).reduce((most, distance) => Math.max(most, distance), -Infinity)
  })
}

/** As many slices as leave work for the fewest permutations. */
function affordable(slices: readonly Slice[]): Slice[] {
  let work = 0
  return slices
    .toSorted((a, b) => a.conditions.length - b.conditions.length || b.members.length - a.members.length)
    .filter(({ members }) => (work += members.length) * MIN_ROUNDS <= MAX_WORK)
}

/** Of a slice and one within it, the one that lies further below is what is wrong; the other shares its traces. */
function saysItBetter(other: Found, one: Found): boolean {
  const isNested = isWithin(other.slice, one.slice) || isWithin(one.slice, other.slice)
  return isNested && other.distance > one.distance
}

function isWithin(inner: Slice, outer: Slice): boolean {
  return outer.conditions.every((condition) =>
    inner.conditions.some(
      ({ attribute, value }) => attribute === condition.attribute && value === condition.value,
    ),
  )
}

function described({ slice, distance, pValue }: Found, scores: Float64Array, total: number): WorstSlice {
  const { conditions, members } = slice
  const sum = members.reduce((part, index) => part + scores[index]!, 0)
  const mean = sum / members.length
  const meanOfOthers = (total - sum) / (scores.length - members.length)
  const name = conditions.map(({ attribute, value }) => `${attribute} = ${value}`).join(' and ')
  const sentence = `Where ${name}, the mean score is ${mean.toFixed(3)} on ${members.length} traces, and ${meanOfOthers.toFixed(3)} elsewhere`
  return { conditions, traces: members.length, mean, meanOfOthers, distance, pValue, sentence }
}
