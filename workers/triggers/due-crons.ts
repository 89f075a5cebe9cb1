import { and, eq, lte } from 'drizzle-orm'
import { dueTimes, MAX_STARTS_A_LOOK } from '../../domain/triggers/due.ts'
import type { Trigger } from '../../domain/workflow/trigger.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { triggers } from '../lineage/schema.ts'
import { fireEach, type TriggerRow } from './fire.ts'

/** Runs that one tick starts: each takes a handful of the 1,000 subrequests that an invocation has. */
const MAX_STARTS_A_TICK = 100

/** Starts the runs of cron triggers that are due. What one tick cannot start is left to the next. */
export async function fireDueCrons(env: Env, now: number): Promise<void> {
  const due = await lineage(env.LINEAGE)
    .select()
    .from(triggers)
    .where(lte(triggers.nextDueAt, now))
    .orderBy(triggers.nextDueAt)
    .limit(MAX_STARTS_A_TICK)
  // Each gets its share, so that one which catches up does not hold up the others.
  const share = Math.min(MAX_STARTS_A_LOOK, Math.floor(MAX_STARTS_A_TICK / Math.max(1, due.length)))
  for (const trigger of due) {
    try {
      await fireDue(env, trigger, now, share)
    } catch (error) {
      console.error({
        message: 'cron trigger not fired yet',
        project: trigger.projectId,
        workflow: trigger.workflow,
        trigger: trigger.trigger,
        error: String(error),
      })
    }
  }
}

async function fireDue(env: Env, trigger: TriggerRow, now: number, share: number): Promise<void> {
  const schedule = trigger.definition as unknown as Trigger & { on: 'cron' }
  const { due, next } = dueTimes(schedule, trigger.nextDueAt!, now, share)
  const occasions = due.map((time) => ({ trigger, event: new Date(time).toISOString() }))
  await fireEach(env, occasions, now)
  // Only from where it stood: the workflow may have been applied with another schedule in the meantime.
  await lineage(env.LINEAGE)
    .update(triggers)
    .set({ nextDueAt: next ?? null })
    .where(
      and(
        eq(triggers.projectId, trigger.projectId),
        eq(triggers.workflow, trigger.workflow),
        eq(triggers.trigger, trigger.trigger),
        eq(triggers.subject, trigger.subject),
        eq(triggers.nextDueAt, trigger.nextDueAt!),
      ),
    )
}
