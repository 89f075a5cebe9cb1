import type { Json } from '../json.ts'
import type { JsonObject } from '../providers/json-object.ts'
import type { Decoded, Undecodable } from './decode.ts'
import type { OtlpEncoding } from './encoding.ts'
import { rejectedBy, type FaultCount } from './fault.ts'
import { decodeTraces } from './requests.ts'
import type { Group, Span } from './shape.ts'
import { encodeMessage } from './wire/encode.ts'
import { requestSchema } from './wire/messages.ts'

export const NOW = new Date('2026-11-26T10:00:00Z')
export const TRACE_ID = '5b8efff798038103d269b633813fc60c'
export const SPAN_ID = 'eee19b7ec3c1b174'

/** Nanoseconds of a time so many milliseconds before NOW. */
export function nanoBefore(ms: number): string {
  return `${NOW.getTime() - ms}000000`
}

/** A sound span in OTLP/JSON form. */
export function spanJson(fields: JsonObject = {}): JsonObject {
  return {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    name: 'chat',
    kind: 3,
    startTimeUnixNano: nanoBefore(2_000),
    endTimeUnixNano: nanoBefore(1_000),
    ...fields,
  }
}

export function tracesJson(...spans: unknown[]): JsonObject {
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] }
}

export function logsJson(...logRecords: unknown[]): JsonObject {
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }
}

export function attribute(key: string, value: Json): JsonObject {
  return { key, value: anyValueOf(value) }
}

/** A JSON value as an AnyValue. */
export function anyValueOf(value: Json): JsonObject {
  if (value === null) return {}
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !Object.is(value, -0)
      ? { intValue: String(value) }
      : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValueOf) } }
  return { kvlistValue: { values: Object.entries(value).map(([key, item]) => attribute(key, item)) } }
}

export function bodyOf(request: JsonObject, encoding: OtlpEncoding): Uint8Array {
  if (encoding === 'json') return new TextEncoder().encode(JSON.stringify(request))
  return encodeMessage(requestSchema('resourceLogs' in request ? 'logs' : 'traces'), request)
}

/** Bytes as the message, text or bytes of one protobuf field. */
export function delimited(field: number, bytes: Uint8Array): Uint8Array {
  const head = [(field << 3) | 2]
  let size = bytes.length
  for (; size > 127; size >>>= 7) head.push((size & 127) | 128)
  return joined(Uint8Array.from([...head, size]), bytes)
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The n-th span id. */
export function spanId(n: number): string {
  return n.toString(16).padStart(16, '0')
}

export function decodedOf<Item>(result: Decoded<Item> | Undecodable): Decoded<Item> {
  if (result.status === 'undecodable') throw new Error(result.reason)
  return result
}

/** What is taken of a request, or of the bytes of one, at NOW. */
export function taken(
  sent: JsonObject | Uint8Array,
  encoding: OtlpEncoding = 'json',
): { spans: Span[]; faults: FaultCount[]; seen: number; groups: Group<Span>[] } {
  const body = sent instanceof Uint8Array ? sent : bodyOf(sent, encoding)
  const { groups, faults, seen } = decodedOf(decodeTraces(body, encoding, { now: NOW }))
  return { spans: groups.flatMap(({ records }) => records), faults: [...faults.values()], seen, groups }
}

/** Records that are neither in a group nor counted as rejected. */
export function uncounted(result: Decoded<unknown> | Undecodable): number {
  if (result.status === 'undecodable') return 0
  const accepted = result.groups.reduce((sum, { records }) => sum + records.length, 0)
  return result.seen - accepted - rejectedBy(result.faults.values())
}
