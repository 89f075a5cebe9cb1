import { and, eq } from 'drizzle-orm'
import { marksOf } from '../../domain/evaluation/chunk-result.ts'
import { CHUNK_ROWS, type EvaluationChunk, type EvaluationSpec } from '../../domain/evaluation/spec.ts'
import type { DatasetManifest } from '../../domain/dataset/version.ts'
import { contentHash } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import type { Env } from '../env.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { evaluations } from '../lineage/schema.ts'
import { earlierScores } from './earlier-scores.ts'
import { passMarksFor } from './pass-marks.ts'

/**
 * Registers an evaluation and hands it to its object, which fans it out. Pass marks, and what is taken over from earlier
 * evaluations, are pinned now. A repeated call changes nothing; the answer is what was started.
 */
export async function startEvaluation(
  env: Env,
  spec: EvaluationSpec,
  chunks: EvaluationChunk[],
  promptRef: string | null,
  now: number,
  estimatedCostUsd: number | null = null,
): Promise<EvaluationSpec> {
  const db = lineage(env.LINEAGE)
  const passMarks = spec.passMarks ?? (await passMarksFor(db, spec))
  const reuse = spec.reuse ?? (await earlierScores(db, spec))
  await db
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
      estimatedCostUsd,
      passMarks: marksOf(passMarks),
      createdBy: spec.createdBy ?? null,
      createdAt: now,
      finishedAt: null,
    })
    .onConflictDoNothing()
  return env.EVALUATION_RUN.getByName(spec.evaluationId).start({ ...spec, passMarks, reuse }, chunks)
}

/** Packed bytes of a chunk at most, about: an isolate holds several chunks, unpacked, with their scores. */
const CHUNK_BYTES = 250_000

/** Chunks that cover every row of a dataset version once; fewer rows in each where rows are large. */
export function datasetChunks(manifest: DatasetManifest, rowsAChunk = CHUNK_ROWS): EvaluationChunk[] {
  return manifest.shards.flatMap(({ key, rows, bytes }) => {
    const size = Math.max(1, Math.min(rowsAChunk, Math.floor((CHUNK_BYTES * rows) / bytes)))
    const starts = Array.from({ length: Math.ceil(rows / size) }, (_, index) => index * size)
    return starts.map((from) => ({ shardKey: key, from, to: Math.min(rows, from + size) }))
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
        eq(evaluations.mode, 'offline'),
        eq(evaluations.status, 'finished'),
      ),
    )
    .limit(1)
  return row
}
