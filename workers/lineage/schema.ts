/**
 * The lineage database: every table of D1. Each key is named by its noun (`run_id`, never `id`), since drizzle's
 * `batch` maps joined columns of equal names onto each other. Times are milliseconds since the epoch.
 */
import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Json } from '../../domain/json.ts'

const json = <T = Json>(name: string) => text(name, { mode: 'json' }).$type<T>()

export const projects = sqliteTable('projects', {
  projectId: text('project_id').primaryKey(),
  name: text('name').notNull(),
  createdAt: integer('created_at').notNull(),
})

export const apiKeys = sqliteTable('api_keys', {
  keyId: text('key_id').primaryKey(),
  projectId: text('project_id').notNull(),
  name: text('name').notNull(),
  secretSha256: text('secret_sha256').notNull(),
  scopes: json<string[]>('scopes').notNull(),
  createdAt: integer('created_at').notNull(),
  revokedAt: integer('revoked_at'),
})

/** Immutable, content-addressed things. `version` is the hash of the content. */
export const artifacts = sqliteTable(
  'artifacts',
  {
    projectId: text('project_id').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    version: text('version').notNull(),
    manifest: json('manifest').notNull(),
    codeSha: text('code_sha').notNull(),
    runId: text('run_id'),
    stage: text('stage'),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.projectId, t.kind, t.name, t.version] }),
    index('artifacts_by_time').on(t.projectId, t.kind, t.name, t.createdAt),
  ],
)

/** Lineage edges: `output` was made from `input` by a stage of a run. */
export const artifactEdges = sqliteTable(
  'artifact_edges',
  {
    projectId: text('project_id').notNull(),
    output: text('output').notNull(),
    input: text('input').notNull(),
    runId: text('run_id').notNull(),
    stage: text('stage').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.output, t.input, t.runId, t.stage] })],
)

/** Movable pointers. `fence` is the fencing token of the last move: a move with a smaller one is refused. */
export const aliases = sqliteTable(
  'aliases',
  {
    projectId: text('project_id').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    alias: text('alias').notNull(),
    version: text('version').notNull(),
    fence: integer('fence').notNull(),
    movedAt: integer('moved_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.kind, t.name, t.alias] })],
)

/** The audit log: one append-only entry for each alias or route move and each decision of a person. */
export const auditEntries = sqliteTable(
  'audit_entries',
  {
    auditId: text('audit_id').primaryKey(),
    projectId: text('project_id').notNull(),
    action: text('action').notNull(),
    target: text('target').notNull(),
    fromVersion: text('from_version'),
    toVersion: text('to_version'),
    fence: integer('fence'),
    actor: text('actor').notNull(),
    runId: text('run_id'),
    reason: text('reason').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [index('audit_by_target').on(t.projectId, t.target, t.at)],
)

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
    seq: integer('seq').notNull(),
    createdAt: integer('created_at').notNull(),
    finishedAt: integer('finished_at'),
  },
  (t) => [index('runs_by_time').on(t.projectId, t.createdAt), index('runs_by_status').on(t.status)],
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
    seq: integer('seq').notNull(),
    startedAt: integer('started_at'),
    finishedAt: integer('finished_at'),
  },
  (t) => [primaryKey({ columns: [t.runId, t.stage] })],
)

/** Gate verdicts: append-only. A re-evaluation is a new row. */
export const verdicts = sqliteTable(
  'verdicts',
  {
    verdictId: text('verdict_id').primaryKey(),
    projectId: text('project_id').notNull(),
    runId: text('run_id').notNull(),
    stage: text('stage').notNull(),
    attempt: integer('attempt').notNull(),
    gate: text('gate').notNull(),
    verdict: text('verdict').notNull(),
    blocks: integer('blocks', { mode: 'boolean' }).notNull(),
    sentence: text('sentence').notNull(),
    params: json('params').notNull(),
    evidence: json('evidence').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [index('verdicts_by_run').on(t.runId, t.stage, t.at)],
)

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

/** Signed statements about an artifact, such as the redaction attestation of a dataset version. */
export const attestations = sqliteTable(
  'attestations',
  {
    attestationId: text('attestation_id').primaryKey(),
    projectId: text('project_id').notNull(),
    subject: text('subject').notNull(),
    predicateType: text('predicate_type').notNull(),
    statement: json('statement').notNull(),
    sha256: text('sha256').notNull(),
    runId: text('run_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [index('attestations_by_subject').on(t.projectId, t.subject)],
)

/** Each time a route was pointed at a route version. The `RouteRegistry` object is the authority. */
export const deployments = sqliteTable(
  'deployments',
  {
    deploymentId: text('deployment_id').primaryKey(),
    projectId: text('project_id').notNull(),
    route: text('route').notNull(),
    routeVersion: text('route_version').notNull(),
    previousVersion: text('previous_version'),
    kind: text('kind', { enum: ['deploy', 'rollback'] }).notNull(),
    epoch: integer('epoch').notNull(),
    fence: integer('fence').notNull(),
    actor: text('actor').notNull(),
    runId: text('run_id'),
    reason: text('reason').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [index('deployments_by_route').on(t.projectId, t.route, t.at)],
)

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
    state: text('state', { enum: ['open', 'acknowledged', 'resolved'] }).notNull(),
    sentence: text('sentence').notNull(),
    evidence: json('evidence').notNull(),
    openedAt: integer('opened_at').notNull(),
    resolvedAt: integer('resolved_at'),
  },
  (t) => [index('incidents_by_route').on(t.projectId, t.route, t.state)],
)

/** Queue messages that failed every retry: kept whole, so that they can be seen and replayed. */
export const deadLetters = sqliteTable('dead_letters', {
  deadLetterId: text('dead_letter_id').primaryKey(),
  queue: text('queue').notNull(),
  body: json('body').notNull(),
  at: integer('at').notNull(),
  replayedAt: integer('replayed_at'),
})
