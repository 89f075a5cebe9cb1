import type { RouteTarget, RouteVersion } from './route.ts'

/** A target with an endpoint of its own. */
export function target(id: string, over: Partial<RouteTarget> = {}): RouteTarget {
  return {
    id,
    model: `model:${id}@production`,
    baseUrl: `https://${id}.example/v1`,
    servedModel: id,
    secret: 'GPU_KEY',
    ...over,
  }
}

export function route(targets: RouteTarget[], over: Partial<RouteVersion> = {}): RouteVersion {
  const timeouts = { headersMs: 10_000, totalMs: 60_000 }
  return { route: 'support', targets, prompt: 'prompt:p@production', timeouts, ...over }
}
