import { and, desc, eq, gte, lt } from 'drizzle-orm'
import { contentHash } from '../../domain/hash.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import { WorkflowShape } from '../../domain/workflow/shape.ts'
import { diffWorkflows, type Change } from '../../domain/workflow/diff.ts'
import { describeWeaker } from '../../domain/workflow/diff/describe.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { workflowVersions } from '../lineage/schema.ts'

export interface StoredVersion {
  workflow: string
  version: string
  definition: WorkflowDefinition
  gitSha: string
  author: string
  createdAt: number
  appliedAt: number
}

/** Versions of a workflow, last applied first: those applied before a time, in ms since the epoch. */
export async function listVersions(
  db: Lineage,
  project: string,
  workflow: string,
  { limit, before = Number.MAX_SAFE_INTEGER }: { limit: number; before?: number },
): Promise<StoredVersion[]> {
  const rows = await db
    .select()
    .from(workflowVersions)
    .where(
      and(
        eq(workflowVersions.projectId, project),
        eq(workflowVersions.workflow, workflow),
        lt(workflowVersions.appliedAt, before),
      ),
    )
    .orderBy(desc(workflowVersions.appliedAt))
    .limit(limit)
  return rows.map(stored)
}

/**
 * A version of a workflow, by its first hex digits; the one that was applied last when none is named.
 *
 * @throws ProblemError `not.found`
 */
export async function findWorkflow(
  db: Lineage,
  project: string,
  workflow: string,
  version?: string,
): Promise<StoredVersion> {
  if (version !== undefined) return versionByPrefix(db, project, workflow, version)
  const [current] = await listVersions(db, project, workflow, { limit: 1 })
  if (!current) throw new ProblemError('not.found', `There is no workflow ${workflow}`)
  return current
}

/**
 * The version that begins with these hex digits.
 *
 * @throws ProblemError `not.found`, and `request.invalid` when several begin so
 */
export async function versionByPrefix(
  db: Lineage,
  project: string,
  workflow: string,
  prefix: string,
): Promise<StoredVersion> {
  const rows = await db
    .select()
    .from(workflowVersions)
    .where(
      and(
        eq(workflowVersions.projectId, project),
        eq(workflowVersions.workflow, workflow),
        // D1 takes no LIKE pattern as long as a version. `g` comes after every hex digit.
        gte(workflowVersions.version, prefix),
        lt(workflowVersions.version, `${prefix}g`),
      ),
    )
    .limit(2)
  if (rows.length > 1)
    throw new ProblemError(
      'request.invalid',
      `Several versions of ${workflow} begin with ${prefix}: send more of it`,
    )
  if (rows.length === 0)
    throw new ProblemError('not.found', `The workflow ${workflow} has no version ${prefix}`)
  return stored(rows[0]!)
}

export interface Application {
  project: string
  definition: WorkflowDefinition
  gitSha: string
  /** Id of the key. */
  author: string
  now: number
}

/** Applications that were overtaken by another are tried again so often. */
const MAX_TRIES = 5

/**
 * Makes a definition the current version of its workflow. A version is never changed: one that comes back is the current
 * one again, as it was first recorded. What got weaker is put into the audit log in the same transaction, and judged
 * against the version that it replaces, also when several are applied at the same time.
 */
export async function applyVersion(
  binding: D1Database,
  application: Application,
): Promise<{ stored: StoredVersion; changes: Change[] }> {
  const db = lineage(binding)
  const { project, definition } = application
  const version = contentHash(definition)
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const [previous] = await listVersions(db, project, definition.name, { limit: 1 })
    if (previous?.version === version) return { stored: previous, changes: [] }
    const changes = previous ? diffWorkflows(previous.definition, definition) : []
    const written = await replaceCurrent(binding, application, { version, previous, changes })
    if (written) return { stored: await versionByPrefix(db, project, definition.name, version), changes }
  }
  throw new ProblemError(
    'workflow.moved',
    `Other versions of ${definition.name} are being applied: try again`,
  )
}

async function replaceCurrent(
  binding: D1Database,
  { project, definition, gitSha, author, now }: Application,
  { version, previous, changes }: { version: string; previous: StoredVersion | undefined; changes: Change[] },
): Promise<boolean> {
  const workflow = definition.name
  // Later than the one before even when the clock is not.
  const at = Math.max(now, (previous?.appliedAt ?? 0) + 1)
  const condition = [project, workflow, previous?.version ?? null] as const
  const reason = describeWeaker(changes)
  const auditId = `workflow/${project}/${workflow}/${at}`
  const entry = binding.prepare(INSERT_AUDIT)
  const write = binding.prepare(WRITE_VERSION)
  const results = await binding.batch([
    ...(reason === null
      ? []
      : [entry.bind(...condition, auditId, `workflow:${workflow}`, version, author, reason, at)]),
    write.bind(...condition, version, JSON.stringify(definition), gitSha, author, at),
  ])
  return results.at(-1)!.meta.changes > 0
}

/** The version that was looked at is still the current one; there is none yet where there was none. */
const IS_CURRENT = `(SELECT version FROM workflow_versions
  WHERE project_id = ?1 AND workflow = ?2 ORDER BY applied_at DESC LIMIT 1) IS ?3`

const INSERT_AUDIT = `
  INSERT INTO audit_entries
    (project_id, from_version, audit_id, target, to_version, actor, reason, at, action)
  SELECT ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'workflow.weakened' WHERE ${IS_CURRENT}`

const WRITE_VERSION = `
  INSERT INTO workflow_versions
    (project_id, workflow, version, definition, git_sha, author, created_at, applied_at)
  SELECT ?1, ?2, ?4, ?5, ?6, ?7, ?8, ?8 WHERE ${IS_CURRENT}
  ON CONFLICT (project_id, workflow, version) DO UPDATE SET applied_at = excluded.applied_at`

/** A definition of an earlier release lacks fields that have defaults by now. */
function stored(row: typeof workflowVersions.$inferSelect): StoredVersion {
  const parsed = WorkflowShape.safeParse(row.definition)
  return {
    ...row,
    definition: parsed.success ? parsed.data : (row.definition as unknown as WorkflowDefinition),
  }
}
