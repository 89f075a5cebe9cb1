import { ProblemError } from '../../domain/problem.ts'
import type { ActiveRoute, RouteSnapshot } from '../../durable-objects/route-registry.ts'
import type { Env } from '../env.ts'

/** Age up to which a snapshot is used as it is, and up to which it is used while a new one is fetched behind. */
const FRESH_MS = 500
const USABLE_MS = 1_000
/** How long a request waits for the registry when an older snapshot could serve it. */
const PATIENCE_MS = 500
/** How long one waits that nothing else could serve. */
const FIRST_PATIENCE_MS = 5_000
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
 *
 * @throws ProblemError `route.unavailable` where there is none
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
  // A clock that was put back makes nothing young again.
  const age = Math.abs(now - held.loadedAt)
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
  const late = scheduler.wait(held ? PATIENCE_MS : FIRST_PATIENCE_MS)
  return Promise.race([refreshed(env, project), late.then(() => (held ? failed(held) : unavailable()))])
}

function unavailable(): never {
  throw new ProblemError(
    'route.unavailable',
    'The routes cannot be read: their registry does not answer. Try again in a moment',
  )
}

async function refreshed(env: Env, project: string): Promise<Held> {
  const held = tables.get(project)
  const loadedAt = Date.now()
  try {
    const newer = await env.ROUTE_REGISTRY.getByName(project).snapshot(held?.epoch)
    const current = tables.get(project)
    const { epoch, routes } = newer ? indexed(newer) : held!
    // Questions are not answered in the order in which they were asked: of two at once the later state counts.
    if (current && current !== held && current.epoch >= epoch) return current
    const table = { epoch, routes, loadedAt, askedAt: loadedAt, failedAt: 0 }
    tables.set(project, table)
    return table
  } catch (error) {
    console.error({ message: 'route table not refreshed', project, error: String(error) })
    return held ? failed(held) : unavailable()
  }
}

function failed(held: Held): Held {
  held.failedAt = Date.now()
  return held
}

function indexed({ epoch, routes }: RouteSnapshot): Pick<Held, 'epoch' | 'routes'> {
  return { epoch, routes: new Map(routes.map((active) => [active.route, active])) }
}
