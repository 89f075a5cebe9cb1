import { mean, meanBounds, type Moments } from '../statistics/mean.ts'
import { wilsonBounds, type Estimate } from '../statistics/proportion.ts'
import { addCohortScores, type CohortSums } from './score.ts'

/** Error of each end of the intervals that are shown: two-sided 95%. */
const ALPHA = 0.025
/** Bins of the distribution: a twentieth of the scale each. */
export const BINS = 20
/** A histogram counts scores by hundredths. */
const HUNDREDTHS = 100

/** What is told of one metric's scores. What needs a score to be told is null without one. */
export interface ScoreSummary {
  n: number
  /** Rows that could not be scored; they are in no number but this. */
  errors: number
  /** With its 95% interval, rows taken as independent. */
  mean: Estimate | null
  /** From scores rounded to hundredths, so exact to ±0.005. */
  median: number | null
  quartiles: { lower: number; upper: number } | null
  /** Share of rows that reached the pass mark, with Wilson's 95% interval. */
  passRate: (Estimate & { passes: number }) | null
  /** Rows by twentieth of the scale, of scores rounded to hundredths; the last bin has the 1. */
  distribution: number[]
}

export interface MetricSummary extends ScoreSummary {
  metric: string
  cohorts: (ScoreSummary & { cohort: string })[]
}

/** Each metric over all rows, and by cohort. */
export function summarise(scores: readonly CohortSums[]): MetricSummary[] {
  return [...Map.groupBy(scores, ({ metric }) => metric)].map(([metric, own]) => ({
    metric,
    ...summaryOf(addCohortScores([own.map((sums) => ({ ...sums, cohort: '' }))])[0]!),
    cohorts: own.map((sums) => ({ cohort: sums.cohort, ...summaryOf(sums) })),
  }))
}

type Sums = Moments & Pick<CohortSums, 'errors' | 'passes' | 'histogram'>

export function summaryOf({ errors, passes, histogram, ...moments }: Sums): ScoreSummary {
  const { n } = moments
  const distribution = distributionOf(histogram)
  if (n === 0) return { n, errors, mean: null, median: null, quartiles: null, passRate: null, distribution }
  const cumulative = cumulativeOf(histogram)
  return {
    n,
    errors,
    mean: { value: mean(moments), ...meanBounds(moments, ALPHA) },
    median: quantile(cumulative, 0.5),
    quartiles: { lower: quantile(cumulative, 0.25), upper: quantile(cumulative, 0.75) },
    passRate: { value: passes / n, ...wilsonBounds(passes, n, ALPHA), passes },
    distribution,
  }
}

function distributionOf(histogram: Record<string, number>): number[] {
  const counts = Array<number>(BINS).fill(0)
  for (const [hundredths, count] of Object.entries(histogram)) {
    const bin = Math.floor((Number(hundredths) * BINS) / HUNDREDTHS)
    counts[Math.min(BINS - 1, Math.max(0, bin))]! += count
  }
  return counts
}

/** Rows that score a value or less, by value. */
type Cumulative = readonly { score: number; rows: number }[]

function cumulativeOf(histogram: Record<string, number>): Cumulative {
  let rows = 0
  return Object.entries(histogram)
    .map(([hundredths, count]) => ({ score: Number(hundredths) / HUNDREDTHS, count }))
    .toSorted((a, b) => a.score - b.score)
    .map(({ score, count }) => ({ score, rows: (rows += count) }))
}

/** Between the two ranks around `(n − 1) p`, as R's type 7 and NumPy's default (Hyndman & Fan 1996, Am. Stat. 50:361). */
function quantile(cumulative: Cumulative, p: number): number {
  const place = ((cumulative.at(-1)?.rows ?? 0) - 1) * p
  const scoreAt = (rank: number) => cumulative.find(({ rows }) => rows > rank)?.score ?? 0
  const [low, high] = [scoreAt(Math.floor(place)), scoreAt(Math.ceil(place))]
  return low + (high - low) * (place - Math.floor(place))
}
