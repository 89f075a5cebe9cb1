import { isObject } from './json-object.ts'
import type { Kind, Provider } from './provider.ts'
import { upstreamError } from './upstream-error.ts'

const PATHS: Record<Kind, string> = {
  chat: '/chat/completions',
  completions: '/completions',
  embeddings: '/embeddings',
}

/** OpenAI's API, and all that speak it: requests, answers and streams pass through. */
export const openai: Provider = {
  name: 'openai',
  request: (kind, body, { servedModel }) => ({
    path: PATHS[kind],
    headers: { 'content-type': 'application/json' },
    body: { ...body, model: servedModel },
  }),
  auth: bearer,
  response(json) {
    if (!isObject(json)) throw new TypeError('the answer is not a JSON object')
    return json
  },
  error: upstreamError,
}

export function bearer(secret: string): Record<string, string> {
  return secret === '' ? {} : { authorization: `Bearer ${secret}` }
}
