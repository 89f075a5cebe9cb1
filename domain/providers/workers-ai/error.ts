import { objectOf, objectsOf, parsed, textOf } from '../json-object.ts'
import type { UpstreamError } from '../provider.ts'
import { codeOf, shortened, typeOf, upstreamError } from '../upstream-error.ts'

/** Statuses by internal code, see https://developers.cloudflare.com/workers-ai/platform/errors/ */
const STATUSES: Record<number, number> = {
  3003: 400,
  3006: 413,
  3007: 408,
  3008: 408,
  3023: 403,
  3036: 429,
  3039: 400,
  3040: 429,
  3041: 403,
  3042: 404,
  5004: 400,
  5005: 405,
  5007: 400,
  5016: 403,
  5018: 403,
  5019: 405,
}

/** OpenAI's codes for what the words alone would not tell. */
const CODES: Record<number, string> = {
  3036: 'insufficient_quota',
  3040: 'overloaded',
  3042: 'model_not_found',
  5007: 'model_not_found',
}

/**
 * The status for an error that the binding throws (`InferenceUpstreamError: 5007: No such model …`), 500 where neither
 * its code nor its words tell more.
 */
export function statusOf(message: string): number {
  const known = STATUSES[internalCode(message) ?? 0]
  return known ?? (codeOf(400, message) === 'context_length_exceeded' ? 400 : 500)
}

/** OpenAI's error for a failed answer, or for the text of an error that the binding threw. */
export function workersAiError(status: number, body: string): UpstreamError {
  const [error] = objectsOf(objectOf(parsed(body)).errors)
  const message = error ? textOf(error.message) : upstreamError(status, body).message
  const internal = (typeof error?.code === 'number' ? error.code : undefined) ?? internalCode(message)
  const code = (internal === undefined ? undefined : CODES[internal]) ?? codeOf(status, message)
  const shown = shortened(message || 'The model failed')
  return { message: shown, type: typeOf(status, code), code, param: null }
}

function internalCode(message: string): number | undefined {
  const code = /(?:^|\s)([1-9]\d{3}): /.exec(message)?.[1]
  return code === undefined ? undefined : Number(code)
}
