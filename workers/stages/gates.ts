import { and, eq } from 'drizzle-orm'
import { gateSpec } from '../../domain/gates/registry.ts'
import { blocks, type InconclusivePolicy, type Verdict } from '../../domain/gates/verdict.ts'
import { applyWaiver, type WaivedResult } from '../../domain/gates/waiver.ts'
import type { Json } from '../../domain/json.ts'
import type { ReportedEvent } from '../../domain/run/event.ts'
import { APPROVAL_GATE } from '../../domain/run/state.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { recordAttempt } from '../gates/alpha-budget.ts'
import { linksOf } from '../gates/links.ts'
import { openWaivers } from '../gates/waivers.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { verdicts } from '../lineage/schema.ts'
import { gateEvidence } from './gate-evidence.ts'

/**
 * Evaluates every gate of a stage but the one that a person decides. Each verdict is stored before it is reported, and
 * what is reported is what is stored: when the action is delivered twice, the first verdict of the attempt stands. A gate
 * that somebody waived is evaluated like any other; only what follows from its verdict differs.
 */
export async function evaluateGates(env: Env, context: StageContext): Promise<ReportedEvent[]> {
  const db = lineage(env.LINEAGE)
  const judged = new Set((await verdictsOf(db, context)).map(({ gate }) => gate))
  const { stage, attempt, run } = context
  for (const { gate, params: given } of context.definition.gates) {
    if (gate === APPROVAL_GATE || judged.has(gate)) continue
    const spec = gateSpec(gate)!
    const params = spec.params.parse(given) as { onInconclusive: InconclusivePolicy }
    const result = spec.evaluate(params, await gateEvidence(env, gate, context))
    await recordAttempt(env, run.project, result)
    const closed = blocks(result.verdict, params.onInconclusive)
    const { waiverId, ...outcome } = closed
      ? await waive(db, context, gate, result)
      : { ...result, blocks: closed, waiverId: null }
    await db
      .insert(verdicts)
      .values({
        verdictId: verdictIdOf(context, gate),
        projectId: run.project,
        runId: run.runId,
        stage,
        attempt,
        gate,
        ...outcome,
        evidence: { ...outcome.evidence, links: linksOf(context) },
        waiverId,
        params: params as unknown as Json,
        at: Date.now(),
      })
      .onConflictDoNothing()
  }
  return (await verdictsOf(db, context)).map(gateEvaluated)
}

async function waive(
  db: Lineage,
  { run, stage }: StageContext,
  gate: string,
  result: Parameters<typeof applyWaiver>[0],
): Promise<WaivedResult> {
  const now = Date.now()
  const open = await openWaivers(db, { project: run.project, workflow: run.workflow, stage }, now)
  return applyWaiver(result, true, open.get(gate) ?? [], run.author, now)
}

type Attempt = Pick<StageContext, 'stage' | 'attempt'> & { run: { runId: string } }

/** One verdict for each gate of an attempt: a re-evaluation is another attempt, and another row. */
export function verdictIdOf({ run, stage, attempt }: Attempt, gate: string): string {
  return `${run.runId}/${stage}/${attempt}/${gate}`
}

export function verdictsOf(db: Lineage, { run, stage, attempt }: Attempt) {
  return db
    .select()
    .from(verdicts)
    .where(and(eq(verdicts.runId, run.runId), eq(verdicts.stage, stage), eq(verdicts.attempt, attempt)))
}

/** What the run is told of a stored verdict. */
export function gateEvaluated(row: typeof verdicts.$inferSelect): ReportedEvent {
  const { verdictId, stage, attempt, gate, blocks: closed, sentence } = row
  const verdict = row.verdict as Verdict
  return {
    dedupeKey: `verdict:${verdictId}`,
    event: { type: 'gate.evaluated', stage, attempt, gate, verdict, blocks: closed, sentence },
  }
}
