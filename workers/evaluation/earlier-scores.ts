import { and, desc, eq, ne } from 'drizzle-orm'
import { shortHash } from '../../domain/evaluation/chunk-result.ts'
import type { RowScores } from '../../domain/evaluation/score.ts'
import { sameScores } from '../../domain/evaluation/score-key.ts'
import { isImmutable, type EarlierScores, type EvaluationSpec } from '../../domain/evaluation/spec.ts'
import type { Suite } from '../../domain/evaluation/suite.ts'
import type { Evaluated } from '../../domain/evaluators/evaluator.ts'
import type { Env } from '../env.ts'
import type { Lineage } from '../lineage/db.ts'
import { evaluations } from '../lineage/schema.ts'
import { keys } from '../registry/keys.ts'
import { ndjsonLines } from '../registry/ndjson-lines.ts'

/** Finished evaluations of the same target that are looked through, newest first. */
const MAX_EARLIER = 3

/**
 * Evaluations whose answers and scores may be taken over. A target is immutable, so that its answer to the same row is
 * the same question asked again; samples of traffic have no rows in common.
 */
export async function earlierScores(db: Lineage, spec: EvaluationSpec): Promise<EarlierScores[]> {
  if (spec.mode === 'online' || spec.forced || !isImmutable(spec.target)) return []
  const rows = await db
    .select({ evaluationId: evaluations.evaluationId, suite: evaluations.suite })
    .from(evaluations)
    .where(
      and(
        eq(evaluations.projectId, spec.project),
        eq(evaluations.target, spec.target),
        eq(evaluations.mode, 'offline'),
        eq(evaluations.status, 'finished'),
        ne(evaluations.evaluationId, spec.evaluationId),
      ),
    )
    .orderBy(desc(evaluations.finishedAt))
    .limit(MAX_EARLIER)
  return rows
    .map(({ evaluationId, suite }) => ({
      evaluationId,
      metrics: sameScores(spec.metrics, spec.suite, suite as unknown as Suite),
    }))
    .filter(({ metrics }) => spec.candidate !== undefined || Object.keys(metrics).length > 0)
}

/** What is taken over for one row: the answer that was given, and the scores that would be the same again. */
export interface TakenRow {
  row: RowScores
  scores: Record<string, Evaluated>
}

/** The rows of earlier evaluations with this content, by row hash; one that had no answer is asked anew. */
export async function takeOver(
  env: Env,
  { project, reuse = [] }: EvaluationSpec,
  rowHashes: readonly string[],
): Promise<Map<string, TakenRow>> {
  const taken = new Map<string, TakenRow>()
  for (const { evaluationId, metrics } of reuse) {
    const missing = new Map(
      rowHashes.filter((hash) => !taken.has(hash)).map((hash) => [shortHash(hash), hash] as const),
    )
    if (missing.size === 0) break
    const found = await env.EVALUATION_RUN.getByName(evaluationId).chunksOf([...missing.keys()])
    for (const chunk of new Set(Object.values(found))) {
      const lines = ndjsonLines(env.ARTIFACTS, keys.scores(project, evaluationId, chunk))
      for await (const line of lines) {
        const row = JSON.parse(line) as RowScores
        const { rowHash, response } = row
        if (rowHash === undefined || response === undefined) continue
        if (missing.get(shortHash(rowHash)) === rowHash)
          taken.set(rowHash, { row, scores: scoresOf(row, metrics) })
      }
    }
  }
  return taken
}

/** Scores under the names that they have now. One that could not be given is tried again. */
function scoresOf({ scores }: RowScores, metrics: Record<string, string>): Record<string, Evaluated> {
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([metric, there]) => {
      const result = scores[there]
      if (!result || 'error' in result) return []
      const { cost } = result
      return [[metric, cost ? { ...result, cost: { ...cost, cached: true } } : result]]
    }),
  )
}
