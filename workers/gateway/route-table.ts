import type { ActiveRoute, RouteSnapshot } from '../../durable-objects/route-registry.ts'
import type { Env } from '../env.ts'

/** Age up to which a snapshot is used as it is, and up to which it is used while a new one is fetched behind. */
const FRESH_MS = 500
const USABLE_MS = 1_000
/** How long a request waits for the registry when an older snapshot could serve it. */
const PATIENCE_MS = 500
/** How long nobody waits for a registry that did not answer: it is asked behind the requests only. */
const AFTER_FAILURE_MS = 1_000

interface Held {
  epoch: number
  routes: ReadonlyMap<string, ActiveRoute>
  loadedAt: number
  /** When the registry was last asked behind a request, and when it last did not answer. */
  askedAt: number
  failedAt: number
}

export interface FoundRoute {
  active: ActiveRoute | undefined
  epoch: number
}

/** The isolate's view of each project's routes. A request takes one snapshot and keeps to it. */
const tables = new Map<string, Held>()

type Background = Pick<ExecutionContext, 'waitUntil'>

/**
 * The route as this isolate knows it, at most a second old. When the registry cannot be reached, the last good snapshot
 * serves on.
 */
export async function findRoute(
  env: Env,
  ctx: Background,
  project: string,
  route: string,
): Promise<FoundRoute> {
  const held = heldTable(env, ctx, project) ?? (await freshTable(env, project))
  return { active: held.routes.get(route), epoch: held.epoch }
}

/** All routes of a project, for the model list. */
export async function listRoutes(env: Env, ctx: Background, project: string): Promise<ActiveRoute[]> {
  const held = heldTable(env, ctx, project) ?? (await freshTable(env, project))
  return [...held.routes.values()]
}

/** What is held, if it may be used without waiting. */
function heldTable(env: Env, ctx: Background, project: string): Held | undefined {
  const held = tables.get(project)
  if (!held) return undefined
  const now = Date.now()
  const age = now - held.loadedAt
  if (age < FRESH_MS) return held
  const failing = now - held.failedAt < AFTER_FAILURE_MS
  if (age >= USABLE_MS && !failing) return undefined
  // Of the requests that come meanwhile only one asks.
  if (now - held.askedAt >= FRESH_MS) {
    held.askedAt = now
    ctx.waitUntil(refreshed(env, project))
  }
  return held
}

async function freshTable(env: Env, project: string): Promise<Held> {
  const held = tables.get(project)
  if (!held) return refreshed(env, project)
  return Promise.race([refreshed(env, project), scheduler.wait(PATIENCE_MS).then(() => failed(held))])
}

async function refreshed(env: Env, project: string): Promise<Held> {
  const held = tables.get(project)
  const loadedAt = Date.now()
  try {
    const newer = await env.ROUTE_REGISTRY.getByName(project).snapshot(held?.epoch)
    const current = tables.get(project)
    // A later question was answered before this one.
    if (current && current.loadedAt > loadedAt) return current
    const { epoch, routes } = newer ? indexed(newer) : held!
    const table = { epoch, routes, loadedAt, askedAt: loadedAt, failedAt: 0 }
    tables.set(project, table)
    return table
  } catch (error) {
    if (!held) throw error
    console.error({ message: 'route table not refreshed', project, error: String(error) })
    return failed(held)
  }
}

function failed(held: Held): Held {
  held.failedAt = Date.now()
  return held
}

function indexed({ epoch, routes }: RouteSnapshot): Pick<Held, 'epoch' | 'routes'> {
  return { epoch, routes: new Map(routes.map((active) => [active.route, active])) }
}
