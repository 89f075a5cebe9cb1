import { and, eq, ne } from 'drizzle-orm'
import { canonicalJson } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import { firstDue } from '../../domain/triggers/due.ts'
import type { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import { subjectOf, type Trigger } from '../../domain/workflow/trigger.ts'
import type { Lineage } from '../lineage/db.ts'
import { triggers } from '../lineage/schema.ts'

export interface AppliedWorkflow {
  project: string
  workflow: string
  version: string
  definition: Pick<WorkflowDefinition, 'triggers'>
  author: string
  now: number
}

/**
 * Puts the triggers of the applied version in the place of the workflow's earlier ones. One that listens to the same as
 * before keeps its place in time: nothing that happened while the version changed is lost, or starts a second run.
 */
export async function installTriggers(db: Lineage, applied: AppliedWorkflow): Promise<void> {
  const { project, workflow, version, author, now } = applied
  const ofWorkflow = and(eq(triggers.projectId, project), eq(triggers.workflow, workflow))
  const installed = await db.select().from(triggers).where(ofWorkflow)
  const writes = (applied.definition.triggers ?? []).map((trigger) => {
    const before = installed.find((row) => row.trigger === trigger.name)
    const same = before && listensTo(before.definition as unknown as Trigger) === listensTo(trigger)
    const row = {
      workflowVersion: version,
      kind: trigger.on,
      subject: subjectOf(trigger),
      definition: trigger as unknown as Json,
      author,
    }
    const place = {
      nextDueAt: trigger.on === 'cron' ? (firstDue(trigger, now) ?? null) : null,
      updatedAt: now,
    }
    return db
      .insert(triggers)
      .values({ projectId: project, workflow, trigger: trigger.name, ...row, ...place })
      .onConflictDoUpdate({
        target: [triggers.projectId, triggers.workflow, triggers.trigger],
        set: same ? row : { ...row, ...place },
      })
  })
  const removal = db.delete(triggers).where(and(ofWorkflow, ne(triggers.workflowVersion, version)))
  await db.batch([...writes, removal] as unknown as Parameters<Lineage['batch']>[0])
}

/** What makes a trigger fire, without what it starts then. */
function listensTo(trigger: Trigger): string {
  const on = { on: trigger.on, subject: subjectOf(trigger) }
  switch (trigger.on) {
    case 'cron':
      return canonicalJson({ ...on, timeZone: trigger.timeZone })
    case 'run':
      return canonicalJson({ ...on, status: trigger.status })
    default:
      return canonicalJson(on)
  }
}
