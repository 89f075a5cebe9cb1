import * as z from 'zod'
import { momentsOf, type CohortScore } from '../evaluation/score.ts'
import { holm } from '../statistics/holm.ts'
import { mean, meanBounds, pValueBelow, rowsToShow } from '../statistics/mean.ts'
import { alphaOf, withAttempt, type GateAttempt } from './alpha-budget.ts'
import { onInconclusive, sound, type Gate } from './gate.ts'
import type { GateResult, Verdict } from './verdict.ts'

const Threshold = z.strictObject({
  /** The mean over all rows must be shown to reach this. */
  overall: z.number().min(0).max(1),
  /** No cohort may be shown to lie below this. */
  cohort: z.number().min(0).max(1).optional(),
})

/** By metric. */
export const Thresholds = z
  .record(z.string(), Threshold)
  .refine((metrics) => Object.keys(metrics).length > 0, 'a gate needs a threshold')

const Params = z.strictObject({
  metrics: Thresholds,
  /** Of passing a model below its threshold, over all attempts on the same rows together. */
  alpha: z.number().positive().max(0.5).default(0.05),
  onInconclusive,
})

export interface ThresholdEvidence {
  scores: CohortScore[]
  attempt?: GateAttempt
}

interface Line {
  [key: string]: string | number | boolean | null
  metric: string
  cohort: string | null
  n: number
  mean: number
  lower: number
  upper: number
  threshold: number
  verdict: Verdict
}

interface Judgement {
  thresholds: z.infer<typeof Thresholds>
  alpha: number
  /** Of the bound that a passing mean clears. */
  passAlpha: number
}

/**
 * Each metric's mean reaches its threshold with confidence 1 − alpha, and no cohort is shown to lie below its own
 * (Holm over metrics × cohorts). In between, the data can't tell. Further attempts on the same rows must show more to
 * pass; what fails a candidate does not change.
 */
export const threshold: Gate<z.infer<typeof Params>, ThresholdEvidence> = {
  name: 'threshold',
  stages: ['evaluate', 'promote'],
  params: Params,
  evaluate({ metrics, alpha }, { scores, attempt }) {
    const judgement = { thresholds: metrics, alpha, passAlpha: alphaOf(alpha, attempt) }
    return sound(withAttempt(judgeScores(scores, judgement), alpha, attempt))
  },
}

/** Scores against thresholds, metric by metric and cohort by cohort. */
export function judgeScores(scores: CohortScore[], judgement: Judgement): GateResult {
  const lines = Object.entries(judgement.thresholds).map(([metric, { overall }]) =>
    overallLine(scores, metric, overall, judgement),
  )
  const cohortLines = belowCohorts(scores, judgement)
  // A cohort that is not shown to be good stops nobody: that is what the mean over all rows is for.
  const decisive = [...lines, ...cohortLines.filter(({ verdict }) => verdict === 'failed')]
  const verdict = worst(decisive.map((line) => line.verdict))
  return {
    verdict,
    sentence:
      verdict === 'passed'
        ? `All of ${lines.map(({ metric, mean: value, threshold: limit }) => `${metric} ${value.toFixed(3)} ≥ ${limit}`).join(', ')}, and no cohort is below its own threshold.`
        : `${decisive
            .filter((line) => line.verdict === verdict)
            .map(describe)
            .join('; ')}.`,
    evidence: { lines: [...lines, ...cohortLines] },
  }
}

function overallLine(
  scores: CohortScore[],
  metric: string,
  limit: number,
  { alpha, passAlpha }: Judgement,
): Line {
  const moments = momentsOf(scores, metric)
  const { lower } = meanBounds(moments, passAlpha)
  const { upper } = meanBounds(moments, alpha)
  const verdict =
    moments.n === 0 ? 'not_run' : lower >= limit ? 'passed' : upper < limit ? 'failed' : 'inconclusive'
  const value = mean(moments)
  return {
    metric,
    cohort: null,
    n: moments.n,
    mean: value,
    lower,
    upper,
    threshold: limit,
    verdict,
    rowsNeeded: verdict === 'inconclusive' ? rowsToShow(moments, value - limit, passAlpha) : null,
  }
}

function belowCohorts(scores: CohortScore[], { thresholds, alpha }: Judgement): Line[] {
  const candidates = scores.flatMap((score) => {
    const limit = thresholds[score.metric]?.cohort
    return limit === undefined || score.n === 0 ? [] : [{ score, limit, p: pValueBelow(score, limit) }]
  })
  const below = holm(
    candidates.map(({ p }) => p),
    alpha,
  )
  return candidates.map(({ score, limit }, index) => {
    const value = mean(score)
    const bounds = meanBounds(score, alpha)
    const verdict = below[index] ? 'failed' : bounds.lower >= limit ? 'passed' : 'inconclusive'
    const rowsNeeded = verdict === 'inconclusive' ? rowsToShow(score, value - limit, alpha) : null
    const { metric, cohort, n } = score
    return { metric, cohort, n, mean: value, ...bounds, threshold: limit, verdict, rowsNeeded }
  })
}

function describe({ metric, cohort, mean: value, threshold: limit, verdict, n, rowsNeeded }: Line): string {
  const what = cohort === null ? metric : `${metric} of ${cohort}`
  if (verdict === 'not_run') return `${what} was not scored`
  const seen = `${what} is ${value.toFixed(3)} on ${n} rows, against a threshold of ${limit}`
  if (verdict === 'failed') return seen
  return `${seen}: not enough to tell${typeof rowsNeeded === 'number' ? `, about ${rowsNeeded} rows would be` : ''}`
}

/** The verdict of the whole from those of its parts. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  const order: Verdict[] = ['not_run', 'failed', 'inconclusive', 'waived', 'passed']
  return order.find((verdict) => verdicts.includes(verdict)) ?? 'not_run'
}
