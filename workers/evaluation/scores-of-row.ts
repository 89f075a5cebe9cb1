import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { RowScores } from '../../domain/evaluation/score.ts'
import { CHUNK_ROWS, RULE_CHUNK_ROWS } from '../../domain/evaluation/spec.ts'
import { MAX_CONNECTIONS, mapConcurrently } from '../concurrency.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { evaluations } from '../lineage/schema.ts'
import { datasetManifest } from '../registry/datasets.ts'
import { keys } from '../registry/keys.ts'
import { readNdjson } from '../registry/ndjson.ts'
import { findRow } from '../registry/row-index.ts'
import { datasetChunks } from './start.ts'

interface WantedRow {
  project: string
  dataset: string
  rowId: string
}

/** What evaluations of any version of a dataset found of a row, newest first, a page of evaluations. */
export async function scoresByEvaluations(
  env: Env,
  { project, dataset, rowId }: WantedRow,
  { before, limit }: { before: number; limit: number },
) {
  const page = await lineage(env.LINEAGE)
    .select()
    .from(evaluations)
    .where(
      and(
        eq(evaluations.projectId, project),
        // A prefix, literally: names may have what LIKE takes for a wildcard.
        sql`substr(${evaluations.source}, 1, ${dataset.length + 9}) = ${`dataset:${dataset}@`}`,
        lt(evaluations.createdAt, before),
      ),
    )
    .orderBy(desc(evaluations.createdAt))
    .limit(limit)
  const found = await mapConcurrently(
    page,
    MAX_CONNECTIONS,
    async ({ evaluationId, source, ...evaluation }) => {
      const row = await scoredRow(env, { project, dataset, rowId }, evaluationId, source)
      if (!row) return []
      const { target, status, createdAt } = evaluation
      return [{ evaluationId, target, status, createdAt, response: row.response ?? null, scores: row.scores }]
    },
  )
  return { evaluations: found.flat(), next: page.length === limit ? page.at(-1)!.createdAt : null }
}

/** The line of a row in an evaluation's score shards; undefined when the row is in none, or not scored yet. */
async function scoredRow(
  env: Env,
  { project, rowId }: WantedRow,
  evaluationId: string,
  source: string,
): Promise<RowScores | undefined> {
  const manifest = await datasetManifest(lineage(env.LINEAGE), project, source)
  const place = await findRow(env, project, source, manifest, rowId)
  if (!place) return undefined
  const shardKey = manifest.shards[place.shard]!.key
  const chunks = [CHUNK_ROWS, RULE_CHUNK_ROWS].map((rows) =>
    datasetChunks(manifest, rows).findIndex(
      (chunk) =>
        'shardKey' in chunk && chunk.shardKey === shardKey && chunk.from <= place.at && place.at < chunk.to,
    ),
  )
  for (const chunk of new Set(chunks)) {
    const key = keys.scores(project, evaluationId, chunk)
    if (!(await env.ARTIFACTS.head(key))) continue
    const row = (await readNdjson<RowScores>(env.ARTIFACTS, key)).find((scored) => scored.rowId === rowId)
    if (row) return row
  }
  return undefined
}
