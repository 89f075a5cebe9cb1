import { and, eq } from 'drizzle-orm'
import type { CohortSums } from '../../domain/evaluation/score.ts'
import type { EvaluationSpec } from '../../domain/evaluation/spec.ts'
import { metricEvaluator } from '../../domain/evaluation/suite.ts'
import type { Env } from '../env.ts'
import { chunk, lineage, rowsAStatement } from '../lineage/db.ts'
import { cohortScores, evaluations } from '../lineage/schema.ts'
import { finishSweep } from '../monitoring/finish-sweep.ts'

/** Stores the sums of a complete evaluation and tells whoever waits for it. Repeating it changes nothing. */
export async function finishEvaluation(
  env: Env,
  spec: EvaluationSpec,
  rows: number,
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
  const errors = scores.reduce((sum, score) => sum + score.errors, 0)
  await db.batch([
    db
      .update(evaluations)
      .set({ status: 'finished', rows, errors, finishedAt: Date.now() })
      .where(eq(evaluations.evaluationId, spec.evaluationId)),
    ...chunk(values, rowsAStatement(11)).map((part) =>
      db.insert(cohortScores).values(part).onConflictDoNothing(),
    ),
  ])
  if ('sweepId' in spec.notify) return finishSweep(env, spec.project, spec.notify.sweepId)
  const { runId, stage, attempt, as } = spec.notify
  const dedupeKey = `evaluation:${stage}:${attempt}:${spec.evaluationId}`
  await env.WORKFLOW_RUN.getByName(runId).report([
    as === 'produced'
      ? {
          dedupeKey,
          event: { type: 'stage.produced', stage, attempt, outputs: { evaluation: spec.evaluationId } },
        }
      : {
          dedupeKey,
          event: {
            type: 'stage.resumed',
            stage,
            attempt,
            cause: 'production was evaluated on the same rows',
          },
        },
  ])
}

/** An evaluation that nobody waits for any more says so. */
export async function cancelEvaluation(env: Env, { evaluationId }: EvaluationSpec): Promise<void> {
  await lineage(env.LINEAGE)
    .update(evaluations)
    .set({ status: 'cancelled', finishedAt: Date.now() })
    .where(and(eq(evaluations.evaluationId, evaluationId), eq(evaluations.status, 'running')))
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
