import { objectOf } from './json-object.ts'
import type { JsonObject, UpstreamError } from './provider.ts'
import { shortened } from './upstream-error.ts'

/** The error that an event of an OpenAI-shaped stream carries in place of an answer. */
export function errorIn(chunk: JsonObject): UpstreamError | undefined {
  if (chunk.error === undefined || chunk.error === null) return undefined
  const error = objectOf(chunk.error)
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return {
    message: shortened(text(error.message) ?? text(chunk.error) ?? 'The model failed'),
    type: text(error.type) ?? 'server_error',
    code: text(error.code) ?? 'upstream_stream_error',
    param: text(error.param) ?? null,
  }
}
