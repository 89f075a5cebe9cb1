import { desc, and, eq } from 'drizzle-orm'
import { lineage, type Lineage } from '../lineage/db.ts'
import { firings } from '../lineage/schema.ts'
import type { Occasion } from './fire.ts'

/** A trigger comes to one thing for an event: the run that it started, or why it could not. */
export async function recordFiring(
  binding: D1Database,
  occasion: Occasion,
  outcome: { runId: string } | { refusal: string },
  at: number,
): Promise<void> {
  const { projectId, workflow, trigger } = occasion.trigger
  await lineage(binding)
    .insert(firings)
    .values({
      firingId: firingId(occasion),
      projectId,
      workflow,
      trigger,
      event: occasion.event,
      runId: 'runId' in outcome ? outcome.runId : null,
      refusal: 'refusal' in outcome ? outcome.refusal : null,
      at,
    })
    .onConflictDoNothing()
}

export async function hasFired(binding: D1Database, occasion: Occasion): Promise<boolean> {
  const [row] = await lineage(binding)
    .select({ firingId: firings.firingId })
    .from(firings)
    .where(eq(firings.firingId, firingId(occasion)))
  return row !== undefined
}

/** Newest firings of a workflow's triggers. */
export function latestFirings(db: Lineage, project: string, workflow: string, limit: number) {
  return db
    .select()
    .from(firings)
    .where(and(eq(firings.projectId, project), eq(firings.workflow, workflow)))
    .orderBy(desc(firings.at))
    .limit(limit)
}

/** Also made by the statement in `unfired.ts`, which asks what has none. */
function firingId({ trigger, event }: Occasion): string {
  return `${trigger.projectId}/${trigger.workflow}/${trigger.trigger}/${event}`
}
