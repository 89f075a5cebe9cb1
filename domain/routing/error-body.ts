import { errorObjectIn } from '../providers/error-object.ts'
import { parsed } from '../providers/json-object.ts'

/** What an upstream says of an error, in lower case; '' where it says nothing. */
export interface ErrorBody {
  /** Machine-readable name, if it is one: letters, digits, `_`, `.` and `-`. */
  code: string
  type: string
  /** The field of the request that it is about. */
  param: string
  message: string
}

/** Reads the body of an error, in any shape of `errorObjectIn`. One that was cut off is read as far as it goes. */
export function readErrorBody(body: string): ErrorBody {
  const json = parsed(body)
  if (json === undefined)
    return {
      code: named(field(body, 'code')),
      type: named(field(body, 'type')),
      param: field(body, 'param'),
      message: field(body, 'message'),
    }
  const { error, message } = errorObjectIn(json)
  // Google's `code` is the status again, and its `status` the name.
  const codes = [error.code, error.status].map(named)
  return {
    code: codes.find((code) => code !== '') ?? '',
    type: named(error.type),
    param: lower(error.param),
    message: lower(message),
  }
}

/** The text of a field in a body that is no whole JSON. */
function field(body: string, name: string): string {
  const match = new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]{1,1000})`).exec(body)
  return lower(match?.[1])
}

function named(code: unknown): string {
  return typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) && !/^\d+$/.test(code)
    ? code.toLowerCase()
    : ''
}

function lower(text: unknown): string {
  return typeof text === 'string' ? text.toLowerCase() : ''
}
