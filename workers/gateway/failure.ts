import { isObject, parsed } from '../../domain/providers/json-object.ts'
import type { Untranslatable, UpstreamError } from '../../domain/providers/provider.ts'
import { providerOf } from '../../domain/providers/registry.ts'
import {
  classifyNoResponse,
  classifyResponse,
  type Failed,
  type NoResponse,
} from '../../domain/routing/classify.ts'
import { retryAfterMs } from '../../domain/routing/retry-after.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import { errorBody } from './errors.ts'
import type { Failure } from './outcome.ts'
import type { Patience } from './patience.ts'
import { readBody } from './whole-body.ts'

/** What is read of an error to tell what it means. */
const CLASSIFIED_CHARS = 4_096

const decoder = new TextDecoder()

/** A response that is no success. */
export async function failedResponse(
  target: RouteTarget,
  response: Response,
  honourRetryAfterMs: number,
): Promise<Failure> {
  const { status, headers } = response
  const after = retryAfterMs(headers, Date.now())
  const text = await readText(response)
  const classified = classifyResponse(status, text.slice(0, CLASSIFIED_CHARS), after, honourRetryAfterMs)
  const failed = classified.answer ? classifyNoResponse('not_json') : classified
  const provider = providerOf(target)
  const untouched = provider.name === 'openai' && isObject(parsed(text))
  return {
    kind: 'failure',
    status,
    failed,
    retryAfterMs: after,
    body: untouched ? text : translatedError(provider.error(status, text)),
  }
}

function translatedError(error: UpstreamError): string {
  return errorBody({ ...error, code: error.code ?? 'upstream.failed' })
}

async function readText(response: Response): Promise<string> {
  const read = await readBody(response)
  if ('text' in read) return read.text
  if ('bytes' in read) return decoder.decode(read.bytes)
  await read.rest.cancel()
  return decoder.decode(read.head[0])
}

/** An attempt that ended without a usable response. */
export function noResponse(kind: NoResponse, status: number | null): Failure {
  const failed = classifyNoResponse(kind)
  return { kind: 'failure', status, failed, retryAfterMs: undefined, body: undefined }
}

/** How an attempt ended that threw. */
export function silence(patience: Patience, error: unknown): NoResponse {
  if (patience.expired) return 'headers_timeout'
  return /lost|reset|disconnect|premature|terminated/i.test(String(error)) ? 'reset' : 'refused'
}

/** Another target may speak an API that can be asked this. */
export function untranslatable(target: RouteTarget, { message, param }: Untranslatable): Failure {
  const failed: Failed = {
    answer: false,
    failure: 'caller_fault',
    retrySameTarget: false,
    nextTarget: true,
    breakerCounts: false,
    reason: `${target.provider ?? 'openai'} cannot be asked this`,
  }
  return {
    kind: 'failure',
    status: 400,
    failed,
    retryAfterMs: undefined,
    body: errorBody({
      message,
      type: 'invalid_request_error',
      param: param || null,
      code: 'unsupported_parameter',
    }),
    unasked: true,
  }
}
