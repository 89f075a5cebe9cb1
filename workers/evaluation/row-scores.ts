import { and, asc, desc, eq, exists, isNull, or, sql } from 'drizzle-orm'
import type { DatasetManifest } from '../../domain/dataset/version.ts'
import { STORED_ANSWERS } from '../../domain/evaluation/spec.ts'
import type { Label } from '../../domain/evaluators/human-label.ts'
import { sha256Hex } from '../../domain/hash.ts'
import { ProblemError } from '../../domain/problem.ts'
import { formatRef, parseRef, Ref } from '../../domain/ref.ts'
import type { Caller } from '../api/auth.ts'
import type { Env } from '../env.ts'
import { newId } from '../ids.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { evaluations, rowScores } from '../lineage/schema.ts'
import { getArtifact, listArtifacts, resolveRef } from '../registry/artifacts.ts'
import { findRow, type RowPlace } from '../registry/row-index.ts'
import { getEvaluation } from './get-evaluation.ts'

export interface NewRowScore {
  dataset: string
  rowId: string
  /** Version or alias of the dataset; that of the evaluation, else the newest, when absent. */
  version?: string | undefined
  evaluationId?: string | undefined
  name: string
  source: 'external' | 'human'
  score: number
  label?: string | undefined
  reason?: string | undefined
  /** Idempotency key of the caller. */
  key?: string | undefined
}

export type RowScoreRow = typeof rowScores.$inferSelect

/**
 * Records what somebody else, or a person, says of a row. The same idempotency key is one score.
 *
 * @throws ProblemError `not.found` for a dataset, row or evaluation, `key.reused`
 */
export async function addRowScore(
  env: Env,
  { project, keyId }: Caller,
  { key, version, ...given }: NewRowScore,
  now: number,
): Promise<RowScoreRow> {
  const db = lineage(env.LINEAGE)
  const said = {
    dataset: given.dataset,
    rowId: given.rowId,
    evaluationId: given.evaluationId ?? null,
    name: given.name,
    source: given.source,
    score: given.score,
    label: given.label ?? null,
    reason: given.reason ?? null,
  }
  const scoreId =
    key === undefined ? newId('scr', now) : `scr_${sha256Hex(`${project}\n${key}`).slice(0, 25)}`
  const known = key === undefined ? undefined : await storedScore(db, scoreId)
  if (!known) {
    await placeOfRow(env, project, { ...given, version })
    await db
      .insert(rowScores)
      .values({ ...said, scoreId, projectId: project, author: keyId, createdAt: now })
      .onConflictDoNothing()
  }
  const stored = known ?? (await storedScore(db, scoreId))!
  const isSame = Object.entries(said).every(([field, value]) => stored[field as keyof RowScoreRow] === value)
  if (!isSame)
    throw new ProblemError('key.reused', `The idempotency key added the score ${scoreId} of something else`)
  return stored
}

async function storedScore(db: Lineage, scoreId: string): Promise<RowScoreRow | undefined> {
  const [row] = await db.select().from(rowScores).where(eq(rowScores.scoreId, scoreId))
  return row
}

/**
 * The dataset version in which a row is looked for, and where it lies there.
 *
 * @throws ProblemError `not.found`
 */
export async function placeOfRow(
  env: Env,
  project: string,
  wanted: Pick<NewRowScore, 'dataset' | 'rowId' | 'version' | 'evaluationId'>,
): Promise<{ ref: string; manifest: DatasetManifest; place: RowPlace }> {
  const db = lineage(env.LINEAGE)
  const ref = await datasetOf(db, project, wanted)
  const manifest = (await getArtifact(db, project, ref)).manifest as unknown as DatasetManifest
  const place = await findRow(env, project, ref, manifest, wanted.rowId)
  if (!place)
    throw new ProblemError('not.found', `There is no row ${wanted.rowId} in ${ref}`, { field: 'rowId' })
  return { ref, manifest, place }
}

async function datasetOf(
  db: Lineage,
  project: string,
  { dataset, version, evaluationId }: Pick<NewRowScore, 'dataset' | 'version' | 'evaluationId'>,
): Promise<string> {
  if (evaluationId !== undefined) {
    const { source } = await getEvaluation(db, project, evaluationId)
    const isOfIt = Ref.safeParse(source).success && parseRef(source).name === dataset
    if (isOfIt && parseRef(source).kind === 'dataset') return source
    throw new ProblemError('not.found', `The evaluation ${evaluationId} is not of the dataset ${dataset}`)
  }
  if (version !== undefined) return resolveRef(db, project, formatRef('dataset', dataset, version))
  const [newest] = await listArtifacts(db, project, 'dataset', dataset, 1)
  if (!newest) throw new ProblemError('not.found', `There is no dataset ${dataset}`)
  return formatRef('dataset', dataset, newest.version)
}

/** What was said of a row from outside, newest first. */
export function scoresFromOutside(
  db: Lineage,
  project: string,
  dataset: string,
  rowId: string,
  limit: number,
): Promise<RowScoreRow[]> {
  return db
    .select()
    .from(rowScores)
    .where(and(eq(rowScores.projectId, project), eq(rowScores.dataset, dataset), eq(rowScores.rowId, rowId)))
    .orderBy(desc(rowScores.createdAt), desc(rowScores.scoreId))
    .limit(limit)
}

/**
 * What people said of the answers of an evaluation of a dataset, oldest first: of one row, or of all. Where the answers are
 * those that the rows have already, what was said of a row itself is said of its answer.
 */
export function humanLabels(
  db: Lineage,
  project: string,
  wanted: { evaluationId: string; dataset: string; name: string; rowId?: string },
): Promise<(Label & { rowId: string })[]> {
  const { evaluationId, dataset, name, rowId } = wanted
  const stored = db
    .select({ one: evaluations.evaluationId })
    .from(evaluations)
    .where(and(eq(evaluations.evaluationId, evaluationId), eq(evaluations.target, STORED_ANSWERS)))
  return db
    .select({
      rowId: rowScores.rowId,
      author: rowScores.author,
      score: rowScores.score,
      label: rowScores.label,
      // Of all rows together they would fill the memory.
      reason: rowId === undefined ? sql<null>`NULL` : rowScores.reason,
    })
    .from(rowScores)
    .where(
      and(
        eq(rowScores.projectId, project),
        eq(rowScores.dataset, dataset),
        rowId === undefined ? undefined : eq(rowScores.rowId, rowId),
        or(eq(rowScores.evaluationId, evaluationId), and(isNull(rowScores.evaluationId), exists(stored))),
        eq(rowScores.name, name),
        eq(rowScores.source, 'human'),
      ),
    )
    .orderBy(asc(rowScores.createdAt), asc(rowScores.scoreId))
}
