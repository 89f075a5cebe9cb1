import type { Tool } from '../../domain/dataset/tool-call.ts'
import type { Message } from '../../domain/dataset/transcript.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import { readLimited } from '../endpoints/read-limited.ts'
import { secretByName, type Env } from '../env.ts'
import { completionRequest, readCompletion, type Completion } from './completion.ts'

/** Tries of one question in an evaluation, the first included, and the wait before the second. */
const TRIES = 3
const BACKOFF_MS = 200
/** Longest wait that an endpoint may ask for with `Retry-After`. */
const MAX_RETRY_AFTER_MS = 10_000
/** Largest answer, in bytes. */
const MAX_ANSWER_BYTES = 2_000_000

/** Sends an OpenAI-shaped body to a target. The signal ends the wait for headers only. */
export async function callModel(
  env: Env,
  target: Pick<RouteTarget, 'baseUrl' | 'secret'>,
  path: string,
  body: string,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(`${target.baseUrl}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${secretByName(env, target.secret) ?? ''}`,
    },
    body,
    signal,
    // The key is for this address alone.
    redirect: 'manual',
  })
}

/** An answer, and how long the try took that gave it. */
export type Asked = (Completion & { latencyMs: number }) | { error: string }

/** One answer of a model, or why there is none. Tries again on network errors, 429 and 5xx. */
export async function askModel(
  env: Env,
  target: RouteTarget,
  messages: readonly Message[],
  timeoutMs: number,
  tools?: readonly Tool[],
): Promise<Asked> {
  const body = completionRequest(target.servedModel, messages, tools)
  let error = 'not asked'
  let waitMs = 0
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await scheduler.wait(Math.max(waitMs, BACKOFF_MS * 2 ** (attempt - 1)))
    waitMs = 0
    try {
      const started = Date.now()
      const response = await callModel(env, target, '/chat/completions', body, AbortSignal.timeout(timeoutMs))
      const bytes = await readLimited(response as never, MAX_ANSWER_BYTES, 'the answer')
      const text = new TextDecoder().decode(bytes)
      if (response.ok) return { ...readCompletion(text, tools), latencyMs: Date.now() - started }
      error = `HTTP ${response.status}: ${text.slice(0, 200)}`
      if (response.status < 500 && response.status !== 429) break
      waitMs = retryAfterMs(response.headers.get('retry-after'))
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause)
    }
  }
  return { error }
}

/** Seconds, as model endpoints give them; a date is not waited for. */
function retryAfterMs(header: string | null): number {
  const seconds = Number(header ?? 0)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, MAX_RETRY_AFTER_MS) : 0
}
