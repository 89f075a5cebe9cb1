import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ArtifactKind } from '../../../domain/ref.ts'
import { json } from './column.ts'

/** Immutable, content-addressed things. `version` is the hash of the content. */
export const artifacts = sqliteTable(
  'artifacts',
  {
    projectId: text('project_id').notNull(),
    kind: text('kind').$type<ArtifactKind>().notNull(),
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
    kind: text('kind', { enum: ['deploy', 'canary', 'rollback'] }).notNull(),
    epoch: integer('epoch').notNull(),
    fence: integer('fence').notNull(),
    actor: text('actor').notNull(),
    runId: text('run_id'),
    reason: text('reason').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [index('deployments_by_route').on(t.projectId, t.route, t.at)],
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
