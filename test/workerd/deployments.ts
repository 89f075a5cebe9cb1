import { hc } from 'hono/client'
import type { z } from 'zod'
import type { HostedModel } from '../../domain/routing/hosted-model.ts'
import type { RouteVersion } from '../../domain/routing/route.ts'
import { deployRoute, type DeployedRoute, type RouteToDeploy } from '../../scripts/stack/deploy-route.ts'
import type { Api } from '../../workers/api/app.ts'
import { env, request } from './support.ts'

/** The typed client, on the Worker under test. */
export const client = hc<Api>('/api/v1', {
  fetch: (path: unknown, init?: RequestInit) => request(String(path), init),
})

type Hosted = z.input<typeof HostedModel>

/** A model at BEHAVIOUR.gw.test. Each route's own keeps its breakers apart from those of other tests. */
export function hosted(route: string, behaviour: string, more: Partial<Hosted> = {}): Hosted {
  const baseUrl = `http://${behaviour}.gw.test/v1`
  return { baseUrl, servedModel: `served-${route}`, secret: 'GPU_ENDPOINT_KEY', ...more }
}

/** Deploys these models by a run, as users do. */
export function deployed(
  route: string,
  targets: readonly Hosted[],
  settings: RouteToDeploy['with'] = {},
  more: Pick<RouteToDeploy, 'prompt' | 'gates'> = {},
): Promise<DeployedRoute> {
  return deployRoute(client, { route, targets, with: settings, ...more })
}

/** What a route points at now. */
export async function inForce(name: string): Promise<RouteVersion> {
  const snapshot = (await env.ROUTE_REGISTRY.getByName('default').snapshot())!
  return snapshot.routes.find(({ route }) => route === name)!.spec
}
