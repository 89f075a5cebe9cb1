import { openai } from '../../domain/providers/openai.ts'
import type { UpstreamRequest } from '../../domain/providers/provider.ts'
import { providerOf } from '../../domain/providers/registry.ts'
import { statusOf } from '../../domain/providers/workers-ai/error.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import { secretByName, type Env } from '../env.ts'
import { traceparent } from './call-context.ts'
import type { Call } from './call.ts'
import { withModel } from './with-model.ts'

/**
 * Asks a target.
 *
 * @throws Untranslatable where the target's provider cannot be asked this
 */
export async function send(call: Call, target: RouteTarget, signal: AbortSignal): Promise<Response> {
  const { asked, context, env } = call
  const provider = providerOf(target)
  const request = provider.request(asked.kind, asked.body, target)
  if (provider.name === 'workers-ai') return runWorkersAi(env, request, signal)
  return fetch(`${target.baseUrl}${request.path}`, {
    method: 'POST',
    headers: {
      ...request.headers,
      ...provider.auth(secretByName(env, target.secret) ?? ''),
      traceparent: traceparent(context),
    },
    body: provider === openai ? withModel(asked, target.servedModel) : JSON.stringify(request.body),
    // Elsewhere nobody may get the key.
    redirect: 'manual',
    signal,
  })
}

/** Runs a model of the binding; what it throws becomes the response that the API would have given. */
async function runWorkersAi(
  env: Env,
  { path, body }: UpstreamRequest,
  signal: AbortSignal,
): Promise<Response> {
  if (!env.AI) return failure(401, 'This Worker has no binding AI for Workers AI')
  try {
    const result = await Promise.race([env.AI.run(path, body), aborted(signal)])
    return result instanceof ReadableStream ? new Response(result) : Response.json(result)
  } catch (error) {
    if (signal.aborted) throw error
    const message = error instanceof Error ? error.message : String(error)
    return failure(statusOf(message), message)
  }
}

function failure(status: number, message: string): Response {
  return Response.json({ errors: [{ message }] }, { status })
}

/** Rejects when the signal does: the binding takes none. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  )
}
