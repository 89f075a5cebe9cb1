import * as z from 'zod'
import { momentsOf, type CohortScore } from '../evaluation/score.ts'
import { holm } from '../statistics/holm.ts'
import { mean, meanBounds, pValueBelow, rowsToShow } from '../statistics/mean.ts'
import { onInconclusive, sound, type Gate } from './gate.ts'
import type { Verdict } from './verdict.ts'

const Threshold = z.strictObject({
  /** The mean over all rows must be shown to reach this. */
  overall: z.number().min(0).max(1),
  /** No cohort may be shown to lie below this. */
  cohort: z.number().min(0).max(1).optional(),
})

const Params = z.strictObject({
  metrics: z
    .record(z.string(), Threshold)
    .refine((metrics) => Object.keys(metrics).length > 0, 'a gate needs a threshold'),
  alpha: z.number().positive().max(0.5).default(0.05),
  onInconclusive,
})

export interface ThresholdEvidence {
  scores: CohortScore[]
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

/**
 * Each metric's mean reaches its threshold with confidence 1 − alpha, and no cohort is shown to lie below its own
 * (Holm over metrics × cohorts). In between, the data can't tell.
 */
export const threshold: Gate<z.infer<typeof Params>, ThresholdEvidence> = {
  name: 'threshold',
  stages: ['evaluate', 'promote'],
  params: Params,
  evaluate(params, { scores }) {
    const lines = Object.entries(params.metrics).map(([metric, { overall }]) =>
      overallLine(scores, metric, overall, params.alpha),
    )
    const cohortLines = belowCohorts(scores, params)
    const all = [...lines, ...cohortLines]
    const verdict = worst(all.map((line) => line.verdict))
    const decisive = all.filter((line) => line.verdict === verdict)
    return sound({
      verdict,
      sentence:
        verdict === 'passed'
          ? `All of ${lines.map(({ metric, mean: value, threshold: limit }) => `${metric} ${value.toFixed(3)} ≥ ${limit}`).join(', ')}, and no cohort is below its own threshold.`
          : `${decisive.map(describe).join('; ')}.`,
      evidence: { lines: all },
    })
  },
}

function overallLine(scores: CohortScore[], metric: string, limit: number, alpha: number): Line {
  const moments = momentsOf(scores, metric)
  const { lower, upper } = meanBounds(moments, alpha)
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
    rowsNeeded: verdict === 'inconclusive' ? rowsToShow(moments, value - limit, alpha) : null,
  }
}

function belowCohorts(scores: CohortScore[], params: z.infer<typeof Params>): Line[] {
  const candidates = scores.flatMap((score) => {
    const limit = params.metrics[score.metric]?.cohort
    return limit === undefined || score.n === 0 ? [] : [{ score, limit, p: pValueBelow(score, limit) }]
  })
  const below = holm(
    candidates.map(({ p }) => p),
    params.alpha,
  )
  return candidates.map(({ score, limit }, index) => ({
    metric: score.metric,
    cohort: score.cohort,
    n: score.n,
    mean: mean(score),
    ...meanBounds(score, params.alpha),
    threshold: limit,
    verdict: below[index] ? 'failed' : 'passed',
  }))
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
