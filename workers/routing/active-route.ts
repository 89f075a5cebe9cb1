import { ProblemError } from '../../domain/problem.ts'
import type { ActiveRoute } from '../../durable-objects/route-registry.ts'
import type { Env } from '../env.ts'

/** A route, and the epoch of the table that it stands in. */
export type RouteInForce = ActiveRoute & { epoch: number }

/** A route as its one authority knows it now, whatever isolates still hold. */
export async function activeRoute(
  env: Env,
  project: string,
  route: string,
): Promise<RouteInForce | undefined> {
  const { epoch, routes } = (await env.ROUTE_REGISTRY.getByName(project).snapshot())!
  const active = routes.find((each) => each.route === route)
  return active && { ...active, epoch }
}

/** @throws ProblemError `not.found` with `extra` */
export async function existingRoute(
  env: Env,
  project: string,
  route: string,
  extra?: { field: string },
): Promise<RouteInForce> {
  const active = await activeRoute(env, project, route)
  if (!active) throw new ProblemError('not.found', `There is no route ${route}`, extra)
  return active
}
