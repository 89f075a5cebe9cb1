import { and, eq, inArray } from 'drizzle-orm'
import type { CohortSums } from '../../domain/evaluation/score.ts'
import type { EvaluationSpec } from '../../domain/evaluation/spec.ts'
import type { EvaluationProgress } from '../../domain/evaluation/status.ts'
import { metricEvaluator } from '../../domain/evaluation/suite.ts'
import { attemptFailed } from '../../domain/run/report.ts'
import type { Env } from '../env.ts'
import { chunk, lineage, rowsAStatement } from '../lineage/db.ts'
import { cohortScores, evaluations, sweeps } from '../lineage/schema.ts'
import { finishSweep } from '../monitoring/finish-sweep.ts'

/** Cohorts are free text, and may be thousands. */
const STATEMENTS_A_BATCH = 50

/** Stores the sums of a complete evaluation and tells whoever waits for it. Repeating it changes nothing. */
export async function finishEvaluation(
  env: Env,
  spec: EvaluationSpec,
  { rows, errors, reused, costUsd }: EvaluationProgress,
  scores: CohortSums[],
): Promise<void> {
  const db = lineage(env.LINEAGE)
  const evaluatorOf = new Map(spec.metrics.map((metric) => [metric.metric, metricEvaluator(metric)]))
  const values = scores.map((score) => ({
    ...score,
    evaluationId: spec.evaluationId,
    projectId: spec.project,
    evaluator: evaluatorOf.get(score.metric)!,
  }))
  const inserts = chunk(values, rowsAStatement(11)).map((part) =>
    db.insert(cohortScores).values(part).onConflictDoNothing(),
  )
  // The sums are all there before the evaluation says that it is finished.
  for (const [first, ...others] of chunk(inserts, STATEMENTS_A_BATCH)) await db.batch([first!, ...others])
  await db
    .update(evaluations)
    .set({ status: 'finished', rows, errors, reused, costUsd, finishedAt: Date.now() })
    .where(eq(evaluations.evaluationId, spec.evaluationId))
  const { notify, evaluationId, project } = spec
  if ('sweepId' in notify) return finishSweep(env, project, notify.sweepId)
  if ('nobody' in notify) return
  const { runId, stage, attempt, as } = notify
  const cause = 'production was evaluated on the same rows'
  await env.WORKFLOW_RUN.getByName(runId).report([
    {
      dedupeKey: `evaluation:${stage}:${attempt}:${evaluationId}`,
      event:
        as === 'produced'
          ? { type: 'stage.produced', stage, attempt, outputs: { evaluation: evaluationId } }
          : { type: 'stage.resumed', stage, attempt, cause },
    },
  ])
}

/** An evaluation that is given up says so, and what it came to. `tell` whoever waits for it. */
export async function cancelEvaluation(
  env: Env,
  { evaluationId, notify }: EvaluationSpec,
  { rows, errors, reused, costUsd }: EvaluationProgress,
  tell: boolean,
): Promise<void> {
  const db = lineage(env.LINEAGE)
  await db
    .update(evaluations)
    .set({ status: 'cancelled', rows, errors, reused, costUsd, finishedAt: Date.now() })
    .where(
      and(eq(evaluations.evaluationId, evaluationId), inArray(evaluations.status, ['running', 'paused'])),
    )
  if ('sweepId' in notify)
    await db.update(sweeps).set({ status: 'cancelled' }).where(eq(sweeps.sweepId, notify.sweepId))
  if (!tell || !('runId' in notify)) return
  const message = `The evaluation ${evaluationId} was cancelled`
  const failure = { code: 'evaluation.cancelled', message }
  const failed = attemptFailed(notify, failure, false, { key: `evaluation-cancelled:${evaluationId}` })
  await env.WORKFLOW_RUN.getByName(notify.runId).report([failed])
}

/** A stage whose evaluation is paused says so, and that it goes on when it does; `turn` tells one pause from the next. */
export async function holdEvaluation(
  env: Env,
  { evaluationId, notify }: EvaluationSpec,
  status: 'running' | 'paused',
  turn: number,
): Promise<void> {
  await lineage(env.LINEAGE)
    .update(evaluations)
    .set({ status })
    .where(
      and(eq(evaluations.evaluationId, evaluationId), inArray(evaluations.status, ['running', 'paused'])),
    )
  if (!('runId' in notify)) return
  const { runId, stage, attempt } = notify
  const waitingFor =
    status === 'paused'
      ? `the evaluation ${evaluationId}, which is paused: resume it`
      : `the evaluation ${evaluationId}`
  await env.WORKFLOW_RUN.getByName(runId).report([
    {
      dedupeKey: `evaluation-held:${stage}:${attempt}:${evaluationId}:${turn}`,
      event: { type: 'stage.waiting', stage, attempt, waitingFor },
    },
  ])
}

/** Sums per metric and cohort of a finished evaluation. */
export function cohortScoresOf(env: Env, evaluationId: string): Promise<CohortSums[]> {
  return lineage(env.LINEAGE)
    .select({
      metric: cohortScores.metric,
      cohort: cohortScores.cohort,
      n: cohortScores.n,
      errors: cohortScores.errors,
      sum: cohortScores.sum,
      sumSquares: cohortScores.sumSquares,
      passes: cohortScores.passes,
      histogram: cohortScores.histogram,
    })
    .from(cohortScores)
    .where(eq(cohortScores.evaluationId, evaluationId))
}
