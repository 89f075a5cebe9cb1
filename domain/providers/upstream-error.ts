import { errorObjectIn } from './error-object.ts'
import { parsed } from './json-object.ts'
import type { UpstreamError } from './provider.ts'

/** An error's text may hold a whole page of HTML. */
const MAX_MESSAGE_CHARS = 1_000

/** OpenAI's codes for faults that other servers only put into words. */
const FAULTS: [code: string, statuses: readonly number[], words: RegExp][] = [
  [
    'context_length_exceeded',
    [400, 413, 422],
    /context.?(?:length|window|limit|size)|(?:prompt|input) is too long|too many (?:input )?tokens|(?:input|prompt) tokens?\b.{0,40}exceed/i,
  ],
  [
    'insufficient_quota',
    [400, 402, 403, 429],
    /credit balance|insufficient.(?:quota|credits|balance)|exceeded your current quota|daily free allocation/i,
  ],
  [
    'content_policy_violation',
    [400, 403, 422],
    /content.?(?:filter|management|policy|moderation)|safety (?:system|filter)/i,
  ],
  [
    'model_not_found',
    [400, 404, 410],
    /no such model|model.{0,200}(?:not found|not exist|not available|is invalid|deprecated|retired)|not found.{0,20}model/is,
  ],
  ['invalid_api_key', [401], /^/],
  ['rate_limit_exceeded', [429], /^/],
]

/** OpenAI's code for a fault, by the words of other servers; null where it has none. */
export function codeOf(status: number, message: string): string | null {
  const text = shortened(message)
  return FAULTS.find(([, statuses, words]) => statuses.includes(status) && words.test(text))?.[0] ?? null
}

export function shortened(message: string): string {
  return message.slice(0, MAX_MESSAGE_CHARS)
}

/** OpenAI's type of an error, by its status and code. */
export function typeOf(status: number, code: string | null): string {
  if (code === 'insufficient_quota') return 'insufficient_quota'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}

/** What an OpenAI-compatible server said, in whichever of their shapes. */
export function upstreamError(status: number, body: string): UpstreamError {
  const { error, message } = errorObjectIn(parsed(body))
  const shown = shortened(message ?? (body.trim() || `HTTP ${status}`))
  const code = typeof error.code === 'string' ? error.code : codeOf(status, shown)
  return {
    message: shown,
    type: typeof error.type === 'string' ? error.type : typeOf(status, code),
    code,
    param: typeof error.param === 'string' ? error.param : null,
  }
}
