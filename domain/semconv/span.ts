/** Attribute values by name, as an OTLP body holds them once its `AnyValue`s are plain JSON. */
export type Attributes = Readonly<Record<string, unknown>>

/** A span event: `gen_ai.choice`, `exception`, `ai.stream.firstChunk`… */
export interface SpanEvent {
  readonly name: string
  readonly attributes: Attributes
}

/**
 * What the normaliser reads of a span. It is read without trust: any attribute may be of any type, and an empty OTLP value
 * may come as `null`, `''` or `{}`.
 */
export interface SemconvSpan {
  readonly name: string
  readonly attributes: Attributes
  readonly events?: readonly SpanEvent[]
  /** OTLP's status: 0 unset, 1 ok, 2 error. */
  readonly status?: { readonly code?: number; readonly message?: string }
  /** Of the resource: traceAI keeps the metadata of a project there. */
  readonly resource?: Attributes
}
