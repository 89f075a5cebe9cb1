import { Buffer } from 'node:buffer'
import type { SpanMessage } from '../ingest/spans.ts'
import type { Env } from '../env.ts'
import type { Facts } from './facts.ts'
import { spanOf } from './span.ts'

/** How long spans are gathered: one message a request would cost as much as the request itself. */
const GATHER_MS = 100
/** After so long a sender that has not come back is taken for dead. */
const SENDER_MS = 5_000
/** Limits of a batch of Cloudflare Queues: 100 messages, 256 KB. */
const MAX_BATCH = 100
const MAX_BATCH_BYTES = 240_000
/** Wait before the second try of a batch. */
const RETRY_MS = 200
/** Spans kept while the queue is down; the oldest go first. */
const MAX_KEPT = 2_000

/** Of this isolate. The request that waits to send them keeps it alive. */
const gathered: Facts[] = []
let unsent: SpanMessage[] = []
let senderSince = 0

/** Keeps what is known of a request, to be sent behind the answers. */
export function record(env: Env, ctx: Pick<ExecutionContext, 'waitUntil'>, facts: Facts): void {
  gathered.push(facts)
  const now = Date.now()
  if (gathered.length >= MAX_BATCH) ctx.waitUntil(sendAll(env))
  else if (now - senderSince > SENDER_MS) {
    senderSince = now
    ctx.waitUntil(scheduler.wait(GATHER_MS).then(() => sendAll(env)))
  }
}

async function sendAll(env: Env): Promise<void> {
  senderSince = 0
  unsent.push(...gathered.splice(0).flatMap(spanIfAny))
  while (unsent.length > 0) {
    const batch = takeBatch()
    try {
      await send(env, batch)
    } catch (error) {
      console.error({ message: 'spans not sent yet', spans: batch.length, error: String(error) })
      keep(batch)
      return
    }
  }
}

async function send(env: Env, batch: readonly SpanMessage[]): Promise<void> {
  const messages = batch.map((body) => ({ body }))
  try {
    await env.SPANS.sendBatch(messages)
  } catch {
    await scheduler.wait(RETRY_MS)
    await env.SPANS.sendBatch(messages)
  }
}

/** They go with the next request's. */
function keep(batch: readonly SpanMessage[]): void {
  const kept = [...batch, ...unsent]
  if (kept.length > MAX_KEPT) console.error({ message: 'spans dropped', spans: kept.length - MAX_KEPT })
  unsent = kept.slice(-MAX_KEPT)
}

function takeBatch(): SpanMessage[] {
  let bytes = 0
  const over = unsent.findIndex((span, i) => {
    bytes += Buffer.byteLength(JSON.stringify(span))
    return i > 0 && (i >= MAX_BATCH || bytes > MAX_BATCH_BYTES)
  })
  return unsent.splice(0, over === -1 ? unsent.length : over)
}

/** One that cannot be told is no reason to lose the others. */
function spanIfAny(facts: Facts): SpanMessage[] {
  try {
    return [spanOf(facts)]
  } catch (error) {
    console.error({ message: 'span lost', traceId: facts.call.context.traceId, error: String(error) })
    return []
  }
}
