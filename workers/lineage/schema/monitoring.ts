import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { json } from './column.ts'

/**
 * One row a gateway call: its span, in the trace of the caller, of which an agent's calls share one. The spans themselves
 * are gzip NDJSON batches in R2. Epoch, arm, outcome, attempts, time to first token and cost are null in calls from before
 * they were recorded.
 */
export const traces = sqliteTable(
  'traces',
  {
    traceId: text('trace_id').notNull(),
    /** Of the gateway's own span. The trace id in rows from when there was one row a trace. */
    spanId: text('span_id').notNull(),
    projectId: text('project_id').notNull(),
    route: text('route').notNull(),
    routeVersion: text('route_version').notNull(),
    /** Of the route table that the call was served by: it grows with every change of a route. */
    epoch: integer('epoch'),
    arm: text('arm', { enum: ['stable', 'canary', 'rule'] }),
    target: text('target').notNull(),
    model: text('model').notNull(),
    promptRef: text('prompt_ref'),
    cohort: text('cohort').notNull(),
    status: text('status').notNull(),
    /** How it ended: `answered`, `cached`, `failed`, or as a stream does. */
    outcome: text('outcome'),
    fallbackReason: text('fallback_reason'),
    /** Requests to targets; 0 where the answer was cached. */
    attempts: integer('attempts'),
    latencyMs: real('latency_ms').notNull(),
    /** Until the first output of a stream; null where the answer came whole. */
    ttftMs: real('ttft_ms'),
    inputTokens: integer('input_tokens'),
    outputTokens: integer('output_tokens'),
    /** Null where the price is not known. */
    costUsd: real('cost_usd'),
    objectKey: text('object_key').notNull(),
    /** First 52 bits of the span id where that is the gateway's, of its SHA-256 where not: the order of a bottom-k sample. */
    samplingKey: integer('sampling_key').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.traceId, t.spanId] }),
    // What follows the key lets samples of a window, and counts of its cohorts and epochs, do without the rows.
    index('traces_by_cohort').on(t.projectId, t.route, t.cohort, t.samplingKey, t.at),
    index('traces_by_time').on(t.projectId, t.route, t.at, t.epoch, t.cohort),
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
