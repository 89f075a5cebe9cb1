import { and, eq } from 'drizzle-orm'
import { CHUNK_ROWS, type EvaluationChunk, type EvaluationSpec } from '../../domain/evaluation/spec.ts'
import type { DatasetManifest } from '../../domain/dataset/version.ts'
import { contentHash } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import type { Env } from '../env.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { evaluations } from '../lineage/schema.ts'

/** Registers an evaluation and hands it to its object, which fans it out. A repeated call changes nothing. */
export async function startEvaluation(
  env: Env,
  spec: EvaluationSpec,
  chunks: EvaluationChunk[],
  promptRef: string | null,
  now: number,
): Promise<void> {
  await lineage(env.LINEAGE)
    .insert(evaluations)
    .values({
      evaluationId: spec.evaluationId,
      projectId: spec.project,
      target: spec.target,
      source: spec.source,
      suite: spec.suite as unknown as Json,
      suiteVersion: contentHash(spec.suite),
      promptRef,
      mode: spec.mode,
      status: 'running',
      rows: 0,
      errors: 0,
      createdAt: now,
      finishedAt: null,
    })
    .onConflictDoNothing()
  await env.EVALUATION_RUN.getByName(spec.evaluationId).start(spec, chunks)
}

/** Chunks that cover every row of a dataset version once. */
export function datasetChunks(manifest: DatasetManifest): EvaluationChunk[] {
  return manifest.shards.flatMap(({ key, rows }) => {
    const starts = Array.from({ length: Math.ceil(rows / CHUNK_ROWS) }, (_, index) => index * CHUNK_ROWS)
    return starts.map((from) => ({ shardKey: key, from, to: Math.min(rows, from + CHUNK_ROWS) }))
  })
}

/** A finished evaluation of the same target on the same rows by the same suite, if there is one. */
export async function finishedEvaluation(
  db: Lineage,
  project: string,
  { target, source, suiteVersion }: { target: string; source: string; suiteVersion: string },
) {
  const [row] = await db
    .select()
    .from(evaluations)
    .where(
      and(
        eq(evaluations.projectId, project),
        eq(evaluations.target, target),
        eq(evaluations.source, source),
        eq(evaluations.suiteVersion, suiteVersion),
        eq(evaluations.status, 'finished'),
      ),
    )
    .limit(1)
  return row
}
