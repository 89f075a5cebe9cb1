import { and, eq } from 'drizzle-orm'
import { gateSpec } from '../../domain/gates/registry.ts'
import { blocks, type InconclusivePolicy, type Verdict } from '../../domain/gates/verdict.ts'
import type { Json } from '../../domain/json.ts'
import type { ReportedEvent } from '../../domain/run/event.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { verdicts } from '../lineage/schema.ts'
import { gateEvidence } from './gate-evidence.ts'

/**
 * Evaluates every gate of a stage. Each verdict is stored before it is reported, and what is reported is what is
 * stored: when the action is delivered twice, the first verdict stands.
 */
export async function evaluateGates(env: Env, context: StageContext): Promise<ReportedEvent[]> {
  const db = lineage(env.LINEAGE)
  const { stage, attempt, run } = context
  for (const { gate, params: given } of context.definition.gates) {
    const spec = gateSpec(gate)!
    const params = spec.params.parse(given) as { onInconclusive: InconclusivePolicy }
    const result = spec.evaluate(params, await gateEvidence(env, gate, context))
    await db
      .insert(verdicts)
      .values({
        verdictId: `${run.runId}/${stage}/${attempt}/${gate}`,
        projectId: run.project,
        runId: run.runId,
        stage,
        attempt,
        gate,
        verdict: result.verdict,
        blocks: blocks(result.verdict, params.onInconclusive),
        sentence: result.sentence,
        params: params as unknown as Json,
        evidence: result.evidence,
        at: Date.now(),
      })
      .onConflictDoNothing()
  }
  const stored = await db
    .select()
    .from(verdicts)
    .where(and(eq(verdicts.runId, run.runId), eq(verdicts.stage, stage), eq(verdicts.attempt, attempt)))
  return stored.map((row) => ({
    dedupeKey: `verdict:${row.verdictId}`,
    event: {
      type: 'gate.evaluated',
      stage,
      attempt,
      gate: row.gate,
      verdict: row.verdict as Verdict,
      blocks: row.blocks,
      sentence: row.sentence,
    },
  }))
}
