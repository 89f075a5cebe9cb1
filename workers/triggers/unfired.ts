import { and, eq, sql, type SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { lineage, type Lineage } from '../lineage/db.ts'
import { artifacts, auditEntries, firings, incidents, triggers } from '../lineage/schema.ts'
import type { Occasion, RecordedHappening } from './fire.ts'

/** What nobody told a trigger of is found for this long. */
export const LOOK_BACK_MS = 24 * 3_600_000
/** Occasions of one kind that one look finds, the oldest first; the others are found by the next. */
const MAX_OCCASIONS = 20

const RECORDS = { dataset: newDatasets, alias: aliasMoves, incident: flaggingSweeps }

/**
 * What happened since a trigger was installed, and has not been fired: the records themselves tell it, so that nothing is
 * lost when the process ends between what happened and the start of the run.
 *
 * @param only where something is known to have happened just now; everything in all projects when absent
 */
export async function unfired(
  binding: D1Database,
  now: number,
  only?: RecordedHappening,
): Promise<Occasion[]> {
  const db = lineage(binding)
  const kinds = only ? [only.kind] : (['dataset', 'alias', 'incident'] as const)
  const found = kinds.map((kind) => {
    const ofSubject = only && and(eq(triggers.projectId, only.project), eq(triggers.subject, only.subject))
    return RECORDS[kind](db, and(eq(triggers.kind, kind), ofSubject)!, now - LOOK_BACK_MS)
  })
  return (await Promise.all(found)).flat()
}

/** Dataset versions with new content: what was ingested again keeps the time of its first entry. */
function newDatasets(db: Lineage, wanted: SQL, since: number) {
  const ref = sql<string>`'dataset:' || ${artifacts.name} || '@' || ${artifacts.version}`
  return db
    .select({ trigger: triggers, event: ref.as('event'), ref: ref.as('ref'), causedBy: artifacts.runId })
    .from(triggers)
    .innerJoin(
      artifacts,
      and(
        eq(artifacts.projectId, triggers.projectId),
        eq(artifacts.kind, 'dataset'),
        eq(artifacts.name, triggers.subject),
        sinceInstalled(artifacts.createdAt, since),
      ),
    )
    .where(and(wanted, notFired(ref)))
    .orderBy(artifacts.createdAt)
    .limit(MAX_OCCASIONS)
}

/** Moves of an alias to a version: one that was taken away points at nothing that a run could take. */
function aliasMoves(db: Lineage, wanted: SQL, since: number) {
  const name = sql`substr(${auditEntries.target}, 1, instr(${auditEntries.target}, '@'))`
  const ref = sql<string>`${name} || ${auditEntries.toVersion}`
  return db
    .select({
      trigger: triggers,
      event: auditEntries.auditId,
      ref: ref.as('ref'),
      causedBy: auditEntries.runId,
    })
    .from(triggers)
    .innerJoin(
      auditEntries,
      and(
        eq(auditEntries.projectId, triggers.projectId),
        eq(auditEntries.target, triggers.subject),
        eq(auditEntries.action, 'alias.moved'),
        sql`${auditEntries.toVersion} IS NOT NULL`,
        sinceInstalled(auditEntries.at, since),
      ),
    )
    .where(and(wanted, notFired(sql`${auditEntries.auditId}`)))
    .orderBy(auditEntries.at)
    .limit(MAX_OCCASIONS)
}

/** Sweeps that flagged a cohort of a route: several cohorts of one sweep are one reason to train anew. */
function flaggingSweeps(db: Lineage, wanted: SQL, since: number) {
  return db
    .select({ trigger: triggers, event: incidents.sweepId })
    .from(triggers)
    .innerJoin(
      incidents,
      and(
        eq(incidents.projectId, triggers.projectId),
        eq(incidents.route, triggers.subject),
        eq(incidents.kind, 'cohort'),
        sinceInstalled(incidents.openedAt, since),
      ),
    )
    .where(and(wanted, notFired(sql`${incidents.sweepId}`)))
    .groupBy(triggers.projectId, triggers.workflow, triggers.trigger, incidents.sweepId)
    .orderBy(sql`min(${incidents.openedAt})`)
    .limit(MAX_OCCASIONS)
}

function sinceInstalled(happenedAt: SQLiteColumn, since: number): SQL {
  return sql`${happenedAt} >= max(${triggers.updatedAt}, ${since})`
}

/** There is no firing of the trigger for this event, by the id that `firings.ts` gives it. */
function notFired(event: SQL): SQL {
  const id = sql`${triggers.projectId} || '/' || ${triggers.workflow} || '/' || ${triggers.trigger} || '/' || ${event}`
  return sql`NOT EXISTS (SELECT 1 FROM ${firings} WHERE ${firings.firingId} = ${id})`
}
