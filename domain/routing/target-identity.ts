import type { Kind } from '../providers/provider.ts'
import type { RouteTarget } from './route.ts'

/** What fails together, whatever a route calls it: API, endpoint, model and key. Two targets of a route must differ in it. */
export function targetIdentity({ provider, baseUrl, servedModel, secret }: RouteTarget): string {
  return [
    provider ?? 'openai',
    provider === 'workers-ai' ? '' : baseUrl.replace(/\/+$/, ''),
    servedModel,
    secret,
  ].join(' ')
}

/**
 * What breakers are kept by: a target whose embeddings fail may chat as ever. Only OpenAI's API has an endpoint of its own
 * for completions: elsewhere they are chats.
 */
export function breakerIdentity(target: RouteTarget, kind: Kind): string {
  const api = kind === 'completions' && (target.provider ?? 'openai') !== 'openai' ? 'chat' : kind
  return `${targetIdentity(target)} ${api}`
}
