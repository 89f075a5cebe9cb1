import { passMarkOf, type PassMarks } from '../evaluation/score.ts'
import { holm } from '../statistics/holm.ts'
import { mcnemarExact } from '../statistics/mcnemar.ts'
import { comparePairedBinary } from '../statistics/paired-binary.ts'
import { comparePaired, type PairedComparison, type PairedOptions } from '../statistics/paired.ts'

/** Scores of candidate and production on one row. */
export interface PairedRow {
  cohort: string
  /** Rows of one conversation share it. */
  cluster: string
  /** Id of the row; the cluster where it is absent. */
  row?: string
  pairs: Record<string, Pair>
  /** Share of each answer that is copied from its context, where an evaluator says so. */
  copyRate?: Pair
}

export interface Pair {
  candidate: number
  production: number
}

/** How a metric is compared: by the mean of its scores, or by the share of rows that reach its pass mark. */
export const COMPARED_BY = ['scores', 'passes'] as const

export interface LineParams {
  metrics: readonly string[]
  compare: (typeof COMPARED_BY)[number]
  margin: number
  cohortMargin: number
  minCohortRows: number
  suspiciousGain: number
  alpha: number
  seed: number
}

/** Candidate against production on one metric, of all rows or of one cohort. */
export interface RegressionLine {
  [key: string]: string | number | boolean | null
  metric: string
  cohort: string | null
  n: number
  difference: number
  lower: number
  upper: number
  pWorse: number
  rowsNeeded: number | null
  margin: number
  power: number | null
  smallestLoss: number | null
  moreRows: number | null
  /** Which bounds these are. */
  method: 'clustered-bootstrap' | 'tango'
  /** Rows that only one of the two passes, by the pass mark. */
  gained: number
  lost: number
  /** Exact McNemar, two-sided: null where rows of one conversation make it wrong. */
  mcnemarP: number | null
  /** Shown to be better by more than is likely without a leak. */
  suspicious: boolean
  outcome: 'better' | 'same' | 'worse' | 'inconclusive'
}

/** All rows, a line a metric. `passAlpha` is the level of the lower bound, by which the candidate passes. */
export function overallLines(
  rows: readonly PairedRow[],
  params: LineParams,
  passAlpha: number,
  passMarks: PassMarks,
): RegressionLine[] {
  const { metrics, margin, alpha, seed, suspiciousGain } = params
  return metrics.map((metric) => {
    const options = { margin, alpha: passAlpha, upperAlpha: alpha, seed }
    const found = compareOn(rows, metric, params, passMarks, options)
    const outcome =
      found.upper < -margin ? 'worse' : found.lower >= -margin ? betterOrSame(found.lower) : 'inconclusive'
    return { metric, cohort: null, ...found, margin, suspicious: found.lower > suspiciousGain, outcome }
  })
}

/** A line for each metric and cohort that has a pair: worse by Holm over all of them, thin ones not judged. */
export function cohortLines(
  rows: readonly PairedRow[],
  params: LineParams,
  passMarks: PassMarks,
): RegressionLine[] {
  const { metrics, cohortMargin: margin, alpha, seed, minCohortRows } = params
  const compared = [...Map.groupBy(rows, ({ cohort }) => cohort)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([cohort, own]) =>
      metrics
        .map((metric) => {
          const found = compareOn(own, metric, params, passMarks, { margin, alpha, seed })
          return { metric, cohort, ...found, margin, suspicious: false }
        })
        .filter(({ n }) => n > 0),
    )
  const judged = compared.filter(({ n }) => n >= minCohortRows)
  const isWorse = holm(
    judged.map(({ pWorse }) => pWorse),
    alpha,
  )
  return compared.map((line) => {
    const place = judged.indexOf(line)
    if (place < 0) {
      const rowsNeeded = Math.max(minCohortRows, line.rowsNeeded ?? 0)
      return { ...line, rowsNeeded, outcome: 'inconclusive' }
    }
    const outcome = isWorse[place]
      ? 'worse'
      : line.lower >= -margin
        ? betterOrSame(line.lower)
        : 'inconclusive'
    return { ...line, outcome }
  })
}

type Found = PairedComparison & Pick<RegressionLine, 'method' | 'gained' | 'lost' | 'mcnemarP'>

/** Independent rows of yes and no by Tango's score test, all others by clusters. */
function compareOn(
  rows: readonly PairedRow[],
  metric: string,
  { compare }: LineParams,
  passMarks: PassMarks,
  options: PairedOptions,
): Found {
  const scored = rows.flatMap(({ cluster, cohort, pairs }) =>
    pairs[metric] ? [{ cluster, mark: passMarkOf(passMarks, metric, cohort), ...pairs[metric] }] : [],
  )
  const judged =
    compare === 'scores'
      ? scored
      : scored.map(({ cluster, mark, candidate, production }) => ({
          cluster,
          candidate: passed(candidate, mark),
          production: passed(production, mark),
        }))
  const gained = scored.filter(({ mark, ...pair }) => pair.candidate >= mark && pair.production < mark).length
  const lost = scored.filter(({ mark, ...pair }) => pair.candidate < mark && pair.production >= mark).length
  const clusters = [...Map.groupBy(judged, ({ cluster }) => cluster).values()]
  const areIndependent = clusters.length === judged.length
  const flips = { gained, lost, mcnemarP: areIndependent ? mcnemarExact({ gained, lost }) : null }
  if (areIndependent && judged.length > 1 && judged.every(isYesOrNo)) {
    const counts = {
      n: judged.length,
      gained: judged.filter(({ candidate, production }) => candidate > production).length,
      lost: judged.filter(({ candidate, production }) => candidate < production).length,
    }
    return { ...comparePairedBinary(counts, options), method: 'tango', ...flips }
  }
  const differences = clusters.map((own) => own.map(({ candidate, production }) => candidate - production))
  return { ...comparePaired(differences, options), method: 'clustered-bootstrap', ...flips }
}

/** 0 or 1; what is not a number stays none. */
function passed(score: number, mark: number): number {
  return Number.isNaN(score) ? score : Number(score >= mark)
}

function isYesOrNo({ candidate, production }: Pair): boolean {
  return [candidate, production].every((score) => score === 0 || score === 1)
}

function betterOrSame(lower: number): 'better' | 'same' {
  return lower > 0 ? 'better' : 'same'
}
