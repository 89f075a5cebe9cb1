import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { ArtifactAge } from '../../domain/drift/artifact-drift.ts'
import type { ProductionRow } from '../../domain/drift/production-drift.ts'
import { driftReport, type DriftReport } from '../../domain/drift/report.ts'
import type { PinnedRun } from '../../domain/drift/run-drift.ts'
import type { StageWork } from '../../domain/drift/stage-drift.ts'
import { formatRef, isVersion, parseRef, Ref } from '../../domain/ref.ts'
import { deployedTarget } from '../../domain/routing/deployed-target.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import { stageParams } from '../../domain/stages/params.ts'
import type { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import type { Env } from '../env.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { deployments, runs, stageRuns } from '../lineage/schema.ts'
import { readAlias } from '../registry/artifacts.ts'
import { findWorkflow } from '../registry/workflow-versions.ts'

/** Runs that the report looks at for the newest work of each stage. */
const RECENT_RUNS = 200
/** Longest chain from a model back to the rows that were ingested. */
const MAX_DEPTH = 12

interface Of {
  project: string
  workflow: string
}

/** The drift report of a workflow. @throws ProblemError `not.found` */
export async function loadDrift(env: Env, of: Of, now: number): Promise<DriftReport> {
  const db = lineage(env.LINEAGE)
  const { definition, version } = await findWorkflow(db, of.project, of.workflow)
  const [newestRun, work] = await Promise.all([newestRunOf(db, of), newestWork(db, of, definition)])
  const production = await productionOf(env, of.project, definition, work)
  const refs = [
    ...Object.values(newestRun?.pinned ?? {}),
    ...work.flatMap(({ inputs }) => Object.values(inputs)),
    ...production.flatMap(({ builtOn, run }) => [...builtOn, ...Object.values(run?.pinned ?? {})]),
  ]
  const artifacts = await artifactAges(env.LINEAGE, of.project, new Set(refs))
  return driftReport({ definition, version, newestRun, work, production, artifacts }, now)
}

async function newestRunOf(db: Lineage, { project, workflow }: Of): Promise<PinnedRun | null> {
  const [row] = await db
    .select()
    .from(runs)
    .where(and(eq(runs.projectId, project), eq(runs.workflow, workflow)))
    .orderBy(desc(runs.createdAt))
    .limit(1)
  return row ? pinnedRun(row) : null
}

function pinnedRun({ runId, status, createdAt, inputs }: typeof runs.$inferSelect): PinnedRun {
  return { runId, status, createdAt, pinned: refsIn(inputs) }
}

/** The values that are versions of artifacts. */
function refsIn(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => {
      const ref = Ref.safeParse(entry[1])
      return ref.success && isVersion(parseRef(ref.data).version)
    }),
  )
}

/** When each stage of the definition last passed, or was taken over, and what it took then. */
async function newestWork(
  db: Lineage,
  { project, workflow }: Of,
  { stages }: WorkflowDefinition,
): Promise<StageWork[]> {
  const recent = db
    .select({ runId: runs.runId })
    .from(runs)
    .where(and(eq(runs.projectId, project), eq(runs.workflow, workflow)))
    .orderBy(desc(runs.createdAt))
    .limit(RECENT_RUNS)
  // SQLite takes the other columns from the row that holds the maximum.
  const rows = await db
    .select({
      stage: stageRuns.stage,
      runId: stageRuns.runId,
      inputs: stageRuns.inputs,
      finishedAt: sql<number | null>`max(${stageRuns.finishedAt})`,
    })
    .from(stageRuns)
    .where(and(inArray(stageRuns.runId, recent), inArray(stageRuns.status, ['passed', 'cached'])))
    .groupBy(stageRuns.stage)
  return rows
    .filter(({ stage }) => Object.hasOwn(stages, stage))
    .map(({ inputs, ...row }) => ({ ...row, inputs: refsIn(inputs) }))
}

/** What the routes that the workflow deploys serve, and what aliases point at that no such route serves. */
async function productionOf(
  env: Env,
  project: string,
  { stages }: WorkflowDefinition,
  work: readonly StageWork[],
): Promise<ProductionRow[]> {
  const db = lineage(env.LINEAGE)
  const kinds = Object.entries(stages)
  const names = new Set(
    kinds.flatMap(([, { kind, with: given }]) => (kind === 'deploy' ? [given.route] : [])),
  )
  const snapshot = (await env.ROUTE_REGISTRY.getByName(project).snapshot())!
  const found: ProductionRow[] = []
  for (const { route, version, spec, activatedAt } of snapshot.routes) {
    if (!names.has(route)) continue
    const run = await deployedBy(db, project, version)
    const rowOf = async (place: string, { model }: RouteTarget): Promise<ProductionRow> => ({
      place,
      version,
      model,
      since: activatedAt,
      builtOn: [...(await ancestorsOf(env.LINEAGE, project, model)), spec.prompt],
      // The run of a canary brought the canary alone.
      run: model === deployedTarget(spec).model ? run : null,
    })
    found.push(await rowOf(route, spec.targets[0]!))
    if (spec.canary) found.push(await rowOf(`the canary of ${route}`, spec.canary.target))
  }
  for (const [name, stage] of kinds) {
    const promoted = work.find((each) => each.stage === name)?.inputs.model
    if (stage.kind !== 'promote' || promoted === undefined) continue
    const { alias } = stageParams.promote.parse(stage.with)
    const place = formatRef('model', parseRef(promoted).name, alias)
    const row = await readAlias(db, project, place)
    const model = row && formatRef('model', row.name, row.version)
    if (!row || !model || found.some((each) => each.model === model)) continue
    const builtOn = await ancestorsOf(env.LINEAGE, project, model)
    found.push({ place, version: model, model, since: row.movedAt, builtOn, run: null })
  }
  return found
}

/** The run of the newest deployment of a route version; of a canary step, the run whose canary it is. */
async function deployedBy(db: Lineage, project: string, routeVersion: string): Promise<PinnedRun | null> {
  const [row] = await db
    .select({ run: runs })
    .from(deployments)
    .innerJoin(runs, eq(runs.runId, deployments.runId))
    .where(
      and(
        eq(deployments.projectId, project),
        eq(deployments.routeVersion, routeVersion),
        inArray(deployments.kind, ['deploy', 'canary']),
      ),
    )
    .orderBy(desc(deployments.epoch))
    .limit(1)
  return row ? pinnedRun(row.run) : null
}

/** Every artifact that this one was made from, directly or not. */
async function ancestorsOf(binding: D1Database, project: string, ref: string): Promise<string[]> {
  const { results } = await binding
    .prepare(
      `WITH RECURSIVE made(ref, depth) AS (
         VALUES (?2, 0)
         UNION
         SELECT e.input, made.depth + 1 FROM made
         JOIN artifact_edges e ON e.project_id = ?1 AND e.output = made.ref WHERE made.depth < ?3)
       SELECT DISTINCT ref FROM made WHERE ref <> ?2`,
    )
    .bind(project, ref, MAX_DEPTH)
    .all<{ ref: string }>()
  return results.map((row) => row.ref)
}

/** When each artifact was registered, and what came after it under its name. */
async function artifactAges(
  binding: D1Database,
  project: string,
  refs: ReadonlySet<string>,
): Promise<ArtifactAge[]> {
  const keys = [...refs].map((ref) => ({ ref, ...parseRef(ref) }))
  const { results } = await binding
    .prepare(
      `SELECT r.value ->> 'ref' AS ref, a.created_at AS createdAt, a.kind, a.name,
         count(n.version) AS newer, min(n.created_at) AS firstAt,
         (SELECT version FROM artifacts WHERE project_id = ?1 AND kind = a.kind AND name = a.name
            ORDER BY created_at DESC LIMIT 1) AS newest
       FROM json_each(?2) r
       JOIN artifacts a ON a.project_id = ?1 AND a.kind = r.value ->> 'kind' AND a.name = r.value ->> 'name'
         AND a.version = r.value ->> 'version'
       LEFT JOIN artifacts n ON n.project_id = ?1 AND n.kind = a.kind AND n.name = a.name
         AND n.created_at > a.created_at
       GROUP BY ref`,
    )
    .bind(project, JSON.stringify(keys))
    .all<AgeRow>()
  return results.map(({ ref, createdAt, kind, name, newer, firstAt, newest }) => ({
    ref,
    createdAt,
    newer: newer === 0 ? null : { count: newer, firstAt: firstAt!, newest: formatRef(kind, name, newest) },
  }))
}

interface AgeRow {
  ref: string
  createdAt: number
  kind: Parameters<typeof formatRef>[0]
  name: string
  newer: number
  firstAt: number | null
  newest: string
}
