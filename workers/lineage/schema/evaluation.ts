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
    /** Rows whose answer was taken over from an earlier evaluation of the same target. */
    reused: integer('reused').notNull().default(0),
    /** Dollars that judges, services and the candidate took, as far as their prices are known. */
    costUsd: real('cost_usd').notNull().default(0),
    /** The same as estimated at the start; null when nothing in the suite costs. */
    estimatedCostUsd: real('estimated_cost_usd'),
    /** From which score on a row passes, by metric. */
    passMarks: json<Record<string, number>>('pass_marks').notNull().default({}),
    /** The API key that started it; null for a run's own and for sweeps. */
    createdBy: text('created_by'),
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
    passes: integer('passes').notNull().default(0),
    /** Rows by score in hundredths. */
    histogram: json<Record<string, number>>('histogram').notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.evaluationId, t.metric, t.cohort] })],
)

/**
 * What is said of a dataset's row from outside: scores of other systems, and what people find. Append-only; the newest
 * of a name and author stands.
 */
export const rowScores = sqliteTable(
  'row_scores',
  {
    scoreId: text('score_id').primaryKey(),
    projectId: text('project_id').notNull(),
    dataset: text('dataset').notNull(),
    rowId: text('row_id').notNull(),
    /** The evaluation whose answer was scored; null when it is the row itself. */
    evaluationId: text('evaluation_id'),
    name: text('name').notNull(),
    source: text('source', { enum: ['external', 'human'] }).notNull(),
    score: real('score').notNull(),
    label: text('label'),
    reason: text('reason'),
    author: text('author').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    index('row_scores_by_row').on(t.projectId, t.dataset, t.rowId, t.createdAt),
    index('row_scores_by_evaluation').on(t.projectId, t.evaluationId, t.name),
  ],
)

/** How far an evaluator agrees with people, and the threshold that tells good from bad best. The newest counts. */
export const calibrations = sqliteTable(
  'calibrations',
  {
    calibrationId: text('calibration_id').primaryKey(),
    projectId: text('project_id').notNull(),
    /** As scores are labelled: `Groundedness@2`, `Groundedness:judge@1`. */
    evaluator: text('evaluator').notNull(),
    /** Name of the dataset whose rows were labelled; null for one that holds for any. */
    dataset: text('dataset'),
    artifactRef: text('artifact_ref').notNull(),
    threshold: real('threshold').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [index('calibrations_by_evaluator').on(t.projectId, t.evaluator, t.dataset, t.createdAt)],
)
