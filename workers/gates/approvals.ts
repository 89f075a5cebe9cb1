import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { whyNotDecide, type ApprovalState } from '../../domain/approvals/decision.ts'
import { approval } from '../../domain/gates/approval.ts'
import { APPROVAL_GATE } from '../../domain/run/state.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Caller } from '../api/auth.ts'
import type { Env } from '../env.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { approvals, runs, stageRuns, verdicts } from '../lineage/schema.ts'
import { gateEvaluated, verdictsOf } from '../stages/gates.ts'

export type ApprovalRow = typeof approvals.$inferSelect

const HOUR_MS = 3_600_000
/** Approvals that one tick of the cron reports again. */
const MAX_REPORTS = 100

export function approvalIdOf(runId: string, stage: string, attempt: number): string {
  return `${runId}/${stage}/${attempt}`
}

/** Puts the question of a stage into the inbox, once for each attempt. */
export async function requestApproval(env: Env, context: StageContext): Promise<void> {
  const db = lineage(env.LINEAGE)
  const { run, stage, attempt, definition } = context
  const { params: given } = definition.gates.find(({ gate }) => gate === APPROVAL_GATE)!
  const params = approval.params.parse(given)
  const judged = await verdictsOf(db, context)
  // The run counts from the moment when it knew the last verdict. Counted from when that was stored, which was before,
  // the inbox closes no later than the run: it never takes a decision that the run would ignore.
  const askedAt = judged.length > 0 ? Math.max(...judged.map(({ at }) => at)) : Date.now()
  await db
    .insert(approvals)
    .values({
      approvalId: approvalIdOf(run.runId, stage, attempt),
      projectId: run.project,
      runId: run.runId,
      workflow: run.workflow,
      stage,
      attempt,
      runAuthor: run.author,
      question: params.question,
      approvers: params.approvers ?? null,
      authorMayApprove: params.authorMayApprove,
      state: 'open',
      requestedAt: Date.now(),
      deadlineAt: askedAt + params.deadlineHours * HOUR_MS,
    })
    .onConflictDoNothing()
}

/**
 * The state of an approval at a moment: what is open in the table may be over. It is withdrawn when its attempt ended
 * before anybody decided, and expired at its deadline. `?1` is the moment.
 */
const STATE_AT = `
  CASE
    WHEN approvals.state <> 'open' THEN approvals.state
    WHEN EXISTS (
      SELECT 1 FROM stage_runs s WHERE s.run_id = approvals.run_id AND s.stage = approvals.stage
        AND (s.attempt > approvals.attempt
          OR (s.status IN ('passed', 'failed', 'cached', 'skipped', 'cancelled') AND s.finished_at < approvals.deadline_at)))
      THEN 'withdrawn'
    WHEN approvals.deadline_at <= ?1 THEN 'expired'
    ELSE 'open'
  END`

const stateAt = (now: number) =>
  sql<ApprovalState>`${sql.raw(STATE_AT.split('?1')[0]!)}${now}${sql.raw(STATE_AT.split('?1')[1]!)}`

export interface ApprovalFilter {
  state?: ApprovalState | undefined
  before: number
  limit: number
}

/** A page of the inbox, newest first. `refusal` says why the caller may not decide; null when they may. */
export async function listApprovals(db: Lineage, caller: Caller, filter: ApprovalFilter, now: number) {
  const rows = await db
    .select({ row: approvals, state: stateAt(now) })
    .from(approvals)
    .where(
      and(
        eq(approvals.projectId, caller.project),
        lt(approvals.requestedAt, filter.before),
        filter.state === undefined ? undefined : eq(stateAt(now), filter.state),
        // Only what is open in the table can be open now: the index knows it.
        filter.state === 'open' ? eq(approvals.state, 'open') : undefined,
      ),
    )
    .orderBy(desc(approvals.requestedAt))
    .limit(filter.limit)
  return rows.map(({ row, state }) => ({
    ...row,
    state,
    refusal: state === 'open' ? (whyNotDecide(row, caller) ?? null) : `The approval is ${state}`,
  }))
}

/** One approval of a project with its state now, if there is one. */
export async function findApproval(
  db: Lineage,
  project: string,
  approvalId: string,
  now: number,
): Promise<ApprovalRow | undefined> {
  const [found] = await db
    .select({ row: approvals, state: stateAt(now) })
    .from(approvals)
    .where(and(eq(approvals.projectId, project), eq(approvals.approvalId, approvalId)))
  return found && { ...found.row, state: found.state }
}

/** Closes what is over: an approval that nobody decided gets the verdict `not_run`, and both are one write. */
export async function closeApprovals(env: Env, now: number): Promise<void> {
  await env.LINEAGE.batch([
    env.LINEAGE.prepare(
      `INSERT INTO verdicts
         (verdict_id, project_id, run_id, stage, attempt, gate, verdict, blocks, sentence, params, evidence, at)
       SELECT approval_id || '/approval', project_id, run_id, stage, attempt, 'approval', 'not_run', 1,
         'Nobody decided until ' || strftime('%Y-%m-%d %H:%M UTC', deadline_at / 1000, 'unixepoch')
           || '. The question was: ' || question,
         json_object('question', question), json_object('deadlineAt', deadline_at), ?1
       FROM approvals WHERE state = 'open' AND (${STATE_AT}) = 'expired'
       ON CONFLICT DO NOTHING`,
    ).bind(now),
    env.LINEAGE.prepare(
      `UPDATE approvals SET state = (${STATE_AT}) WHERE state = 'open' AND (${STATE_AT}) <> 'open'`,
    ).bind(now),
  ])
}

/** Tells runs of decisions that were stored but not reported: whoever decided was interrupted. */
export async function reportDecidedApprovals(env: Env): Promise<void> {
  const db = lineage(env.LINEAGE)
  const rows = await db
    .select({ verdict: verdicts })
    .from(runs)
    .innerJoin(stageRuns, eq(stageRuns.runId, runs.runId))
    .innerJoin(
      verdicts,
      and(
        eq(verdicts.runId, stageRuns.runId),
        eq(verdicts.stage, stageRuns.stage),
        eq(verdicts.attempt, stageRuns.attempt),
      ),
    )
    .where(
      and(
        inArray(runs.status, ['running', 'waiting']),
        eq(stageRuns.status, 'gating'),
        eq(verdicts.gate, APPROVAL_GATE),
      ),
    )
    .limit(MAX_REPORTS)
  for (const { verdict } of rows)
    await env.WORKFLOW_RUN.getByName(verdict.runId).report([gateEvaluated(verdict)])
}
