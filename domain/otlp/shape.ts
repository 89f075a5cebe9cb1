import type { Json } from '../json.ts'
import type { FaultCode } from './fault.ts'

/**
 * Attributes by key. An int64 beyond 2^53 is decimal text, bytes are base64, a double that JSON lacks is "NaN",
 * "Infinity" or "-Infinity" (all as in the proto3 JSON mapping), and an empty value is null. The last of two equal keys
 * counts.
 */
export type Attributes = Record<string, Json>

/** Nanoseconds since 1970 in decimal digits: beyond 2^53, and JSON has no bigint. */
export type UnixNano = string

interface Attributed {
  attributes: Attributes
  /** What the sender dropped and what a limit dropped here. */
  droppedAttributesCount: number
}

/** What produced the telemetry. */
export interface Resource extends Attributed {
  schemaUrl: string
}

/** The instrumentation library. */
export interface Scope extends Attributed {
  name: string
  version: string
  schemaUrl: string
}

export interface SpanEvent extends Attributed {
  /** "0" where unknown. */
  timeUnixNano: UnixNano
  name: string
}

export interface SpanLink extends Attributed {
  traceId: string
  spanId: string
  traceState: string
  flags: number
}

/** A span as it was sent, ids in lower-case hex. It is plain JSON. */
export interface Span extends Attributed {
  traceId: string
  spanId: string
  /** Null for a root. */
  parentSpanId: string | null
  traceState: string
  flags: number
  name: string
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  startTimeUnixNano: UnixNano
  endTimeUnixNano: UnixNano
  events: SpanEvent[]
  droppedEventsCount: number
  links: SpanLink[]
  droppedLinksCount: number
  /** Code 0 unset, 1 ok, 2 error. */
  status: { code: number; message: string }
  /** Marks: none of them rejects. */
  faults: FaultCode[]
}

export interface LogRecord extends Attributed {
  /** "0" where unknown: the observed time counts then. */
  timeUnixNano: UnixNano
  observedTimeUnixNano: UnixNano
  /** 1 to 24, 0 unspecified. */
  severityNumber: number
  severityText: string
  eventName: string
  body: Json
  flags: number
  traceId: string | null
  spanId: string | null
  faults: FaultCode[]
}

/** The records of one resource and scope. Groups of the same resource share the object. */
export interface Group<Item> {
  resource: Resource
  scope: Scope
  records: Item[]
}
