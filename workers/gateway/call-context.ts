import { isObject, objectOf, parsed, type JsonObject } from '../../domain/providers/json-object.ts'
import { NO_COHORT } from '../../domain/evaluation/score.ts'
import { isScalar } from '../../domain/json.ts'
import { randomHex } from '../ids.ts'
import { invalid } from './errors.ts'

/** Characters of a field of metadata or a session, and fields: a span must fit a queue's message of 128 KB. */
const MAX_VALUE = 128
const MAX_FIELDS = 16

/** What a request says beside its body: who it is for, and which trace it is part of. */
export interface CallContext {
  /** 32 hex digits. */
  traceId: string
  /** Of the gateway's own span; 16 hex digits. */
  spanId: string
  parentSpanId: string | null
  requestId: string
  cohort: string
  metadata: Readonly<Record<string, string>>
  session: string | null
  /** Whether FutureAGI's gateway client asks, which reads headers of its own. */
  agentcc: boolean
}

const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}/
const NO_METADATA: Readonly<Record<string, string>> = Object.freeze({})

export function callContext(headers: Headers, body: JsonObject): CallContext {
  const parent = TRACEPARENT.exec(headers.get('traceparent') ?? '')
  const random = randomHex(24)
  const own = random.slice(0, 32)
  const metadata = metadataOf(headers, body.metadata)
  return {
    traceId: traceIdIn(parent, headers) ?? own,
    // Random to its last bit: by its value calls are sampled.
    spanId: random.slice(32),
    parentSpanId: parent?.[2] ?? null,
    requestId: requestIdIn(headers) ?? `req_${own}`,
    cohort: (headers.get('x-sluice-cohort') ?? metadata.cohort ?? '').slice(0, 100) || NO_COHORT,
    metadata,
    session: sessionIn(headers) ?? metadata.session_id ?? null,
    agentcc: isAgentcc(headers),
  }
}

/** The request's id in the answer: the caller's own, where it is one. */
export function requestIdOf(headers: Headers): string {
  return requestIdIn(headers) ?? `req_${randomHex(16)}`
}

/** The trace that the caller names, if any. */
export function traceIdOf(headers: Headers): string | undefined {
  return traceIdIn(TRACEPARENT.exec(headers.get('traceparent') ?? ''), headers)
}

/** Whether FutureAGI's gateway client asks. */
export function isAgentcc(headers: Headers): boolean {
  return headers.has('x-agentcc-sdk-version')
}

export function traceparent({ traceId, spanId }: CallContext): string {
  return `00-${traceId}-${spanId}-01`
}

/** Of the headers before those of the body, which upstreams read too. */
function metadataOf(headers: Headers, inBody: unknown): Readonly<Record<string, string>> {
  const sent = headers.get('x-sluice-metadata')
  const inHeader = sent ?? headers.get('x-agentcc-metadata')
  if (inHeader === null && !isObject(inBody)) return NO_METADATA
  const fromHeader = inHeader === null ? {} : parsed(inHeader)
  if (sent !== null && !isObject(fromHeader))
    throw invalid('x-sluice-metadata must be a JSON object', 'x-sluice-metadata')
  const kept = Object.entries({ ...objectOf(inBody), ...objectOf(fromHeader) })
    .flatMap(([name, value]) =>
      isScalar(value) ? [[name.slice(0, MAX_VALUE), String(value).slice(0, MAX_VALUE)] as const] : [],
    )
    .slice(0, MAX_FIELDS)
  return Object.fromEntries(kept)
}

function sessionIn(headers: Headers): string | undefined {
  return headers.get('x-agentcc-session-id')?.slice(0, MAX_VALUE) || undefined
}

function traceIdIn(parent: RegExpExecArray | null, headers: Headers): string | undefined {
  if (parent) return parent[1]
  const hex = headers.get('x-agentcc-trace-id')?.replaceAll('-', '').toLowerCase()
  return hex !== undefined && /^(?!0{32})[0-9a-f]{32}$/.test(hex) ? hex : undefined
}

function requestIdIn(headers: Headers): string | undefined {
  const text = headers.get('x-request-id')
  return text !== null && /^[\w.:-]{1,128}$/.test(text) ? text : undefined
}
