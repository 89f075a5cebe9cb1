import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { json } from './column.ts'

/** An evaluation: candidate × dataset version × suite, or the sample of a sweep × suite. */
export const evaluations = sqliteTable(
  'evaluations',
  {
    evaluationId: text('evaluation_id').primaryKey(),
    projectId: text('project_id').notNull(),
    /** `model:…@…` for an offline evaluation, `route:…@…` for a sweep. */
    target: text('target').notNull(),
    /** `dataset:…@…`, or `sweep:…`. */
    source: text('source').notNull(),
    suite: json('suite').notNull(),
    suiteVersion: text('suite_version').notNull(),
    promptRef: text('prompt_ref'),
    mode: text('mode', { enum: ['offline', 'online'] }).notNull(),
    status: text('status').notNull(),
    rows: integer('rows').notNull(),
    errors: integer('errors').notNull(),
    createdAt: integer('created_at').notNull(),
    finishedAt: integer('finished_at'),
  },
  (t) => [index('evaluations_by_target').on(t.projectId, t.target, t.source, t.suiteVersion)],
)

/** Sums per metric and cohort of one evaluation; the rows' own scores are score shards in R2. */
export const cohortScores = sqliteTable(
  'cohort_scores',
  {
    evaluationId: text('evaluation_id').notNull(),
    metric: text('metric').notNull(),
    cohort: text('cohort').notNull(),
    projectId: text('project_id').notNull(),
    evaluator: text('evaluator').notNull(),
    n: integer('n').notNull(),
    errors: integer('errors').notNull(),
    sum: real('sum').notNull(),
    sumSquares: real('sum_squares').notNull(),
  },
  (t) => [primaryKey({ columns: [t.evaluationId, t.metric, t.cohort] })],
)
