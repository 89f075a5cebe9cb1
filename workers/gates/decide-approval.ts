import { eq } from 'drizzle-orm'
import { decisionSentence, whyNotDecide, type Decision } from '../../domain/approvals/decision.ts'
import { moment } from '../../domain/gates/waiver.ts'
import { ProblemError } from '../../domain/problem.ts'
import { APPROVAL_GATE, type RunStatus } from '../../domain/run/state.ts'
import type { Caller } from '../api/auth.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { verdicts } from '../lineage/schema.ts'
import { gateEvaluated } from '../stages/gates.ts'
import { approvalIdOf, findApproval, type ApprovalRow } from './approvals.ts'
import { lapsedWaiver, type StageAttempt } from './lapsed-waiver.ts'

export interface DecisionRequest {
  decision: Decision
  comment: string
}

/**
 * Decides an approval: verdict, audit entry and inbox are one write, and then the run is told. Of two people who decide
 * at the same moment the first wins, and the other is told so. The same call again reports again, so that whoever was
 * interrupted after the write may repeat it.
 *
 * @throws ProblemError `not.found`, `approval.closed`, `approval.forbidden`
 */
export async function decideApproval(
  env: Env,
  caller: Caller,
  of: StageAttempt,
  request: DecisionRequest,
  now: number,
): Promise<{ approval: ApprovalRow; runStatus: RunStatus | null }> {
  const db = lineage(env.LINEAGE)
  const approvalId = approvalIdOf(of.runId, of.stage, of.attempt)
  const read = () => findApproval(db, caller.project, approvalId, now)
  const approval = await read()
  if (!approval) throw new ProblemError('not.found', `There is no approval ${approvalId}`)
  if (!isOwnDecision(approval, caller, request)) {
    if (approval.state !== 'open') throw closed(approval)
    const forbidden = whyNotDecide(approval, caller)
    if (forbidden) throw new ProblemError('approval.forbidden', forbidden)
    const params = await paramsOfAwaited(env, of, approval)
    if (request.decision === 'grant') await refuseLapsedWaiver(env, of, now)
    await store(env, caller, approval, { ...request, params, now })
  }
  const stored = (await read())!
  if (!isOwnDecision(stored, caller, request)) throw closed(stored)
  const { status } = await report(env, stored)
  return { approval: stored, runStatus: status ?? null }
}

function isOwnDecision(approval: ApprovalRow, caller: Caller, { decision }: DecisionRequest): boolean {
  return (
    approval.state === (decision === 'grant' ? 'granted' : 'denied') && approval.decidedBy === caller.keyId
  )
}

function closed({ approvalId, state, decidedBy, decidedAt }: ApprovalRow): ProblemError {
  const who = decidedBy === null ? '' : ` by ${decidedBy} at ${moment(decidedAt!)}`
  return new ProblemError('approval.closed', `The approval ${approvalId} is ${state}${who}`, { state })
}

/** The gate's parameters, if the run still waits for this decision: the inbox may not know yet that it ended. */
async function paramsOfAwaited(env: Env, { runId, stage, attempt }: StageAttempt, approval: ApprovalRow) {
  const described = await env.WORKFLOW_RUN.getByName(runId).describe()
  const current = described?.state.stages[stage]
  if (!described || !current?.awaitsApproval || current.attempt !== attempt)
    throw closed({ ...approval, state: 'withdrawn' })
  const gates = described.run.definition.stages[stage]!.gates
  return gates.find(({ gate }) => gate === APPROVAL_GATE)!.params
}

/**
 * A stage passes by a live waiver only. One that ended while a person was asked leaves the gate closed, and a yes to the
 * question is no yes to that.
 */
async function refuseLapsedWaiver(env: Env, of: StageAttempt, now: number): Promise<void> {
  const lapsed = await lapsedWaiver(env, of, now)
  if (!lapsed) return
  throw new ProblemError(
    'approval.closed',
    `${lapsed} Deny the approval, and run the stage again under a waiver that lives`,
  )
}

/** All three are written while the approval is open, or none is. */
async function store(
  env: Env,
  { keyId, name }: Caller,
  { approvalId, question }: ApprovalRow,
  { decision, comment, params, now }: DecisionRequest & { params: unknown; now: number },
): Promise<void> {
  const state = decision === 'grant' ? 'granted' : 'denied'
  const sentence = decisionSentence(decision, { question, by: name, comment })
  const evidence = { decision, decidedBy: keyId, name, comment }
  const open = `FROM approvals WHERE approval_id = ?1 AND state = 'open' AND deadline_at > ?2`
  await env.LINEAGE.batch([
    env.LINEAGE.prepare(
      `INSERT INTO verdicts
         (verdict_id, project_id, run_id, stage, attempt, gate, verdict, blocks, sentence, params, evidence, at)
       SELECT approval_id || '/approval', project_id, run_id, stage, attempt, 'approval', ?3, ?4, ?5, ?6, ?7, ?2 ${open}`,
    ).bind(
      approvalId,
      now,
      decision === 'grant' ? 'passed' : 'failed',
      decision === 'grant' ? 0 : 1,
      sentence,
      JSON.stringify(params),
      JSON.stringify(evidence),
    ),
    env.LINEAGE.prepare(
      `INSERT INTO audit_entries (audit_id, project_id, action, target, actor, run_id, reason, at)
       SELECT 'approval/' || approval_id, project_id, ?3, workflow || '/' || stage || '/approval', ?4, run_id, ?5, ?2 ${open}`,
    ).bind(approvalId, now, `approval.${state}`, keyId, sentence),
    env.LINEAGE.prepare(
      `UPDATE approvals SET state = ?3, decided_by = ?4, comment = ?5, decided_at = ?2
       WHERE approval_id = ?1 AND state = 'open' AND deadline_at > ?2`,
    ).bind(approvalId, now, state, keyId, comment),
  ])
}

async function report(env: Env, { runId, approvalId }: ApprovalRow) {
  const [verdict] = await lineage(env.LINEAGE)
    .select()
    .from(verdicts)
    .where(eq(verdicts.verdictId, `${approvalId}/${APPROVAL_GATE}`))
  return env.WORKFLOW_RUN.getByName(runId).report([gateEvaluated(verdict!)])
}
