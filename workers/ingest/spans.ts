import * as z from 'zod'
import { Message } from '../../domain/dataset/transcript.ts'
import { hash52 } from '../../domain/hash.ts'
import type { Env } from '../env.ts'
import { chunk, lineage, rowsAStatement } from '../lineage/db.ts'
import { traces } from '../lineage/schema.ts'
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
})
export type SpanMessage = z.infer<typeof SpanMessage>

/** Stores a batch of spans: one object a project in R2, one row a trace in D1. Redelivery writes nothing twice. */
export async function storeSpans(env: Env, batchId: string, spans: readonly SpanMessage[]): Promise<void> {
  const db = lineage(env.LINEAGE)
  for (const [project, own] of Object.entries(Object.groupBy(spans, ({ project }) => project))) {
    const objectKey = keys.spans(project, new Date(own![0]!.at), batchId)
    await env.ARTIFACTS.put(objectKey, await gzipNdjson(own!.map((span) => JSON.stringify(span))))
    const rows = own!.map((span) => ({
      traceId: span.traceId,
      projectId: project,
      route: span.route,
      routeVersion: span.routeVersion,
      target: span.target,
      model: span.model,
      promptRef: span.promptRef,
      cohort: span.cohort,
      status: span.status,
      fallbackReason: span.fallbackReason,
      latencyMs: span.latencyMs,
      inputTokens: span.inputTokens,
      outputTokens: span.outputTokens,
      objectKey,
      samplingKey: hash52(span.traceId),
      at: span.at,
    }))
    const [first, ...rest] = chunk(rows, rowsAStatement(16)).map((part) =>
      db.insert(traces).values(part).onConflictDoNothing(),
    )
    if (first) await db.batch([first, ...rest])
  }
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
