import { openai } from '../../domain/providers/openai.ts'
import { providerOf } from '../../domain/providers/registry.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import { secretByName } from '../env.ts'
import { runWorkersAi } from '../routing/workers-ai.ts'
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
