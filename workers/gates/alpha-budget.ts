import { and, eq, isNull, or, sql } from 'drizzle-orm'
import type { GateAttempt } from '../../domain/gates/alpha-budget.ts'
import type { GateResult } from '../../domain/gates/verdict.ts'
import { contentHash } from '../../domain/hash.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { gateAttempts } from '../lineage/schema.ts'

/** What attempts at a gate have in common when they spend one budget. */
export interface AttemptAt {
  gate: string
  /** The rows that are looked at: a dataset version, or a route. */
  rows: string
  /** What the gate compares with, where it does. */
  production: string | null
}

/**
 * The attempt that looking at this evaluation is: the one that it was before, or the next since the family last passed.
 * Counting and inserting is one statement, and D1 runs one at a time: two attempts at once get two ordinals. An attempt
 * without a verdict yet counts as not passed, so that who tries at the same moment spends more, never less.
 */
export async function claimAttempt(
  env: Env,
  { run, stage }: Pick<StageContext, 'run' | 'stage'>,
  { gate, rows, production }: AttemptAt,
  evaluationId: string,
): Promise<GateAttempt> {
  const db = lineage(env.LINEAGE)
  const family = contentHash({ workflow: run.workflow, stage, gate, rows, production }).slice(0, 32)
  const sameFamily = and(eq(gateAttempts.projectId, run.project), eq(gateAttempts.family, family))
  // Attempts are never deleted: the rowid is the order in which they came.
  const lastPassed = sql`(SELECT coalesce(max(rowid), 0) FROM ${gateAttempts} WHERE ${sameFamily} AND ${gateAttempts.verdict} = 'passed')`
  await db
    .insert(gateAttempts)
    .values({
      projectId: run.project,
      family,
      evaluationId,
      ordinal: sql`(SELECT 1 + count(*) FROM ${gateAttempts} WHERE ${sameFamily} AND rowid > ${lastPassed})`,
      verdict: null,
      at: Date.now(),
    })
    .onConflictDoNothing()
  const [row] = await db
    .select({ ordinal: gateAttempts.ordinal })
    .from(gateAttempts)
    .where(and(sameFamily, eq(gateAttempts.evaluationId, evaluationId)))
  return { family, evaluationId, ordinal: row!.ordinal }
}

/**
 * Notes what an attempt came to: a pass begins a new budget. To be called with what the gate itself found, before any
 * waiver, and before the verdict is stored, so that a crash in between is made good by evaluating again. The first
 * verdict stands, unless it could not tell; a result without an attempt is not counted.
 */
export async function recordAttempt(env: Env, project: string, result: GateResult): Promise<void> {
  const attempt = result.evidence.attempt as unknown as GateAttempt | undefined
  if (!attempt) return
  await lineage(env.LINEAGE)
    .update(gateAttempts)
    .set({ verdict: result.verdict })
    .where(
      and(
        eq(gateAttempts.projectId, project),
        eq(gateAttempts.family, attempt.family),
        eq(gateAttempts.evaluationId, attempt.evaluationId),
        // A canary that could not be told yet may be told by the next look at the same window.
        or(isNull(gateAttempts.verdict), eq(gateAttempts.verdict, 'inconclusive')),
      ),
    )
}
