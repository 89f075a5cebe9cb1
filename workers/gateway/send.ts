import { openai } from '../../domain/providers/openai.ts'
import { Untranslatable, type UpstreamRequest } from '../../domain/providers/provider.ts'
import { providerOf } from '../../domain/providers/registry.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import { sendRequest } from '../routing/send-request.ts'
import { traceparent } from './call-context.ts'
import type { Call } from './call.ts'
import { withModel } from './with-model.ts'

/**
 * Asks a target.
 *
 * @throws Untranslatable where the target's provider cannot be asked this
 */
export async function send(call: Call, target: RouteTarget, signal: AbortSignal): Promise<Response> {
  const { request, text } = written(call, target)
  const headers = { traceparent: traceparent(call.context) }
  return sendRequest(call.env, target, request, signal, { headers, text })
}

/** What cannot be written, such as lists in lists without end, is the caller's doing: a target that was not asked did not fail. */
function written({ asked }: Call, target: RouteTarget): { request: UpstreamRequest; text: string } {
  const provider = providerOf(target)
  try {
    const request = provider.request(asked.kind, asked.body, target)
    if (provider.name === 'workers-ai') return { request, text: '' }
    const text = provider === openai ? withModel(asked, target.servedModel) : JSON.stringify(request.body)
    return { request, text }
  } catch (error) {
    if (error instanceof Untranslatable) throw error
    throw new Untranslatable('', 'The request cannot be written for the target: it may be nested too deeply')
  }
}
