import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { json } from './column.ts'

/** One row a trace; the spans themselves are gzip NDJSON batches in R2. */
export const traces = sqliteTable(
  'traces',
  {
    traceId: text('trace_id').notNull(),
    projectId: text('project_id').notNull(),
    route: text('route').notNull(),
    routeVersion: text('route_version').notNull(),
    target: text('target').notNull(),
    model: text('model').notNull(),
    promptRef: text('prompt_ref'),
    cohort: text('cohort').notNull(),
    status: text('status').notNull(),
    fallbackReason: text('fallback_reason'),
    latencyMs: real('latency_ms').notNull(),
    inputTokens: integer('input_tokens'),
    outputTokens: integer('output_tokens'),
    objectKey: text('object_key').notNull(),
    /** First 52 bits of SHA-256 of the trace id: the order of a bottom-k sample. */
    samplingKey: integer('sampling_key').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.traceId] }),
    index('traces_by_cohort').on(t.projectId, t.route, t.cohort, t.samplingKey),
    index('traces_by_time').on(t.projectId, t.route, t.at),
  ],
)

/** What a monitor stage installs: how the sweep of a route samples, scores and judges. */
export const monitors = sqliteTable(
  'monitors',
  {
    projectId: text('project_id').notNull(),
    route: text('route').notNull(),
    policy: json('policy').notNull(),
    baselineEvaluationId: text('baseline_evaluation_id').notNull(),
    runId: text('run_id').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.route] })],
)

export const sweeps = sqliteTable(
  'sweeps',
  {
    sweepId: text('sweep_id').primaryKey(),
    projectId: text('project_id').notNull(),
    route: text('route').notNull(),
    routeVersion: text('route_version').notNull(),
    status: text('status').notNull(),
    windowFrom: integer('window_from').notNull(),
    windowTo: integer('window_to').notNull(),
    seed: text('seed').notNull(),
    sample: json('sample').notNull(),
    findings: json('findings').notNull(),
    createdAt: integer('created_at').notNull(),
    finishedAt: integer('finished_at'),
  },
  (t) => [index('sweeps_by_route').on(t.projectId, t.route, t.createdAt)],
)

export const incidents = sqliteTable(
  'incidents',
  {
    incidentId: text('incident_id').primaryKey(),
    projectId: text('project_id').notNull(),
    route: text('route').notNull(),
    routeVersion: text('route_version').notNull(),
    cohort: text('cohort').notNull(),
    sweepId: text('sweep_id').notNull(),
    /** What is wrong: a cohort below its score, or a version in production whose waiver has run out. */
    kind: text('kind', { enum: ['cohort', 'waiver'] })
      .notNull()
      .default('cohort'),
    state: text('state', { enum: ['open', 'acknowledged', 'resolved'] }).notNull(),
    sentence: text('sentence').notNull(),
    evidence: json('evidence').notNull(),
    openedAt: integer('opened_at').notNull(),
    resolvedAt: integer('resolved_at'),
  },
  (t) => [index('incidents_by_route').on(t.projectId, t.route, t.state)],
)
