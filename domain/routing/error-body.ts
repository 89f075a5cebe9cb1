/** What an upstream says of an error, in lower case; '' where it says nothing. */
export interface UpstreamError {
  /** Machine-readable name, if it is one: letters, digits, `_`, `.` and `-`. */
  code: string
  type: string
  /** The field of the request that it is about. */
  param: string
  message: string
}

const NOTHING: UpstreamError = { code: '', type: '', param: '', message: '' }

/**
 * The error in a body, in the shapes of OpenAI, Anthropic, vLLM, Google, FastAPI and Cloudflare: `{error: {…}}`,
 * `{error: '…'}`, `[{error: {…}}]`, `{errors: [{…}]}`, `{message}`, `{detail}`. A body that was cut off is read as far as it goes.
 */
export function upstreamError(body: string): UpstreamError {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return {
      code: named(field(body, 'code')),
      type: named(field(body, 'type')),
      param: field(body, 'param'),
      message: field(body, 'message'),
    }
  }
  return fromJson(json)
}

function fromJson(json: unknown): UpstreamError {
  const outer = isRecord(json) ? json : Array.isArray(json) && isRecord(json[0]) ? json[0] : undefined
  if (!outer) return NOTHING
  const listed: unknown = Array.isArray(outer.errors) ? outer.errors[0] : undefined
  const inner = [outer.error, listed].find(isRecord) ?? outer
  const said = [inner.message, outer.error, outer.detail, outer.message].find(
    (text) => typeof text === 'string',
  )
  // Google's `code` is the status again, and its `status` the name.
  const codes = [inner.code, inner.status].map(named)
  return {
    code: codes.find((code) => code !== '') ?? '',
    type: named(inner.type),
    param: lower(inner.param),
    message: lower(said),
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
