import { z } from '@hono/zod-openapi'
import type { CopyRate } from '../../domain/evaluation/chunk-result.ts'
import type { CohortSums } from '../../domain/evaluation/score.ts'
import type { PassMark as PinnedMark } from '../../domain/evaluation/spec.ts'
import { ENDED, type EvaluationProgress } from '../../domain/evaluation/status.ts'
import { summarise, summaryOf } from '../../domain/evaluation/summary.ts'
import { DEFAULT_PASS_AT, metricEvaluator, type Suite } from '../../domain/evaluation/suite.ts'
import { mean, meanBounds } from '../../domain/statistics/mean.ts'
import { own } from '../../domain/own.ts'
import type { Env } from '../env.ts'
import { cohortScoresOf } from '../evaluation/finish.ts'
import type { evaluations } from '../lineage/schema.ts'

/** Error of the intervals that are shown: two-sided 95%. */
const ALPHA = 0.025

export const EvaluationId = z.object({ evaluationId: z.string() })

const Progress = z.object({
  status: z.string(),
  chunks: z.number(),
  done: z.number(),
  underWay: z.number(),
  rows: z.number(),
  totalRows: z.number(),
  errors: z.number(),
  reused: z.number(),
  costUsd: z.number(),
  rowsPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  problem: z.string().nullable(),
})

export const EvaluationRow = z.object({
  evaluationId: z.string(),
  target: z.string(),
  source: z.string(),
  suiteVersion: z.string(),
  mode: z.string(),
  status: z.string(),
  rows: z.number(),
  errors: z.number(),
  reused: z.number(),
  costUsd: z.number(),
  estimatedCostUsd: z.number().nullable(),
  createdBy: z.string().nullable(),
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
  progress: Progress,
})

const Bounds = z.object({ lower: z.number(), upper: z.number() })
const Mean = Bounds.extend({ value: z.number() })

/** How the scores of one metric are spread. */
const Spread = z.object({
  median: z.number().nullable(),
  quartiles: Bounds.nullable(),
  passRate: Mean.extend({ passes: z.number() })
    .nullable()
    .openapi({ description: 'Share of rows that reach the pass mark, with Wilson’s 95% interval' }),
  distribution: z.array(z.number()).openapi({ description: 'Rows by twentieth of the scale' }),
  copyRate: z.number().nullable().openapi({
    description:
      'Mean share of the answers that is copied from the context, where the evaluator says: overlap rewards copying',
  }),
})

const Score = Spread.extend({
  metric: z.string(),
  evaluator: z.string(),
  cohort: z.string(),
  n: z.number(),
  errors: z.number(),
  mean: z.number(),
  lower: z.number(),
  upper: z.number(),
})

const PassMark = z.object({
  at: z.number(),
  from: z.string().openapi({ description: '`suite`, a calibration by its id, or `default`' }),
  cohorts: z
    .record(z.string(), z.number())
    .openapi({ description: 'Of cohorts whose labels were enough for a mark of their own' }),
  calibrated: z.boolean(),
  note: z.string(),
})

const Metric = Spread.extend({
  metric: z.string(),
  evaluator: z.string(),
  n: z.number(),
  errors: z.number(),
  mean: Mean.nullable(),
  passMark: PassMark,
})

export const Evaluation = EvaluationRow.extend({
  forced: z
    .boolean()
    .openapi({ description: 'True when nothing was to be taken over from earlier evaluations' }),
  metrics: z.array(Metric).openapi({ description: 'By metric, over all rows that are done' }),
  scores: z.array(Score).openapi({ description: 'By metric and cohort, of the rows that are done' }),
})

export function describeRow(row: typeof evaluations.$inferSelect, progress: EvaluationProgress) {
  const { projectId: _p, suite: _s, promptRef: _r, passMarks: _m, ...shown } = row
  // While it runs, its object knows more than the database.
  if (ENDED.has(row.status)) return { ...shown, progress }
  const { rows, errors, reused, costUsd } = progress
  return { ...shown, rows, errors, reused, costUsd, progress }
}

/** An evaluation with its scores by metric and cohort: stored ones, or, before the end, what has come in. */
export async function describeEvaluation(env: Env, row: typeof evaluations.$inferSelect) {
  const object = env.EVALUATION_RUN.getByName(row.evaluationId)
  const description = await object.description()
  const progress = description?.progress ?? (await object.progress())
  const sums =
    row.status === 'finished' ? await cohortScoresOf(env, row.evaluationId) : (description?.scores ?? [])
  const suite = row.suite as unknown as Suite
  const marks = describeMarks(suite, row.passMarks, description?.spec.passMarks)
  const evaluatorOf = new Map(suite.metrics.map((metric) => [metric.metric, metricEvaluator(metric)]))
  const labelled = (metric: string) => ({ metric, evaluator: evaluatorOf.get(metric) ?? 'unknown' })
  const copied = description?.copyRates ?? []
  return {
    ...describeRow(row, progress),
    forced: description?.spec.forced ?? false,
    metrics: summarise(sums).map(({ metric, cohorts: _, ...summary }) => ({
      ...labelled(metric),
      ...summary,
      passMark: marks.get(metric)!,
      copyRate: copyRate(copied.filter((rate) => rate.metric === metric)),
    })),
    scores: sums.map((score) => ({
      ...labelled(score.metric),
      ...spreadOf(score),
      cohort: score.cohort,
      mean: mean(score),
      ...meanBounds(score, ALPHA),
      copyRate: copyRate(
        copied.filter(({ metric, cohort }) => metric === score.metric && cohort === score.cohort),
      ),
    })),
  }
}

function spreadOf(score: CohortSums) {
  const { mean: _, ...summary } = summaryOf(score)
  return summary
}

function copyRate(rates: readonly CopyRate[]): number | null {
  const n = rates.reduce((total, rate) => total + rate.n, 0)
  return n === 0 ? null : rates.reduce((total, rate) => total + rate.sum, 0) / n
}

function describeMarks(
  { metrics }: Suite,
  stored: Readonly<Record<string, number>>,
  pinned: Readonly<Record<string, PinnedMark>> = {},
) {
  return new Map(
    metrics.map(({ metric, passAt }) => {
      const at = stored[metric] ?? DEFAULT_PASS_AT
      const from = pinned[metric]?.from ?? (passAt === undefined ? 'default' : 'suite')
      const note = own(NOTES, from) ?? `calibration ${from}`
      return [
        metric,
        { at, from, cohorts: pinned[metric]?.cohorts ?? {}, calibrated: from.startsWith('cal_'), note },
      ]
    }),
  )
}

const NOTES: Readonly<Record<string, string>> = {
  suite: 'as the suite says',
  default: 'uncalibrated: the middle, which nobody compared with what people say',
}
