import { and, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import { formatRef, type ArtifactKind } from '../../domain/ref.ts'
import type { RouteVersion } from '../../domain/routing/route.ts'
import type { Env } from '../env.ts'
import { chunk, lineage, rowsAStatement, type Lineage } from '../lineage/db.ts'
import { aliases, deployments, runs, stageRuns } from '../lineage/schema.ts'

/** A version that production uses now, and the runs whose gates let it in. */
export interface InProduction {
  /** The name of the route; for a model that no route serves, the alias that points at it. */
  place: string
  /** `route:NAME@HASH` or `model:NAME@HASH`. */
  version: string
  model: string
  letInBy: string[]
}

/** What a run may have put into production: of its stages that passed. */
export interface Effects {
  routes: ReadonlySet<string>
  models: ReadonlySet<string>
}

/** The route versions that runs deployed, those that people made by stepping their canaries, and the models that they promoted. */
export async function effectsOf(db: Lineage, runIds: readonly string[]): Promise<Effects> {
  const routes = new Set<string>()
  const models = new Set<string>()
  for (const runId of runIds) {
    const rows = await db
      .select({ kind: stageRuns.kind, outputs: stageRuns.outputs })
      .from(stageRuns)
      .where(
        and(
          eq(stageRuns.runId, runId),
          eq(stageRuns.status, 'passed'),
          inArray(stageRuns.kind, ['deploy', 'promote']),
        ),
      )
    for (const { kind, outputs } of rows) {
      if (kind === 'deploy' && typeof outputs.route === 'string') routes.add(outputs.route)
      if (kind === 'promote' && typeof outputs.model === 'string') models.add(outputs.model)
    }
  }
  for (const some of chunk(runIds, rowsAStatement(1) - 1)) {
    const rows = await db
      .selectDistinct({ version: deployments.routeVersion })
      .from(deployments)
      .where(and(eq(deployments.kind, 'canary'), inArray(deployments.runId, some)))
    for (const { version } of rows) routes.add(version)
  }
  return { routes, models }
}

/** Where production uses what these effects made: routes first, then aliases of models that none of those serves. */
export async function inProduction(env: Env, project: string, effects: Effects): Promise<InProduction[]> {
  const db = lineage(env.LINEAGE)
  const found: InProduction[] = []
  const snapshot = (await env.ROUTE_REGISTRY.getByName(project).snapshot())!
  for (const { route, version, spec } of snapshot.routes) {
    const model = broughtIn(spec, version, effects)
    if (model === undefined) continue
    const letInBy = [
      (await lastPassed(db, project, 'deploy', 'route', version)) ?? (await steppedFor(db, project, version)),
      await lastPassed(db, project, 'promote', 'model', model),
    ]
    found.push({ place: route, version, model, letInBy: letInBy.filter((runId) => runId !== undefined) })
  }
  for (const { kind, name, alias, version } of await modelAliases(db, project)) {
    const model = formatRef(kind as ArtifactKind, name, version)
    if (!effects.models.has(model) || found.some((each) => each.model === model)) continue
    const runId = await lastPassed(db, project, 'promote', 'model', model)
    const place = formatRef(kind as ArtifactKind, name, alias)
    found.push({ place, version: model, model, letInBy: runId === undefined ? [] : [runId] })
  }
  return found
}

/** The model that these effects put into a route version: of one that a run deployed, its canary where it has one. */
function broughtIn({ targets, canary }: RouteVersion, version: string, effects: Effects): string | undefined {
  const first = targets[0]!.model
  const tried = canary?.target.model
  if (effects.routes.has(version)) return tried ?? first
  return [first, tried].find((model) => model !== undefined && effects.models.has(model))
}

/** The run whose canary was stepped to this version. */
export async function steppedFor(db: Lineage, project: string, version: string): Promise<string | undefined> {
  const [row] = await db
    .select({ runId: runs.runId })
    .from(deployments)
    .innerJoin(runs, eq(runs.runId, deployments.runId))
    .where(
      and(
        eq(deployments.projectId, project),
        eq(deployments.routeVersion, version),
        eq(deployments.kind, 'canary'),
        ne(runs.status, 'rolled_back'),
      ),
    )
    .orderBy(desc(deployments.epoch))
    .limit(1)
  return row?.runId
}

function modelAliases(db: Lineage, project: string) {
  return db
    .select()
    .from(aliases)
    .where(and(eq(aliases.projectId, project), eq(aliases.kind, 'model')))
}

/** What each place of a project points at now, by its name: to see whether an incident is still about it. */
export async function productionVersions(env: Env, project: string): Promise<Map<string, string>> {
  const snapshot = (await env.ROUTE_REGISTRY.getByName(project).snapshot())!
  const models = await modelAliases(lineage(env.LINEAGE), project)
  return new Map([
    ...snapshot.routes.map(({ route, version }) => [route, version] as const),
    ...models.map(
      ({ name, alias, version }) =>
        [formatRef('model', name, alias), formatRef('model', name, version)] as const,
    ),
  ])
}

/**
 * The newest run whose stage put this version into production and was not undone: a version that was let in by a waiver
 * and later passed every gate by itself stands on the later run.
 */
async function lastPassed(
  db: Lineage,
  project: string,
  kind: 'deploy' | 'promote',
  output: 'route' | 'model',
  ref: string,
): Promise<string | undefined> {
  const [row] = await db
    .select({ runId: stageRuns.runId })
    .from(stageRuns)
    .innerJoin(runs, eq(runs.runId, stageRuns.runId))
    .where(
      and(
        eq(stageRuns.projectId, project),
        eq(stageRuns.kind, kind),
        eq(stageRuns.status, 'passed'),
        ne(runs.status, 'rolled_back'),
        eq(sql`json_extract(${stageRuns.outputs}, ${`$.${output}`})`, ref),
      ),
    )
    .orderBy(desc(stageRuns.finishedAt))
    .limit(1)
  return row?.runId
}
