import { canonicalJson } from '../../../domain/hash.ts'
import type { Json } from '../../../domain/json.ts'
import { ProblemError } from '../../../domain/problem.ts'
import { retryAfterMs } from '../../../domain/routing/retry-after.ts'
import { readLimited } from '../../endpoints/read-limited.ts'
import type { JudgeModel, ModelPath } from './judge-model.ts'
import { noteAnswer, noteSilence, restOf } from './silent-endpoints.ts'

/** Largest answer that is read. */
const MAX_ANSWER_BYTES = 2_000_000
/** Tries of one call, the first included; of one that has no answer in time; the wait before the second, doubled each time. */
const TRIES = 4
const TRIES_IN_SILENCE = 2
const BACKOFF_MS = 250
/** Longest `Retry-After` that is obeyed. */
const MAX_RETRY_AFTER_MS = 20_000

/** What a model answered, parsed as JSON; or why it did not, after trying again where that may help. */
export async function askJudgeModel(
  model: JudgeModel,
  path: ModelPath,
  body: Record<string, Json>,
): Promise<{ answer: unknown } | { error: string }> {
  const key = canonicalJson([model.endpoint, model.identity])
  let error = 'it was not asked'
  let silences = 0
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const rest = restOf(key, Date.now())
    if (rest !== undefined) return failed(model, rest)
    let waitMs = BACKOFF_MS * 2 ** attempt
    try {
      const response = await model.call(path, body, AbortSignal.timeout(model.timeoutMs))
      const text = new TextDecoder().decode(await readLimited(response, MAX_ANSWER_BYTES, 'the answer'))
      noteAnswer(key)
      if (response.ok) return { answer: JSON.parse(text) }
      error = refusalOf(response.status, withoutKeys(text, model.keys))
      if (!isTransient(response.status)) break
      const askedMs = retryAfterMs(response.headers, Date.now()) ?? 0
      waitMs = Math.max(waitMs, Math.min(askedMs, MAX_RETRY_AFTER_MS))
    } catch (cause) {
      error = cause instanceof SyntaxError ? 'its answer is not JSON' : messageOf(cause)
      if (isTooLarge(cause)) break
      if (isTimeout(cause)) {
        silences += 1
        error = `no answer within ${model.timeoutMs} ms`
        noteSilence(key, Date.now())
        if (silences >= TRIES_IN_SILENCE) break
      }
    }
    if (attempt + 1 < TRIES) await scheduler.wait(waitMs)
  }
  return failed(model, error)
}

function failed({ endpoint }: JudgeModel, error: string): { error: string } {
  return { error: `${endpoint} did not answer: ${error}` }
}

/** Errors are read by more people than may know a key; some endpoints repeat the one that they do not like. */
export function withoutKeys(text: string, keys: readonly string[]): string {
  return keys.filter((key) => key !== '').reduce((hidden, key) => hidden.replaceAll(key, '***'), text)
}

/** What an answer that is none says of itself. */
export function refusalOf(status: number, text: string): string {
  if (status >= 300 && status < 400) return `HTTP ${status}: it points elsewhere, which is not followed`
  return `HTTP ${status}: ${text.slice(0, 200)}`
}

export function isTransient(status: number): boolean {
  return status >= 500 || status === 429 || status === 408 || status === 425
}

/** Asked again, it would only be as large again. */
export function isTooLarge(cause: unknown): boolean {
  return cause instanceof ProblemError && cause.code === 'body.too_large'
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'TimeoutError'
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
