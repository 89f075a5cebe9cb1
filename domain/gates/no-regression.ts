import * as z from 'zod'
import { shortRef } from '../ref.ts'
import { holm } from '../statistics/holm.ts'
import { comparePaired } from '../statistics/paired.ts'
import { alphaOf, withAttempt, type GateAttempt } from './alpha-budget.ts'
import { onInconclusive, points, sound, type Gate } from './gate.ts'
import { worst } from './threshold.ts'
import type { Verdict } from './verdict.ts'

const Params = z.strictObject({
  metrics: z.array(z.string()).min(1),
  /** How much worse than production the mean over all rows may be. */
  margin: z.number().min(0).max(1).default(0.02),
  /** How much worse a single cohort may be. */
  cohortMargin: z.number().min(0).max(1).default(0.1),
  /** Cohorts with fewer paired rows are shown and not judged. */
  minCohortRows: z.number().int().min(1).default(20),
  /** Of passing a model that is more than the margin worse, over all attempts on the same rows together. */
  alpha: z.number().positive().max(0.5).default(0.05),
  seed: z.number().int().default(1),
  onInconclusive,
})

/** Scores of candidate and production on one row. */
export interface PairedRow {
  cohort: string
  /** Rows of one conversation share it. */
  cluster: string
  pairs: Record<string, { candidate: number; production: number }>
}

export interface RegressionEvidence {
  candidate: string
  /** The model in production while the lock is held; null before the first one. */
  production: string | null
  rows: PairedRow[]
  attempt?: GateAttempt
}

interface Line {
  [key: string]: string | number | null
  metric: string
  cohort: string | null
  n: number
  difference: number
  lower: number
  upper: number
  pWorse: number
  rowsNeeded: number | null
  outcome: 'better' | 'same' | 'worse' | 'inconclusive'
}

/**
 * Paired non-inferiority against production on the same rows. Overall, the candidate must be shown to be no more than
 * `margin` worse; a cohort stops it when it is shown to be more than `cohortMargin` worse (Holm over metrics × cohorts).
 * Further attempts on the same rows must show more to pass; what stops a candidate does not change.
 */
export const noRegression: Gate<z.infer<typeof Params>, RegressionEvidence> = {
  name: 'no-regression',
  stages: ['promote'],
  params: Params,
  evaluate(params, { candidate, production, rows, attempt }) {
    if (production === null) {
      return {
        verdict: 'passed',
        sentence: 'Nothing is in production yet: there is nothing to regress from.',
        evidence: { candidate, production },
      }
    }
    if (production === candidate) {
      return {
        verdict: 'passed',
        sentence: 'The candidate is what is in production.',
        evidence: { candidate, production },
      }
    }
    const overall = params.metrics.map((metric) => overallLine(rows, metric, params, attempt))
    const cohorts = cohortLines(rows, params)
    const lines = [...overall, ...cohorts]
    const verdicts = [
      ...overall.map(verdictOf),
      ...cohorts.map(({ outcome }): Verdict => (outcome === 'worse' ? 'failed' : 'passed')),
    ]
    const verdict = worst(verdicts)
    const decisive = lines.filter((line, index) => verdicts[index] === verdict)
    const sentence =
      verdict === 'passed'
        ? praise(overall, production)
        : `${decisive.map(describe).join('; ')}, against ${shortRef(production)}.`
    const samples = worstRows(rows, params.metrics)
    const result = { verdict, sentence, evidence: { candidate, production, lines, samples } }
    return sound(withAttempt(result, params.alpha, attempt))
  },
}

/** Rows that the evidence names. */
const MAX_SAMPLES = 10

/** Where the candidate fell the most, for people who want to read the answers. */
function worstRows(rows: readonly PairedRow[], metrics: readonly string[]) {
  return rows
    .flatMap(({ cluster: row, cohort, pairs }) =>
      metrics.flatMap((metric) => {
        const pair = pairs[metric]
        return pair && pair.candidate < pair.production ? [{ row, cohort, metric, ...pair }] : []
      }),
    )
    .toSorted((a, b) => a.candidate - a.production - (b.candidate - b.production))
    .slice(0, MAX_SAMPLES)
}

function overallLine(
  rows: readonly PairedRow[],
  metric: string,
  { margin, alpha, seed }: z.infer<typeof Params>,
  attempt: GateAttempt | undefined,
): Line {
  const options = { margin, alpha: alphaOf(alpha, attempt), upperAlpha: alpha, seed }
  const comparison = comparePaired(differencesOf(rows, metric), options)
  const outcome =
    comparison.upper < -margin
      ? 'worse'
      : comparison.lower >= -margin
        ? betterOrSame(comparison.lower)
        : 'inconclusive'
  return { metric, cohort: null, ...comparison, outcome }
}

function cohortLines(rows: readonly PairedRow[], params: z.infer<typeof Params>): Line[] {
  const { cohortMargin: margin, alpha, seed, minCohortRows } = params
  const cohorts = [...new Set(rows.map(({ cohort }) => cohort))].toSorted()
  const compared = cohorts.flatMap((cohort) => {
    const own = rows.filter((row) => row.cohort === cohort)
    return params.metrics
      .map((metric) => ({
        metric,
        cohort,
        ...comparePaired(differencesOf(own, metric), { margin, alpha, seed }),
      }))
      .filter(({ n }) => n > 0)
  })
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

/** Differences by cluster, over the rows that both models have a score for. */
function differencesOf(rows: readonly PairedRow[], metric: string): number[][] {
  const clusters = new Map<string, number[]>()
  for (const { cluster, pairs } of rows) {
    const pair = pairs[metric]
    if (!pair) continue
    const differences = clusters.get(cluster) ?? []
    differences.push(pair.candidate - pair.production)
    clusters.set(cluster, differences)
  }
  return [...clusters.values()]
}

function betterOrSame(lower: number): 'better' | 'same' {
  return lower > 0 ? 'better' : 'same'
}

function verdictOf({ outcome, n }: Line): Verdict {
  if (n === 0) return 'not_run'
  return outcome === 'worse' ? 'failed' : outcome === 'inconclusive' ? 'inconclusive' : 'passed'
}

function praise(overall: readonly Line[], production: string): string {
  const parts = overall.map(({ metric, difference }) => `${metric} ${points(difference)}`)
  return `No worse than ${shortRef(production)} on the same ${overall[0]!.n} rows: ${parts.join(', ')}; no cohort regressed.`
}

function describe({ metric, cohort, n, difference, outcome, rowsNeeded }: Line): string {
  const what = `${metric}${cohort === null ? '' : ` of ${cohort}`}`
  if (n === 0) return `${what} has no rows in common with production`
  const seen = `${what} is ${points(difference)} on ${n} rows`
  if (outcome !== 'inconclusive') return seen
  return `${seen}: not enough to tell${rowsNeeded === null ? '' : `, about ${rowsNeeded} rows would be`}`
}
