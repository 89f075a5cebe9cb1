import type { Tool } from '../../domain/dataset/tool-call.ts'
import type { Message } from '../../domain/dataset/transcript.ts'
import type { JsonObject } from '../../domain/providers/json-object.ts'
import { Untranslatable, type Kind } from '../../domain/providers/provider.ts'
import { providerOf } from '../../domain/providers/registry.ts'
import { retryAfterMs } from '../../domain/routing/retry-after.ts'
import type { Serving } from '../../domain/routing/route.ts'
import { readLimited } from '../endpoints/read-limited.ts'
import { secretByName, type Env } from '../env.ts'
import { completionRequest, readCompletion, type Completion } from './completion.ts'
import { sendRequest } from './send-request.ts'

/** Tries of one question in an evaluation, the first included, and the wait before the second. */
const TRIES = 3
const BACKOFF_MS = 200
/** Longest wait that an endpoint may ask for with `Retry-After`. */
const MAX_RETRY_AFTER_MS = 10_000
/** Largest answer, in bytes. */
const MAX_ANSWER_BYTES = 2_000_000

/**
 * Asks a model, whatever API it speaks, for an OpenAI-shaped answer to an OpenAI-shaped body without `model`. Of OpenAI's
 * API the signal ends the wait for headers only.
 *
 * @throws Untranslatable where the model's provider cannot be asked this
 */
export async function callModel(
  env: Env,
  serving: Serving,
  kind: Kind,
  body: JsonObject,
  signal: AbortSignal,
): Promise<Response> {
  const provider = providerOf(serving)
  const response = await sendRequest(env, serving, provider.request(kind, body, serving), signal)
  if (provider.name === 'openai') return response
  const text = await textOf(response)
  if (!response.ok) {
    const { status, headers } = response
    return Response.json({ error: provider.error(status, text) }, { status, headers: retryAfterOf(headers) })
  }
  const asked = { kind, body, id: crypto.randomUUID(), at: new Date() }
  return Response.json(provider.response(JSON.parse(text), asked))
}

async function textOf(response: Response): Promise<string> {
  return new TextDecoder().decode(await readLimited(response as never, MAX_ANSWER_BYTES, 'the answer'))
}

function retryAfterOf(headers: Headers): Record<string, string> {
  const value = headers.get('retry-after')
  return value === null ? {} : { 'retry-after': value }
}

/** An answer, and how long the try took that gave it. */
export type Asked = (Completion & { latencyMs: number }) | { error: string }

/** One answer of a model, or why there is none. Tries again on network errors, 429 and 5xx. */
export async function askModel(
  env: Env,
  serving: Serving,
  messages: readonly Message[],
  timeoutMs: number,
  tools?: readonly Tool[],
): Promise<Asked> {
  const body = completionRequest(messages, tools)
  let error = 'not asked'
  let waitMs = 0
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await scheduler.wait(Math.max(waitMs, BACKOFF_MS * 2 ** (attempt - 1)))
    waitMs = 0
    try {
      const started = Date.now()
      const response = await callModel(env, serving, 'chat', body, AbortSignal.timeout(timeoutMs))
      const text = await textOf(response)
      if (response.ok) return { ...readCompletion(text, tools), latencyMs: Date.now() - started }
      error = `HTTP ${response.status}: ${withoutKey(env, serving, text).slice(0, 200)}`
      if (response.status < 500 && response.status !== 429) break
      waitMs = Math.min(retryAfterMs(response.headers, Date.now()) ?? 0, MAX_RETRY_AFTER_MS)
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause)
      if (cause instanceof Untranslatable) break
    }
  }
  return { error }
}

/** Shorter values are no keys, but words that any text may hold. */
const MIN_KEY_CHARS = 8

/** Errors are read by more people than may know a key, which some endpoints repeat. */
function withoutKey(env: Env, { secret }: Serving, text: string): string {
  const key = secretByName(env, secret) ?? ''
  return key.length < MIN_KEY_CHARS ? text : text.replaceAll(key, '[key]')
}
