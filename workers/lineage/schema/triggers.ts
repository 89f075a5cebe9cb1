import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { json } from './column.ts'

/** Triggers of the workflow versions that are in force. */
export const triggers = sqliteTable(
  'triggers',
  {
    projectId: text('project_id').notNull(),
    workflow: text('workflow').notNull(),
    trigger: text('trigger').notNull(),
    workflowVersion: text('workflow_version').notNull(),
    kind: text('kind').notNull(),
    /** What it listens to: the dataset, alias, route or workflow; the expression of a cron. */
    subject: text('subject').notNull(),
    definition: json('definition').notNull(),
    author: text('author').notNull(),
    /** Next time of a cron trigger that has not been handled. */
    nextDueAt: integer('next_due_at'),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.workflow, t.trigger] }),
    index('triggers_by_subject').on(t.projectId, t.kind, t.subject),
    index('triggers_by_due').on(t.nextDueAt),
  ],
)

/** Each time a trigger fired, with the run that it started or why it could not: append-only. */
export const firings = sqliteTable(
  'firings',
  {
    firingId: text('firing_id').primaryKey(),
    projectId: text('project_id').notNull(),
    workflow: text('workflow').notNull(),
    trigger: text('trigger').notNull(),
    event: text('event').notNull(),
    runId: text('run_id'),
    refusal: text('refusal'),
    at: integer('at').notNull(),
  },
  (t) => [index('firings_by_trigger').on(t.projectId, t.workflow, t.at)],
)

/** One run for each of many versions of an input. */
export const backfills = sqliteTable(
  'backfills',
  {
    backfillId: text('backfill_id').primaryKey(),
    projectId: text('project_id').notNull(),
    workflow: text('workflow').notNull(),
    workflowVersion: text('workflow_version').notNull(),
    input: text('input').notNull(),
    /** The version and the run that it got. */
    runs: json<{ ref: string; runId: string }[]>('runs').notNull(),
    author: text('author').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [index('backfills_by_time').on(t.projectId, t.createdAt)],
)
