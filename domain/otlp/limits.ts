/**
 * What one request may ask for. Bytes are UTF-8 after decoding. The size of the body itself (the specification
 * recommends 20 MiB, after decompression too) is enforced where it is read.
 */
export interface OtlpLimits {
  /** Spans or log records of a request; those after it are rejected unread. An SDK's batch has 512, a collector's 8,192. */
  recordsPerRequest: number
  /** ResourceSpans, and ScopeSpans of all of them; a request with more is refused, since no exporter sends them. */
  groupsPerRequest: number
  /** Attributes of one span, event, link or scope. OpenInference flattens messages: hundreds are usual. */
  attributesPerList: number
  eventsPerSpan: number
  linksPerSpan: number
  /** One attribute with all that is nested in it; longer texts are cut. */
  valueBytes: number
  /** All texts and values of a span with its events and links; what comes after is dropped. */
  recordBytes: number
  /** Names, keys, trace state, versions. */
  nameBytes: number
  /** Arrays and maps in each other; what is deeper is null. */
  valueDepth: number
  /** Protobuf fields of one span, nested ones too: one of two bytes takes a hundred in memory. An attribute has four. */
  fieldsPerRecord: number
  /** How far a clock may be ahead of ours. */
  futureMs: number
  /** Older is ancient: wrong units (seconds or milliseconds sent as nanoseconds) land in 1970. */
  ancientMs: number
}

const HOUR_MS = 3_600_000

export const OTLP_LIMITS: OtlpLimits = {
  recordsPerRequest: 10_000,
  groupsPerRequest: 10_000,
  attributesPerList: 4_096,
  eventsPerSpan: 1_024,
  linksPerSpan: 1_024,
  valueBytes: 256 * 1024,
  recordBytes: 1024 * 1024,
  nameBytes: 4_096,
  valueDepth: 32,
  fieldsPerRecord: 131_072,
  futureMs: HOUR_MS,
  ancientMs: 366 * 24 * HOUR_MS,
}
