import * as z from 'zod'
import { Message } from '../../domain/dataset/transcript.ts'
import { callRowId, type CallId } from '../../domain/evaluation/call-id.ts'
import { GuardrailVerdict } from '../../domain/guardrails/guardrail.ts'
import { hash52 } from '../../domain/hash.ts'
import type { Env } from '../env.ts'
import { keys } from '../registry/keys.ts'
import { gzipNdjson, readNdjson } from '../registry/ndjson.ts'

/** One attempt of the gateway to get an answer from a target. */
export const Attempt = z.object({
  target: z.string(),
  status: z.number().nullable(),
  reason: z.string().nullable(),
  ms: z.number(),
})
export type Attempt = z.infer<typeof Attempt>

/** One gateway call, as it goes through the queue and into a span batch. */
export const SpanMessage = z.object({
  project: z.string(),
  traceId: z.string(),
  route: z.string(),
  routeVersion: z.string(),
  epoch: z.number(),
  target: z.string(),
  model: z.string(),
  /**
   * The prompt version of the route. Callers render it themselves, and are believed, unless the route binds it: then the
   * attribute `sluice.prompt.rendered` says that the gateway did.
   */
  promptRef: z.string().nullable(),
  cohort: z.string(),
  status: z.enum(['ok', 'error']),
  fallbackReason: z.string().nullable(),
  attempts: z.array(Attempt),
  latencyMs: z.number(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  messages: z.array(Message),
  /** Knowledge that the prompt held, as lines. */
  context: z.array(z.string()),
  response: z.string().nullable(),
  at: z.number(),
  /** 16 hex digits: the gateway's own span, and the caller's that it belongs to. */
  spanId: z.string().exactOptional(),
  parentSpanId: z.string().nullable().exactOptional(),
  requestId: z.string().exactOptional(),
  /** The key that asked. */
  keyId: z.string().exactOptional(),
  /** The side of the route's split that the request was put on. */
  arm: z.enum(['stable', 'canary', 'rule']).exactOptional(),
  /** How it ended: `answered`, `cached`, `failed` by all targets, `refused` by a guardrail, or as a stream does (`done`, `cut`, `stalled`…). */
  outcome: z.string().exactOptional(),
  /** Until the first output of a stream. */
  ttftMs: z.number().nullable().exactOptional(),
  costUsd: z.number().nullable().exactOptional(),
  metadata: z.record(z.string(), z.string()).exactOptional(),
  /** What the route's guardrails said of the request and of the answers to it, in their order. */
  guardrails: z.array(GuardrailVerdict).exactOptional(),
  /** How the answer was made to satisfy the route's schema. */
  repaired: z.enum(['stripped', 'asked']).exactOptional(),
  /** By the names of OpenTelemetry's conventions for generative AI. */
  attributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
    .exactOptional(),
})
export type SpanMessage = z.infer<typeof SpanMessage>

/** Spans of a project, as they go through the queue: a message a span took longer to carry than the request to answer. */
export const SpansMessage = z.object({ project: z.string(), spans: z.array(z.unknown()).min(1) })
export type SpansMessage = z.infer<typeof SpansMessage>

/** The spans of a message, of which one that is none does not spoil the others. Older messages are a span each. */
export function spansIn(message: unknown): (SpanMessage | undefined)[] {
  const { data } = SpansMessage.safeParse(message)
  return (data?.spans ?? [message]).map((span) => SpanMessage.safeParse(span).data)
}

/** Rows a statement: D1 takes a list of 2 MB, and a row is about 600 bytes. */
const MAX_ROWS = 1_000

/** Stores a batch of spans: one object a project in R2, one row a call in D1. Redelivery writes nothing twice. */
export async function storeSpans(env: Env, batchId: string, spans: readonly SpanMessage[]): Promise<void> {
  for (const [project, own] of Object.entries(Object.groupBy(spans, ({ project }) => project))) {
    const objectKey = keys.spans(project, new Date(own![0]!.at), batchId)
    await env.ARTIFACTS.put(objectKey, await gzipNdjson(own!.map((span) => JSON.stringify(span))))
    const insert = env.LINEAGE.prepare(INSERT_TRACES)
    const statements: D1PreparedStatement[] = []
    for (let from = 0; from < own!.length; from += MAX_ROWS)
      statements.push(insert.bind(objectKey, JSON.stringify(own!.slice(from, from + MAX_ROWS).map(traceRow))))
    await env.LINEAGE.batch(statements)
  }
}

/** Messages from before spans had an id of their own are told apart by their trace. */
function spanIdOf({ traceId, spanId = traceId }: SpanMessage): string {
  return spanId
}

/** The gateway's ids are random already: to hash them took a third of the time of storing spans. */
function samplingKey(spanId: string): number {
  return /^[0-9a-f]{16}$/.test(spanId) ? Number.parseInt(spanId.slice(0, 13), 16) : hash52(spanId)
}

/** By their columns, what each takes from a span. */
const TRACE_COLUMNS: Record<string, (span: SpanMessage) => string | number | null | undefined> = {
  trace_id: (span) => span.traceId,
  span_id: spanIdOf,
  project_id: (span) => span.project,
  route: (span) => span.route,
  route_version: (span) => span.routeVersion,
  epoch: (span) => span.epoch,
  arm: (span) => span.arm,
  target: (span) => span.target,
  model: (span) => span.model,
  prompt_ref: (span) => span.promptRef,
  cohort: (span) => span.cohort,
  status: (span) => span.status,
  outcome: (span) => span.outcome,
  fallback_reason: (span) => span.fallbackReason,
  attempts: (span) => span.attempts.length,
  latency_ms: (span) => span.latencyMs,
  ttft_ms: (span) => span.ttftMs,
  input_tokens: (span) => span.inputTokens,
  output_tokens: (span) => span.outputTokens,
  cost_usd: (span) => span.costUsd,
  // Of the span, not of the trace: calls of one trace are sampled each for itself.
  sampling_key: (span) => samplingKey(spanIdOf(span)),
  at: (span) => span.at,
}

/**
 * One statement and one list for all rows: there is a row for each request of the gateway, and to build and bind a
 * statement for every six took longer than the requests. A call that is there already is passed over; any other conflict
 * is an error, so that no row is lost in silence.
 */
const INSERT_TRACES = `INSERT INTO traces (object_key, ${Object.keys(TRACE_COLUMNS).join(', ')})
  SELECT ?1, ${Object.keys(TRACE_COLUMNS)
    .map((_, i) => `value ->> ${i}`)
    .join(', ')} FROM json_each(?2) WHERE true ON CONFLICT (project_id, trace_id, span_id) DO NOTHING`

/** The values of `TRACE_COLUMNS`. */
function traceRow(span: SpanMessage): (string | number | null)[] {
  return Object.values(TRACE_COLUMNS).map((valueOf) => valueOf(span) ?? null)
}

/**
 * The spans of sampled calls by `callRowId`, each batch object read once. A call that was recorded by its trace alone is
 * the first of that trace in its batch.
 */
export async function readSpans(
  env: Env,
  sampled: readonly (CallId & { objectKey: string })[],
): Promise<Map<string, SpanMessage>> {
  const found = new Map<string, SpanMessage>()
  for (const [key, calls] of Map.groupBy(sampled, ({ objectKey }) => objectKey)) {
    const wanted = new Set(calls.map(callRowId))
    for (const span of await readNdjson<SpanMessage>(env.ARTIFACTS, key)) {
      const { traceId } = span
      const ids = [callRowId({ traceId, spanId: spanIdOf(span) }), callRowId({ traceId, spanId: traceId })]
      for (const id of ids) if (wanted.has(id) && !found.has(id)) found.set(id, span)
    }
  }
  return found
}
