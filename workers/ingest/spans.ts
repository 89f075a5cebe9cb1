import * as z from 'zod'
import { Message } from '../../domain/dataset/transcript.ts'
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
  /** How it ended: `answered`, `cached`, `failed` by all targets, or as a stream does (`done`, `cut`, `stalled`…). */
  outcome: z.string().exactOptional(),
  /** Until the first output of a stream. */
  ttftMs: z.number().nullable().exactOptional(),
  costUsd: z.number().nullable().exactOptional(),
  metadata: z.record(z.string(), z.string()).exactOptional(),
  /** By the names of OpenTelemetry's conventions for generative AI. */
  attributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
    .exactOptional(),
})
export type SpanMessage = z.infer<typeof SpanMessage>

/** Stores a batch of spans: one object a project in R2, one row a trace in D1. Redelivery writes nothing twice. */
export async function storeSpans(env: Env, batchId: string, spans: readonly SpanMessage[]): Promise<void> {
  for (const [project, own] of Object.entries(Object.groupBy(spans, ({ project }) => project))) {
    const objectKey = keys.spans(project, new Date(own![0]!.at), batchId)
    await env.ARTIFACTS.put(objectKey, await gzipNdjson(own!.map((span) => JSON.stringify(span))))
    await env.LINEAGE.prepare(INSERT_TRACES)
      .bind(JSON.stringify(own!.map((span) => traceRow(span, objectKey))))
      .run()
  }
}

/**
 * One statement and one parameter for all rows: there is a row for each request of the gateway, and to build and bind a
 * statement for every six took longer than the requests.
 */
const TRACE_COLUMNS = [
  'trace_id',
  'project_id',
  'route',
  'route_version',
  'target',
  'model',
  'prompt_ref',
  'cohort',
  'status',
  'fallback_reason',
  'latency_ms',
  'input_tokens',
  'output_tokens',
  'object_key',
  'sampling_key',
  'at',
] as const
const INSERT_TRACES = `INSERT OR IGNORE INTO traces (${TRACE_COLUMNS.join(', ')})
  SELECT ${TRACE_COLUMNS.map((_, i) => `value ->> ${i}`).join(', ')} FROM json_each(?)`

/** The values of `TRACE_COLUMNS`. */
function traceRow(span: SpanMessage, objectKey: string): (string | number | null)[] {
  return [
    span.traceId,
    span.project,
    span.route,
    span.routeVersion,
    span.target,
    span.model,
    span.promptRef,
    span.cohort,
    span.status,
    span.fallbackReason,
    span.latencyMs,
    span.inputTokens,
    span.outputTokens,
    objectKey,
    hash52(span.traceId),
    span.at,
  ]
}

/** The spans of sampled traces, each batch object read once. */
export async function readTraces(
  env: Env,
  sampled: readonly { traceId: string; objectKey: string }[],
): Promise<Map<string, SpanMessage>> {
  const wanted = new Set(sampled.map(({ traceId }) => traceId))
  const found = new Map<string, SpanMessage>()
  for (const key of new Set(sampled.map(({ objectKey }) => objectKey))) {
    for (const span of await readNdjson<SpanMessage>(env.ARTIFACTS, key)) {
      if (wanted.has(span.traceId)) found.set(span.traceId, span)
    }
  }
  return found
}
