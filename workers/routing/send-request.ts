import type { UpstreamRequest } from '../../domain/providers/provider.ts'
import { providerOf } from '../../domain/providers/registry.ts'
import type { Serving } from '../../domain/routing/route.ts'
import { secretByName, type Env } from '../env.ts'
import { runWorkersAi } from './workers-ai.ts'

/** What is sent beside the request, or, as text, in the place of its body. */
export interface SentToo {
  headers?: Record<string, string>
  text?: string
}

/** Sends a provider's request to where a model answers, with its key. */
export async function sendRequest(
  env: Env,
  serving: Serving,
  request: UpstreamRequest,
  signal: AbortSignal,
  { headers, text }: SentToo = {},
): Promise<Response> {
  const provider = providerOf(serving)
  if (provider.name === 'workers-ai') return runWorkersAi(env, request, signal)
  return fetch(`${serving.baseUrl}${request.path}`, {
    method: 'POST',
    headers: {
      ...request.headers,
      ...provider.auth(secretByName(env, serving.secret) ?? ''),
      ...headers,
    },
    body: text ?? JSON.stringify(request.body),
    // The key is for this address alone.
    redirect: 'manual',
    signal,
  })
}
