import { and, desc, eq, gt, isNotNull, isNull, lt, lte, or } from 'drizzle-orm'
import { sha256Hex } from '../../domain/hash.ts'
import { ProblemError } from '../../domain/problem.ts'
import { APPROVAL_GATE } from '../../domain/run/state.ts'
import type { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import { expiryOf, moment, waiverState, type Waiver, type WaiverState } from '../../domain/gates/waiver.ts'
import type { Caller } from '../api/auth.ts'
import { newId } from '../ids.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { apiKeys, waivers } from '../lineage/schema.ts'
import { findWorkflow } from '../registry/workflow-versions.ts'

export interface WaiverRequest {
  workflow: string
  stage: string
  gate: string
  reason: string
  days?: number | undefined
  expiresAt?: number | undefined
  /** Idempotency key of the caller. */
  key?: string | undefined
}

type WaiverRow = typeof waivers.$inferSelect

/**
 * Records the decision to pass a gate, with its audit entry. The same idempotency key is one waiver.
 *
 * @throws ProblemError `not.found` for a workflow, `key.reused`, `waiver.invalid` for the rest
 */
export async function grantWaiver(
  binding: D1Database,
  caller: Caller,
  request: WaiverRequest,
  now: number,
): Promise<WaiverRow> {
  const db = lineage(binding)
  const { workflow, stage, gate, reason, key } = request
  const { definition } = await findWorkflow(db, caller.project, workflow)
  refuseUnknownGate(definition, stage, gate)
  const expiry = expiryOf(request, now)
  if ('fault' in expiry)
    throw new ProblemError('waiver.invalid', `${expiry.field}: ${expiry.fault}`, { field: expiry.field })
  const waiverId =
    key === undefined ? newId('wvr', now) : `wvr_${sha256Hex(`${caller.project}\n${key}`).slice(0, 25)}`
  const target = `${workflow}/${stage}/${gate}`
  const audited = `granted until ${moment(expiry.expiresAt)}: ${reason}`
  await binding.batch([
    // The entry first: it is written only while there is no such waiver yet.
    binding
      .prepare(
        `INSERT INTO audit_entries (audit_id, project_id, action, target, to_version, actor, reason, at)
         SELECT ?1, ?2, 'waiver.granted', ?3, ?4, ?5, ?6, ?7
         WHERE NOT EXISTS (SELECT 1 FROM waivers WHERE waiver_id = ?4)`,
      )
      .bind(`waiver/${waiverId}/granted`, caller.project, target, waiverId, caller.keyId, audited, now),
    binding
      .prepare(
        `INSERT INTO waivers
           (waiver_id, project_id, workflow, stage, gate, reason, author, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING`,
      )
      .bind(waiverId, caller.project, workflow, stage, gate, reason, caller.keyId, now, expiry.expiresAt),
  ])
  const stored = await readWaiver(db, caller.project, waiverId)
  if (`${stored.workflow}/${stored.stage}/${stored.gate}` !== target || stored.reason !== reason)
    throw new ProblemError(
      'key.reused',
      `The idempotency key granted the waiver ${waiverId} of something else`,
    )
  return stored
}

function refuseUnknownGate(definition: WorkflowDefinition, stage: string, gate: string): void {
  const { name, stages } = definition
  const refuse = (field: string, detail: string) => new ProblemError('waiver.invalid', detail, { field })
  const found = Object.hasOwn(stages, stage) ? stages[stage]! : undefined
  if (!found) throw refuse('stage', `${name} has no stage ${stage}; it has ${Object.keys(stages).join(', ')}`)
  const gates = found.gates.map((each) => each.gate)
  if (!gates.includes(gate))
    throw refuse('gate', `The stage ${stage} has no gate ${gate}; it has ${gates.join(', ') || 'none'}`)
  if (gate === APPROVAL_GATE)
    throw refuse('gate', 'An approval is a person’s own verdict: decide it in the inbox, POST /approvals/…')
}

/**
 * Ends a waiver before its time. Gates that were passed by it are flagged by the next tick of the cron.
 *
 * @throws ProblemError `not.found`, `waiver.over`
 */
export async function revokeWaiver(
  binding: D1Database,
  caller: Caller,
  waiverId: string,
  reason: string,
  now: number,
): Promise<WaiverRow> {
  const db = lineage(binding)
  await readWaiver(db, caller.project, waiverId)
  const [, ended] = await binding.batch([
    binding
      .prepare(
        `INSERT INTO audit_entries (audit_id, project_id, action, target, from_version, actor, reason, at)
         SELECT ?1, project_id, 'waiver.revoked', workflow || '/' || stage || '/' || gate, waiver_id, ?2, ?3, ?4
         FROM waivers WHERE waiver_id = ?5 AND revoked_at IS NULL AND expires_at > ?4`,
      )
      .bind(`waiver/${waiverId}/revoked`, caller.keyId, reason, now, waiverId),
    binding
      .prepare(
        `UPDATE waivers SET revoked_at = ?1, revoked_by = ?2
         WHERE waiver_id = ?3 AND revoked_at IS NULL AND expires_at > ?1`,
      )
      .bind(now, caller.keyId, waiverId),
  ])
  const waiver = await readWaiver(db, caller.project, waiverId)
  if (ended!.meta.changes === 0) {
    const how = waiver.revokedAt === null ? 'expired' : `was revoked by ${waiver.revokedBy}`
    const when = moment(waiver.revokedAt ?? waiver.expiresAt)
    throw new ProblemError('waiver.over', `The waiver ${waiverId} ${how} at ${when}`)
  }
  return waiver
}

async function readWaiver(db: Lineage, project: string, waiverId: string): Promise<WaiverRow> {
  const [row] = await db
    .select()
    .from(waivers)
    .where(and(eq(waivers.projectId, project), eq(waivers.waiverId, waiverId)))
  if (!row) throw new ProblemError('not.found', `There is no waiver ${waiverId}`)
  return row
}

export interface WaiverFilter {
  workflow?: string | undefined
  state?: WaiverState | undefined
  before: number
  limit: number
}

/** A page of a project's waivers, newest first, each with its state now. */
export async function listWaivers(db: Lineage, project: string, filter: WaiverFilter, now: number) {
  const { workflow, state, before, limit } = filter
  const rows = await db
    .select()
    .from(waivers)
    .where(
      and(
        eq(waivers.projectId, project),
        lt(waivers.createdAt, before),
        workflow === undefined ? undefined : eq(waivers.workflow, workflow),
        state === undefined ? undefined : inState(state, now),
      ),
    )
    .orderBy(desc(waivers.createdAt))
    .limit(limit)
  return rows.map((row) => ({ ...row, state: waiverState(row, now) }))
}

/** `waiverState`, as SQL. */
function inState(state: WaiverState, now: number) {
  const isRevoked = and(isNotNull(waivers.revokedAt), lte(waivers.revokedAt, now))
  const isNotRevoked = or(isNull(waivers.revokedAt), gt(waivers.revokedAt, now))
  if (state === 'revoked') return isRevoked
  return and(isNotRevoked, state === 'open' ? gt(waivers.expiresAt, now) : lte(waivers.expiresAt, now))
}

/** The waivers of one stage's gates that may still count, by gate. */
export async function openWaivers(
  db: Lineage,
  of: { project: string; workflow: string; stage: string },
  now: number,
): Promise<Map<string, Waiver[]>> {
  const rows = await db
    .select({
      waiverId: waivers.waiverId,
      gate: waivers.gate,
      author: waivers.author,
      authorName: apiKeys.name,
      reason: waivers.reason,
      createdAt: waivers.createdAt,
      expiresAt: waivers.expiresAt,
      revokedAt: waivers.revokedAt,
    })
    .from(waivers)
    .leftJoin(apiKeys, eq(apiKeys.keyId, waivers.author))
    .where(
      and(
        eq(waivers.projectId, of.project),
        eq(waivers.workflow, of.workflow),
        eq(waivers.stage, of.stage),
        inState('open', now),
      ),
    )
  return Map.groupBy(
    rows.map(({ authorName, ...row }) => ({ ...row, authorName: authorName ?? undefined })),
    ({ gate }) => gate,
  )
}
