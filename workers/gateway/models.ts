import type { ActiveRoute } from '../../durable-objects/route-registry.ts'

/** A route as OpenAI lists a model. */
export function modelOf({ route, activatedAt }: ActiveRoute) {
  return { id: route, object: 'model', created: Math.floor(activatedAt / 1000), owned_by: 'sluice' }
}

export function modelList(routes: readonly ActiveRoute[]) {
  return { object: 'list', data: routes.map(modelOf) }
}
