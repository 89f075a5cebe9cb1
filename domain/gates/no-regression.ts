import * as z from 'zod'
import { compareCopyRates } from '../evaluation/copy-rate.ts'
import type { PassMarks } from '../evaluation/score.ts'
import { alphaOf, withAttempt, type GateAttempt } from './alpha-budget.ts'
import { onInconclusive, sound, type Gate } from './gate.ts'
import {
  COMPARED_BY,
  cohortLines,
  overallLines,
  type PairedRow,
  type RegressionLine,
} from './regression-lines.ts'
import { describe, leakRemark, praise } from './regression-words.ts'
import { shortRef } from '../ref.ts'
import { worst } from './threshold.ts'
import type { Verdict } from './verdict.ts'

export type { PairedRow } from './regression-lines.ts'

const Params = z.strictObject({
  metrics: z.array(z.string()).min(1),
  /** By the mean of the scores, or by the share of rows that reach the metric's pass mark. */
  compare: z.enum(COMPARED_BY).default('scores'),
  /** How much worse than production the mean over all rows may be. */
  margin: z.number().min(0).max(1).default(0.05),
  /** How much worse a single cohort may be. */
  cohortMargin: z.number().min(0).max(1).default(0.1),
  /** Cohorts with fewer paired rows are shown and not judged. */
  minCohortRows: z.number().int().min(1).default(20),
  /** A mean that is shown to be more than this better than production's is a likely leak; 1 for never. */
  suspiciousGain: z.number().positive().max(1).default(0.3),
  /** Whether a likely leak is for a person to look into, or only remarked on. */
  onSuspicious: z.enum(['inconclusive', 'note']).default('inconclusive'),
  /** Of passing a model that is more than the margin worse, over all attempts on the same rows together. */
  alpha: z.number().positive().max(0.5).default(0.05),
  seed: z.number().int().default(1),
  onInconclusive,
})

export interface RegressionEvidence {
  candidate: string
  /** The model in production while the lock is held; null before the first one. */
  production: string | null
  /** Scores by the same evaluators, engines, versions and parameters: who loads them must refuse any others. */
  rows: PairedRow[]
  /** From which score on a row passes, by metric. */
  passMarks?: PassMarks
  attempt?: GateAttempt
}

/**
 * Paired non-inferiority against production on the same rows. Overall, the candidate must be shown to be no more than
 * `margin` worse; a cohort stops it when it is shown to be more than `cohortMargin` worse (Holm over metrics × cohorts).
 * Further attempts on the same rows must show more to pass; what stops a candidate does not change. A candidate that is
 * shown to be better by more than `suspiciousGain` has most likely seen the rows: a person has to look.
 */
export const noRegression: Gate<z.infer<typeof Params>, RegressionEvidence> = {
  name: 'no-regression',
  stages: ['promote'],
  params: Params,
  evaluate(params, { candidate, production, rows, passMarks = {}, attempt }) {
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
    const overall = overallLines(rows, params, alphaOf(params.alpha, attempt), passMarks)
    const cohorts = cohortLines(rows, params, passMarks)
    const lines = [...overall, ...cohorts]
    const verdicts = [
      ...overall.map((line) => verdictOf(line, params.onSuspicious)),
      ...cohorts.map(({ outcome }): Verdict => (outcome === 'worse' ? 'failed' : 'passed')),
    ]
    const verdict = worst(verdicts)
    const decisive = lines.filter((line, index) => verdicts[index] === verdict)
    const copyRate = compareCopyRates(copyRatesOf(rows), params.seed)
    const unsaid = overall.filter(
      (line) => line.suspicious && (verdict === 'passed' || !decisive.includes(line)),
    )
    const sentences = [
      verdict === 'passed'
        ? praise(overall, production)
        : `${decisive.map(describe).join('; ')}, against ${shortRef(production)}.`,
      unsaid.length > 0 && leakRemark(unsaid),
      copyRate?.sentence,
    ]
    const result = {
      verdict,
      sentence: sentences.filter(Boolean).join(' '),
      evidence: { candidate, production, lines, samples: worstRows(rows, params.metrics), copyRate },
    }
    return sound(withAttempt(result, params.alpha, attempt))
  },
}

/** Rows that the evidence names. */
const MAX_SAMPLES = 10

/** Where the candidate fell the most, for people who want to read the answers. */
function worstRows(rows: readonly PairedRow[], metrics: readonly string[]) {
  return rows
    .flatMap(({ cluster, row = cluster, cohort, pairs }) =>
      metrics.flatMap((metric) => {
        const pair = pairs[metric]
        return pair && pair.candidate < pair.production ? [{ row, cohort, metric, ...pair }] : []
      }),
    )
    .toSorted((a, b) => a.candidate - a.production - (b.candidate - b.production))
    .slice(0, MAX_SAMPLES)
}

function copyRatesOf(rows: readonly PairedRow[]) {
  return rows.flatMap(({ cluster, copyRate }) => (copyRate ? [{ cluster, ...copyRate }] : []))
}

function verdictOf(
  { outcome, n, suspicious }: RegressionLine,
  onSuspicious: 'inconclusive' | 'note',
): Verdict {
  if (n === 0) return 'not_run'
  if (outcome === 'worse') return 'failed'
  return outcome === 'inconclusive' || (suspicious && onSuspicious === 'inconclusive')
    ? 'inconclusive'
    : 'passed'
}
