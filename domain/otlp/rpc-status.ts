import type { OtlpEncoding } from './encoding.ts'
import { answer, type OtlpAnswer } from './response.ts'
import { toBase64 } from './wire/base64.ts'
import { encodeMessage } from './wire/encode.ts'
import { BAD_REQUEST, RPC_STATUS } from './wire/messages.ts'

/** By HTTP status, as google/rpc/code.proto maps them; OTLP itself gives the code no meaning. */
const RPC_CODES: Record<number, number> = {
  400: 3, // INVALID_ARGUMENT
  401: 16, // UNAUTHENTICATED
  403: 7, // PERMISSION_DENIED
  404: 5, // NOT_FOUND
  405: 12, // UNIMPLEMENTED
  409: 10, // ABORTED
  413: 8, // RESOURCE_EXHAUSTED: gRPC's own answer to a message that is too large
  415: 3,
  422: 3,
  429: 8,
  500: 13, // INTERNAL
  502: 14, // UNAVAILABLE
  503: 14,
  504: 4, // DEADLINE_EXCEEDED
}
const UNKNOWN = 2

const BAD_REQUEST_URL = 'type.googleapis.com/google.rpc.BadRequest'

export interface FieldViolation {
  field: string
  description: string
}

/** The body of any 4xx and 5xx: a google.rpc.Status, with a BadRequest of what is wrong with which field. */
export function statusAnswer(
  encoding: OtlpEncoding,
  httpStatus: number,
  message: string,
  fieldViolations: readonly FieldViolation[] = [],
): OtlpAnswer {
  const details =
    encoding === 'json'
      ? { '@type': BAD_REQUEST_URL, fieldViolations }
      : { typeUrl: BAD_REQUEST_URL, value: toBase64(encodeMessage(BAD_REQUEST, { fieldViolations })) }
  return answer(encoding, RPC_STATUS, {
    code: RPC_CODES[httpStatus] ?? UNKNOWN,
    message,
    ...(fieldViolations.length > 0 && { details: [details] }),
  })
}
