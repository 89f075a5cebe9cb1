import { and, eq } from 'drizzle-orm'
import { moment, waiverEnd, waiverState } from '../../domain/gates/waiver.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { verdicts, waivers } from '../lineage/schema.ts'

export interface StageAttempt {
  runId: string
  stage: string
  attempt: number
}

/**
 * Says which gate of an attempt was passed by a waiver that has ended since; nothing when there is none. Between the
 * verdict and the moment at which the stage takes effect may lie days, in which a person is asked.
 */
export async function lapsedWaiver(env: Env, of: StageAttempt, now: number): Promise<string | undefined> {
  const rows = await lineage(env.LINEAGE)
    .select({ gate: verdicts.gate, expiresAt: waivers.expiresAt, revokedAt: waivers.revokedAt })
    .from(verdicts)
    .innerJoin(waivers, eq(waivers.waiverId, verdicts.waiverId))
    .where(and(eq(verdicts.runId, of.runId), eq(verdicts.stage, of.stage), eq(verdicts.attempt, of.attempt)))
  const lapsed = rows.find((waiver) => waiverState(waiver, now) !== 'open')
  return (
    lapsed &&
    `The gate ${lapsed.gate} was passed by a waiver that ended at ${moment(waiverEnd(lapsed))}, and is in force again.`
  )
}

/**
 * To be called before a stage takes effect.
 *
 * @throws ProblemError `waiver.over`
 */
export async function assertWaiversLive(env: Env, of: StageAttempt, now: number): Promise<void> {
  const lapsed = await lapsedWaiver(env, of, now)
  if (lapsed) throw new ProblemError('waiver.over', lapsed)
}
