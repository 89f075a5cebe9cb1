import type { UpstreamRequest } from '../../domain/providers/provider.ts'
import { statusOf } from '../../domain/providers/workers-ai/error.ts'
import type { Env } from '../env.ts'

/** Runs a model of the binding; what it throws becomes the response that the API would have given. */
export async function runWorkersAi(
  env: Env,
  { path, body }: UpstreamRequest,
  signal: AbortSignal,
): Promise<Response> {
  if (!env.AI) return failure(401, 'This Worker has no binding AI for Workers AI')
  try {
    const result = await Promise.race([env.AI.run(path, body, { signal }), aborted(signal)])
    if (result instanceof ReadableStream) return new Response(result)
    // Some models do not stream: their whole answer is the only event.
    return body.stream === true ? oneEvent(result) : Response.json(result)
  } catch (error) {
    if (signal.aborted) throw error
    const message = error instanceof Error ? error.message : String(error)
    return failure(statusOf(message), message)
  }
}

function oneEvent(data: unknown): Response {
  const headers = { 'content-type': 'text/event-stream' }
  return new Response(`data: ${JSON.stringify(data)}\n\ndata: [DONE]\n\n`, { headers })
}

function failure(status: number, message: string): Response {
  return Response.json({ errors: [{ message }] }, { status })
}

/** Rejects when the signal does: older runtimes give the binding none. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  )
}
