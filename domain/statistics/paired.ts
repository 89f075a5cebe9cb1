import tProbability from '@stdlib/stats-base-dists-t-cdf'
import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import { normalQuantile } from './mean.ts'
import { meanPower, type Power } from './power.ts'
import { seededBits } from './random.ts'

/** Bootstrap resamples. */
const RESAMPLES = 2000
/** Of more clusters than this no resamples are drawn: their percentiles are those of Student's t, skewness corrected. */
const MAX_RESAMPLED = 1_000
/** Resamples beyond a value that say how likely it is; of fewer, Student's t says it. */
const MIN_TAIL = 10
/** Clusters that must differ from the most common difference, before the sample shows how far differences reach. */
const MIN_DEVIATING = 10

export interface PairedOptions {
  /** How much worse the candidate may be. */
  margin: number
  /** Level of the lower bound, by which a candidate is no worse: at most this often for one that is. */
  alpha: number
  /** Level of the upper bound, by which a candidate is worse; `alpha` when absent. */
  upperAlpha?: number
  seed: number
}

/** The power is that of seeing a loss of the margin, at the level of the lower bound. */
export interface PairedComparison extends Power {
  n: number
  /** Mean of candidate − production over the same rows. */
  difference: number
  /** One-sided bounds, each at its own level. */
  lower: number
  upper: number
  /** Probability of a mean this low if the candidate were no more than the margin worse. Small means: it is worse. */
  pWorse: number
  /** Rows needed for the lower bound to clear −margin if mean and spread stay as seen; null when no number would do. */
  rowsNeeded: number | null
}

const NO_POWER: Power = { power: null, smallestLoss: null, moreRows: null }

/** Differences of clusters, as their mean is judged. */
interface Sample {
  sums: readonly number[]
  sizes: readonly number[]
  n: number
  difference: number
  standardError: number
  /** Third central moment of the clusters' sums: below 0 where losses are rarer and larger than gains. */
  skew: number
  /** Share of clusters that differ from the most common difference. */
  deviating: number
}

/**
 * Paired non-inferiority by clusters: whole conversations are what is drawn, so that rows of one conversation do not
 * count as independent. One conversation alone says nothing of others.
 *
 * A bound is the widest of four: the seeded percentile bootstrap (Efron & Tibshirani 1993, chapter 13); Student's t,
 * since the bootstrap is too narrow for few clusters and has no tail beyond its resamples; the same with Johnson's
 * correction for skewness, since a sample that happens to lack the rare large losses has both too good a mean and too
 * small a spread; and, where hardly a cluster deviates from the others, what rows could be there that none of these is
 * like (`unseen`).
 *
 * @param differences candidate − production, each from −1 to 1, one list a cluster
 */
export function comparePaired(
  differences: readonly (readonly number[])[],
  { margin, alpha, upperAlpha = alpha, seed }: PairedOptions,
): PairedComparison {
  const sample = sampleOf(differences)
  const { n, difference, standardError: error } = sample
  const clusters = differences.length
  if (n === 0 || clusters < 2)
    return { n, difference, lower: -1, upper: 1, pWorse: 1, rowsNeeded: null, ...NO_POWER }
  const means = clusters > MAX_RESAMPLED ? null : resampledMeans(sample, seed)
  const lower = Math.min(
    means?.[Math.floor(alpha * (RESAMPLES - 1))] ?? 1,
    difference - tQuantile(1 - alpha, clusters - 1) * error + Math.min(0, skewShift(sample, alpha)),
    difference - unseen(sample, alpha) * (difference + 1),
  )
  const upper = Math.max(
    means?.[Math.ceil((1 - upperAlpha) * (RESAMPLES - 1))] ?? -1,
    difference + tQuantile(1 - upperAlpha, clusters - 1) * error + Math.max(0, skewShift(sample, upperAlpha)),
    difference + unseen(sample, upperAlpha) * (1 - difference),
  )
  const needed = rowsNeeded(sample, difference + margin, alpha)
  return {
    n,
    difference,
    lower: Math.max(-1, lower),
    upper: Math.min(1, upper),
    pWorse: probabilityOf(sample, means, margin),
    rowsNeeded: needed === null || lower >= -margin ? needed : Math.max(n + 1, needed),
    ...meanPower(
      { n, clusters, standardError: error, hardlyDeviates: hardlyDeviates(sample) },
      margin,
      alpha,
    ),
  }
}

function sampleOf(differences: readonly (readonly number[])[]): Sample {
  const sums = differences.map((cluster) => cluster.reduce((sum, value) => sum + value, 0))
  const sizes = differences.map((cluster) => cluster.length)
  const n = sizes.reduce((total, size) => total + size, 0)
  const difference = sums.reduce((total, sum) => total + sum, 0) / Math.max(1, n)
  const common = new Map<string, number>()
  for (const [index, sum] of sums.entries()) {
    const value = (sum / sizes[index]!).toFixed(6)
    common.set(value, (common.get(value) ?? 0) + 1)
  }
  const deviating = 1 - Math.max(0, ...common.values()) / Math.max(1, sums.length)
  const error = standardError(sums, sizes, difference)
  return {
    sums,
    sizes,
    n,
    difference,
    standardError: error,
    skew: skewOf(sums, sizes, difference),
    deviating,
  }
}

function skewOf(sums: readonly number[], sizes: readonly number[], difference: number): number {
  const cubes = sums.reduce((total, sum, index) => total + (sum - sizes[index]! * difference) ** 3, 0)
  return cubes / Math.max(1, sums.length)
}

/**
 * By how much skewness moves both bounds of a mean, `μ₃ (1 + 2t²) / (6 σ² n)` (Johnson 1978, JASA 73:536, equation 2.7,
 * at the bound), in units of a row.
 */
function skewShift({ sums, n, standardError: error, skew }: Sample, alpha: number): number {
  if (error === 0) return 0
  const variance = (error * n) ** 2 / sums.length
  const t = tQuantile(1 - alpha, sums.length - 1)
  return (skew * (1 + 2 * t ** 2)) / (6 * variance * n)
}

/** The inner loop of all that a gate does: whole numbers in [0, clusters) are drawn in place. */
function resampledMeans({ sums, sizes, n }: Sample, seed: number): Float64Array {
  const bits = seededBits(seed)
  const scale = sums.length / 2 ** 32
  const values = Float64Array.from(sums)
  const rows = Float64Array.from(sizes)
  const isEven = n === sums.length
  const means = new Float64Array(RESAMPLES)
  for (let resample = 0; resample < RESAMPLES; resample++) {
    let sum = 0
    let size = isEven ? n : 0
    for (let draw = 0; draw < values.length; draw++) {
      const cluster = ((bits.next() >>> 0) * scale) | 0
      sum += values[cluster]!
      if (!isEven) size += rows[cluster]!
    }
    means[resample] = sum / size
  }
  return means.toSorted()
}

/** Standard error of the mean over clusters of unequal size (Cochran 1977, Sampling Techniques, equation 2.45). */
function standardError(sums: readonly number[], sizes: readonly number[], difference: number): number {
  if (sums.length < 2) return 0
  const n = sizes.reduce((total, size) => total + size, 0)
  const squares = sums.reduce((total, sum, index) => total + (sum - sizes[index]! * difference) ** 2, 0)
  return Math.sqrt((squares * sums.length) / (sums.length - 1)) / n
}

function hardlyDeviates({ sums, deviating }: Sample): boolean {
  return deviating * sums.length < MIN_DEVIATING
}

/**
 * Largest share of clusters of which none is in the sample with a probability of at least alpha: the rule of three,
 * `1 − alpha^(1/n)`. At the worst they are all at −1 (or 1). Without this, equal differences would have no width at all.
 */
function unseen(sample: Sample, alpha: number): number {
  return hardlyDeviates(sample) ? 1 - alpha ** (1 / sample.sums.length) : 0
}

function probabilityOf(sample: Sample, means: Float64Array | null, margin: number): number {
  const { difference, standardError: error, sums } = sample
  const noWorse = means ? means.reduce((count, value) => count + (value >= -margin ? 1 : 0), 0) : 0
  if (difference >= -margin) return Math.max((1 + noWorse) / (RESAMPLES + 1), 0.5)
  const byChance = error === 0 ? 0 : tProbability((difference + margin) / error, sums.length - 1)
  const probability = Math.max(noWorse / RESAMPLES, noWorse < MIN_TAIL ? byChance : 0)
  // Of all differences with a mean at the margin, those with most mass at `difference` have the rest of it at 1.
  const alike = hardlyDeviates(sample) ? ((1 + margin) / (1 - difference)) ** sums.length : 0
  return Math.max(probability, alike)
}

function rowsNeeded(sample: Sample, room: number, alpha: number): number | null {
  if (room <= 0) return null
  const { n, sums, standardError: error, difference, deviating } = sample
  const bySpread = n * ((normalQuantile(1 - alpha) * error) / room) ** 2
  // Until enough clusters deviate to show how far, or what is unseen has room below the mean.
  const byUnseen = Math.min(
    Math.log(alpha) / Math.log1p(-Math.min(1, room / (1 + difference))),
    MIN_DEVIATING / deviating,
  )
  const rows = Math.ceil(Math.max(bySpread, (byUnseen * n) / sums.length))
  // Room that is nothing but rounding asks for more rows than anyone can count.
  return Number.isSafeInteger(rows) ? rows : null
}
