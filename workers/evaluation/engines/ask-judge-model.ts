import type { Json } from '../../../domain/json.ts'
import { ProblemError } from '../../../domain/problem.ts'
import { readLimited } from '../../endpoints/read-limited.ts'
import type { JudgeModel, ModelPath } from './judge-model.ts'

/** Longest wait for one answer, and the largest that is read. */
const TIMEOUT_MS = 60_000
const MAX_ANSWER_BYTES = 2_000_000
/** Tries of one call, the first included; the wait before the second, doubled each time; the longest that is obeyed. */
const TRIES = 4
const BACKOFF_MS = 250
const MAX_RETRY_AFTER_MS = 20_000

/** What a model answered, parsed as JSON; or why it did not, after trying again where that may help. */
export async function askJudgeModel(
  { call, endpoint }: JudgeModel,
  path: ModelPath,
  body: Record<string, Json>,
): Promise<{ answer: unknown } | { error: string }> {
  let error = 'it was not asked'
  for (let attempt = 0; attempt < TRIES; attempt++) {
    let waitMs = BACKOFF_MS * 2 ** attempt
    try {
      const response = await call(path, body, AbortSignal.timeout(TIMEOUT_MS))
      const text = new TextDecoder().decode(await readLimited(response, MAX_ANSWER_BYTES, 'the answer'))
      if (response.ok) return { answer: JSON.parse(text) }
      error = `HTTP ${response.status}: ${text.slice(0, 200)}`
      if (!isTransient(response.status)) break
      waitMs = retryAfterMs(response.headers.get('retry-after')) ?? waitMs
    } catch (cause) {
      error = cause instanceof SyntaxError ? 'its answer is not JSON' : messageOf(cause)
      if (isTooLarge(cause)) break
    }
    if (attempt + 1 < TRIES) await scheduler.wait(waitMs)
  }
  return { error: `${endpoint} did not answer: ${error}` }
}

export function isTransient(status: number): boolean {
  return status >= 500 || status === 429 || status === 408 || status === 425
}

/** Seconds to wait as the header says, in ms and at most so many; a date is not obeyed. */
function retryAfterMs(header: string | null): number | undefined {
  const seconds = Number(header)
  return header === null || !Number.isFinite(seconds) || seconds < 0
    ? undefined
    : Math.min(seconds * 1000, MAX_RETRY_AFTER_MS)
}

/** Asked again, it would only be as large again. */
export function isTooLarge(cause: unknown): boolean {
  return cause instanceof ProblemError && cause.code === 'body.too_large'
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
