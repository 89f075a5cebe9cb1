import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Json } from '../../../domain/json.ts'
import { json } from './column.ts'

export const workflowVersions = sqliteTable(
  'workflow_versions',
  {
    projectId: text('project_id').notNull(),
    workflow: text('workflow').notNull(),
    version: text('version').notNull(),
    definition: json('definition').notNull(),
    gitSha: text('git_sha').notNull(),
    author: text('author').notNull(),
    createdAt: integer('created_at').notNull(),
    /** When it was last applied: a definition that comes back is the current one again. */
    appliedAt: integer('applied_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.workflow, t.version] })],
)

/** Projection of each `WorkflowRun` object, which is the authority. `seq` keeps an older projection from winning. */
export const runs = sqliteTable(
  'runs',
  {
    runId: text('run_id').primaryKey(),
    projectId: text('project_id').notNull(),
    workflow: text('workflow').notNull(),
    workflowVersion: text('workflow_version').notNull(),
    status: text('status').notNull(),
    inputs: json<Record<string, Json>>('inputs').notNull(),
    codeSha: text('code_sha').notNull(),
    author: text('author').notNull(),
    failure: json('failure'),
    cause: json('cause').notNull().default({ by: 'request' }),
    priority: integer('priority').notNull().default(0),
    /** Stages whose author wanted no earlier work taken over. */
    force: json<string[]>('force').notNull().default([]),
    seq: integer('seq').notNull(),
    createdAt: integer('created_at').notNull(),
    finishedAt: integer('finished_at'),
  },
  (t) => [
    index('runs_by_time').on(t.projectId, t.createdAt),
    index('runs_by_status').on(t.status),
    index('runs_by_workflow').on(t.projectId, t.workflow, t.createdAt),
  ],
)

export const stageRuns = sqliteTable(
  'stage_runs',
  {
    runId: text('run_id').notNull(),
    stage: text('stage').notNull(),
    projectId: text('project_id').notNull(),
    position: integer('position').notNull(),
    kind: text('kind').notNull(),
    owner: text('owner').notNull(),
    status: text('status').notNull(),
    attempt: integer('attempt').notNull(),
    inputs: json<Record<string, Json>>('inputs').notNull(),
    outputs: json<Record<string, Json>>('outputs').notNull(),
    error: json('error'),
    /** The stage run whose work was taken over. */
    cachedFrom: json<{ runId: string; stage: string }>('cached_from'),
    seq: integer('seq').notNull(),
    startedAt: integer('started_at'),
    finishedAt: integer('finished_at'),
  },
  (t) => [primaryKey({ columns: [t.runId, t.stage] })],
)

/** What stages made, by a hash of all that it depends on: equal work is taken over. */
export const stageResults = sqliteTable(
  'stage_results',
  {
    projectId: text('project_id').notNull(),
    resultKey: text('result_key').notNull(),
    runId: text('run_id').notNull(),
    stage: text('stage').notNull(),
    outputs: json<Record<string, Json>>('outputs').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.resultKey] })],
)

/** Queue messages that failed every retry: kept whole, so that they can be seen and replayed. */
export const deadLetters = sqliteTable(
  'dead_letters',
  {
    deadLetterId: text('dead_letter_id').primaryKey(),
    /** Of the run or evaluation that the message belongs to; null when the body tells nothing of it. */
    projectId: text('project_id'),
    queue: text('queue').notNull(),
    body: json('body').notNull(),
    at: integer('at').notNull(),
    replayedAt: integer('replayed_at'),
  },
  (t) => [index('dead_letters_by_time').on(t.projectId, t.at)],
)
