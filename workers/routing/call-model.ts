import type { Message } from '../../domain/dataset/transcript.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import { secretByName, type Env } from '../env.ts'

/** Tries of one question in an evaluation, the first included, and the wait before the second. */
const TRIES = 3
const BACKOFF_MS = 200

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
  })
}

/** One answer of a model as text, or why there is none. Tries again on network errors and 5xx. */
export async function askModel(
  env: Env,
  target: RouteTarget,
  messages: readonly Message[],
  timeoutMs: number,
): Promise<{ text: string } | { error: string }> {
  const body = JSON.stringify({ model: target.servedModel, messages, temperature: 0 })
  let error = 'not asked'
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await scheduler.wait(BACKOFF_MS * 2 ** (attempt - 1))
    try {
      const response = await callModel(env, target, '/chat/completions', body, AbortSignal.timeout(timeoutMs))
      const text = await response.text()
      if (response.ok) return { text: contentOf(text) }
      error = `HTTP ${response.status}: ${text.slice(0, 200)}`
      if (response.status < 500 && response.status !== 429) break
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause)
    }
  }
  return { error }
}

function contentOf(completion: string): string {
  const parsed = JSON.parse(completion) as { choices?: { message?: { content?: unknown } }[] }
  const content = parsed.choices?.[0]?.message?.content
  if (typeof content !== 'string') throw new TypeError('the completion has no choices[0].message.content')
  return content
}
