import { own } from '../../own.ts'
import { isObject, objectOf, parsed, textOf } from '../json-object.ts'
import type { UpstreamError } from '../provider.ts'
import { codeOf, shortened, typeOf, upstreamError } from '../upstream-error.ts'

/** Anthropic's errors by their statuses, see https://platform.claude.com/docs/en/api/errors */
const STATUSES: Record<string, number> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
}

/** Codes of faults that the words need not tell. */
const CODES: Record<string, string> = {
  billing_error: 'insufficient_quota',
  permission_error: 'permission_denied',
  overloaded_error: 'overloaded',
}

/** OpenAI's error for one of Anthropic's, in the body of an answer or in a stream. */
export function errorOf(type: string, message: string, status = own(STATUSES, type) ?? 500): UpstreamError {
  // A resource that is not there is told as `model: claude-…`.
  const notFound = type === 'not_found_error' && /\bmodel\b/.test(message) ? 'model_not_found' : undefined
  const code = notFound ?? codeOf(status, message) ?? own(CODES, type) ?? null
  const shown = shortened(message || type || 'The model failed')
  return { message: shown, type: typeOf(status, code), code, param: null }
}

export function anthropicError(status: number, body: string): UpstreamError {
  const { error } = objectOf(parsed(body))
  return isObject(error)
    ? errorOf(textOf(error.type), textOf(error.message), status)
    : upstreamError(status, body)
}
