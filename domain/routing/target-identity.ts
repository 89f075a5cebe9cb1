import type { RouteTarget } from './route.ts'

/** What fails together, whatever a route calls it: API, endpoint, model and key. Breakers are kept by it. */
export function targetIdentity({ provider, baseUrl, servedModel, secret }: RouteTarget): string {
  return [
    provider ?? 'openai',
    provider === 'workers-ai' ? '' : baseUrl.replace(/\/+$/, ''),
    servedModel,
    secret,
  ].join(' ')
}
