import { and, asc, eq } from 'drizzle-orm'
import type { TargetMove } from '../../domain/lock/undo.ts'
import { ProblemError } from '../../domain/problem.ts'
import { formatRef, parseRef } from '../../domain/ref.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { auditEntries } from '../lineage/schema.ts'
import { readAlias } from './artifacts.ts'

export interface AliasMove {
  project: string
  /** `kind:name@alias`. */
  alias: string
  /** Version it must point at now; null when it must not exist yet. */
  from: string | null
  /** Version to point at; null takes the alias away. */
  to: string | null
  /** Fencing token of the gate lock on this alias. */
  fence: number
  actor: string
  runId: string | null
  reason: string
  at: number
}

/**
 * Moves an alias by compare-and-set under a fencing token. The audit entry and the move are one atomic batch and check
 * the same condition, so that there is an entry for each move and none without one. A token is good for one move of the
 * alias. A repeated call changes nothing.
 *
 * @throws ProblemError `alias.moved` or `fence.stale`
 */
export async function moveAlias(binding: D1Database, move: AliasMove): Promise<void> {
  const { kind, name, version: alias } = parseRef(move.alias)
  const auditId = `alias/${move.project}/${move.alias}/${move.fence}/${move.to ?? 'none'}`
  const condition = [move.project, kind, name, alias, move.from, move.fence, move.alias, auditId] as const
  const [entry] = await binding.batch([
    binding.prepare(INSERT_AUDIT).bind(...condition, move.to, move.at, move.actor, move.runId, move.reason),
    move.to === null
      ? binding.prepare(DELETE_ALIAS).bind(...condition)
      : binding.prepare(WRITE_ALIAS).bind(...condition, move.to, move.at),
  ])
  if (entry!.meta.changes === 0) await explainRefusal(binding, move, auditId)
}

/**
 * Makes every token older than `fence` useless for this alias, without moving it. The entry of a stage stands for all its
 * attempts to undo itself.
 */
export async function fenceOff(
  binding: D1Database,
  { project, alias, fence, actor, runId, at }: Omit<AliasMove, 'from' | 'to' | 'reason'>,
  stage: string,
): Promise<void> {
  await lineage(binding)
    .insert(auditEntries)
    .values({
      auditId: `fenced/${runId}/${stage}`,
      projectId: project,
      action: 'alias.fenced',
      target: alias,
      fence,
      actor,
      runId,
      reason: 'the stage is being undone',
      at,
    })
    .onConflictDoNothing()
}

/** Every move of an alias, oldest first, and the runs whose moves are undone or being undone. */
export async function aliasHistory(
  db: Lineage,
  project: string,
  alias: string,
): Promise<{ moves: TargetMove[]; undone: Set<string> }> {
  const entries = await db
    .select()
    .from(auditEntries)
    .where(and(eq(auditEntries.projectId, project), eq(auditEntries.target, alias)))
    .orderBy(asc(auditEntries.fence))
  const undone = entries.flatMap(({ action, runId }) => (action === 'alias.fenced' && runId ? [runId] : []))
  return {
    moves: entries
      .filter(({ action }) => action === 'alias.moved')
      .map(({ fromVersion, toVersion, runId }) => ({ from: fromVersion, to: toVersion, runId })),
    undone: new Set(undone),
  }
}

/** The alias points where the mover believes, and nobody else has moved it under this token or a younger one. */
const MAY_MOVE = `
  (EXISTS (SELECT 1 FROM aliases WHERE project_id = ?1 AND kind = ?2 AND name = ?3 AND alias = ?4 AND version = ?5)
    OR (?5 IS NULL
      AND NOT EXISTS (SELECT 1 FROM aliases WHERE project_id = ?1 AND kind = ?2 AND name = ?3 AND alias = ?4)))
  AND NOT EXISTS (SELECT 1 FROM audit_entries WHERE project_id = ?1 AND target = ?7 AND fence >= ?6 AND audit_id <> ?8)`

const INSERT_AUDIT = `
  INSERT INTO audit_entries
    (project_id, from_version, fence, target, audit_id, to_version, at, actor, run_id, reason, action)
  SELECT ?1, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'alias.moved' WHERE ${MAY_MOVE}
  ON CONFLICT (audit_id) DO NOTHING`

const WRITE_ALIAS = `
  INSERT INTO aliases (project_id, kind, name, alias, version, fence, moved_at)
  SELECT ?1, ?2, ?3, ?4, ?9, ?6, ?10 WHERE ${MAY_MOVE}
  ON CONFLICT (project_id, kind, name, alias)
  DO UPDATE SET version = excluded.version, fence = excluded.fence, moved_at = excluded.moved_at`

const DELETE_ALIAS = `
  DELETE FROM aliases WHERE project_id = ?1 AND kind = ?2 AND name = ?3 AND alias = ?4 AND ${MAY_MOVE}`

async function explainRefusal(binding: D1Database, move: AliasMove, auditId: string): Promise<void> {
  const repeated = await binding
    .prepare('SELECT 1 FROM audit_entries WHERE audit_id = ?')
    .bind(auditId)
    .first()
  if (repeated) return
  const current = await readAlias(lineage(binding), move.project, move.alias)
  if ((current?.version ?? null) === move.from) {
    const last = await binding
      .prepare('SELECT max(fence) AS fence FROM audit_entries WHERE project_id = ? AND target = ?')
      .bind(move.project, move.alias)
      .first<{ fence: number }>()
    throw new ProblemError(
      'fence.stale',
      `${move.alias} was moved under token ${last!.fence}; token ${move.fence} is not younger`,
    )
  }
  const { kind, name } = parseRef(move.alias)
  const points = current ? formatRef(kind, name, current.version) : 'nothing'
  throw new ProblemError('alias.moved', `${move.alias} points at ${points}, not at ${move.from ?? 'nothing'}`)
}
