import type { ActiveRoute, RouteSnapshot } from '../../durable-objects/route-registry.ts'
import type { Env } from '../env.ts'

/** Age up to which a snapshot is used as it is, and up to which it is used while a new one is fetched behind. */
const FRESH_MS = 500
const USABLE_MS = 1_000

interface Held {
  snapshot: RouteSnapshot
  loadedAt: number
}

/** The isolate's view of each project's routes. A request takes one snapshot and keeps to it. */
const tables = new Map<string, Held>()

/**
 * The route as this isolate knows it, at most a second old. When the registry cannot be reached, the last good snapshot
 * serves on.
 */
export async function findRoute(
  env: Env,
  ctx: Pick<ExecutionContext, 'waitUntil'>,
  project: string,
  route: string,
): Promise<{ active: ActiveRoute | undefined; epoch: number }> {
  const held = tables.get(project)
  const age = held ? Date.now() - held.loadedAt : Number.POSITIVE_INFINITY
  if (held && age < USABLE_MS) {
    if (age >= FRESH_MS) ctx.waitUntil(refresh(env, project))
    return pick(held.snapshot, route)
  }
  return pick(await refresh(env, project), route)
}

async function refresh(env: Env, project: string): Promise<RouteSnapshot> {
  const held = tables.get(project)
  try {
    const loadedAt = Date.now()
    const newer = await env.ROUTE_REGISTRY.getByName(project).snapshot(held?.snapshot.epoch)
    const snapshot = newer ?? held!.snapshot
    tables.set(project, { snapshot, loadedAt })
    return snapshot
  } catch (error) {
    if (!held) throw error
    console.error({ message: 'route table not refreshed', project, error: String(error) })
    return held.snapshot
  }
}

function pick(snapshot: RouteSnapshot, route: string) {
  return { active: snapshot.routes.find((candidate) => candidate.route === route), epoch: snapshot.epoch }
}

/** Names of a project's routes, for the model list. */
export async function listRoutes(env: Env, project: string): Promise<ActiveRoute[]> {
  return (await refresh(env, project)).routes
}
