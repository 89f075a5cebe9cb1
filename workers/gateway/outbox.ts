import { Buffer } from 'node:buffer'
import type { SpanMessage, SpansMessage } from '../ingest/spans.ts'
import type { Env } from '../env.ts'
import type { Facts } from './facts.ts'
import { spanOf } from './span.ts'

/** How long spans are gathered: one message a request would cost as much as the request itself. Who ends the isolate loses so much. */
const GATHER_MS = 100
/** After so long a sender that has not come back is taken for dead. */
const SENDER_MS = 5_000
/** Limits of Cloudflare Queues: 128 KB a message, 100 messages and 256 KB a batch. */
const MAX_MESSAGE_BYTES = 120_000
const MAX_BATCH = 100
const MAX_BATCH_BYTES = 240_000
/** Wait before the second try of a batch, and while the queue is down before the further ones: all within a request's last 30 s. */
const RETRY_MS = 200
const WAITS_MS = [1_000, 2_000, 4_000, 8_000]
/** After so long who waits for the queue is taken for dead. */
const WAITER_MS = 25_000
/** Spans kept while the queue is down; the oldest go first. */
const MAX_KEPT = 2_000
const MAX_KEPT_BYTES = 16_000_000

interface Unsent {
  span: SpanMessage
  bytes: number
}

/** Of this isolate. The request that waits to send them keeps it alive. */
const gathered: Facts[] = []
let unsent: Unsent[] = []
let senderSince = 0
let waiterSince = 0

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
  keep(gathered.splice(0).flatMap(spanIfAny))
  // Who waits for the queue already sends these, too.
  if (Date.now() - waiterSince < WAITER_MS || (await sendUnsent(env))) return
  if (Date.now() - waiterSince < WAITER_MS) return
  waiterSince = Date.now()
  for (const ms of WAITS_MS) {
    await scheduler.wait(ms)
    if (await sendUnsent(env)) break
  }
  // What is left goes with the next request's.
  waiterSince = 0
}

/** Whether all are sent. */
async function sendUnsent(env: Env): Promise<boolean> {
  while (unsent.length > 0) {
    const batch = takeBatch()
    try {
      await send(env, batch)
    } catch (error) {
      console.error({ message: 'spans not sent yet', spans: batch.length, error: String(error) })
      unsent.unshift(...batch)
      keep([])
      return false
    }
  }
  return true
}

async function send(env: Env, batch: readonly Unsent[]): Promise<void> {
  const messages = messagesOf(batch).map((body) => ({ body }))
  try {
    await env.SPANS.sendBatch(messages)
  } catch {
    await scheduler.wait(RETRY_MS)
    await env.SPANS.sendBatch(messages)
  }
}

/** A message a project, or more where one would be too long. */
function messagesOf(batch: readonly Unsent[]): SpansMessage[] {
  const messages: SpansMessage[] = []
  for (const [project, own] of Map.groupBy(batch, ({ span }) => span.project)) {
    let bytes = Number.POSITIVE_INFINITY
    for (const one of own) {
      bytes += one.bytes
      if (bytes > MAX_MESSAGE_BYTES) {
        messages.push({ project, spans: [] })
        bytes = one.bytes
      }
      messages.at(-1)!.spans.push(one.span)
    }
  }
  return messages
}

/** Adds to what is to be sent, within what an isolate can hold. */
function keep(more: readonly Unsent[]): void {
  unsent.push(...more)
  let bytes = 0
  const tooOld = unsent.findLastIndex((one, i) => {
    bytes += one.bytes
    return unsent.length - i > MAX_KEPT || bytes > MAX_KEPT_BYTES
  })
  if (tooOld < 0) return
  console.error({ message: 'spans dropped', spans: tooOld + 1 })
  unsent = unsent.slice(tooOld + 1)
}

function takeBatch(): Unsent[] {
  let bytes = 0
  const over = unsent.findIndex((one, i) => {
    bytes += one.bytes
    return i > 0 && (i >= MAX_BATCH || bytes > MAX_BATCH_BYTES)
  })
  return unsent.splice(0, over === -1 ? unsent.length : over)
}

/** One that cannot be told is no reason to lose the others. */
function spanIfAny(facts: Facts): Unsent[] {
  const { traceId } = facts.call.context
  try {
    const span = spanOf(facts)
    const bytes = bytesOf(span)
    if (bytes <= MAX_MESSAGE_BYTES) return [{ span, bytes }]
    const brief = { ...span, messages: [], context: [], response: null, metadata: {}, attributes: {} }
    const left = bytesOf(brief)
    if (left <= MAX_MESSAGE_BYTES) return [{ span: brief, bytes: left }]
    throw new Error(`${left} bytes without its texts`)
  } catch (error) {
    console.error({ message: 'span lost', traceId, error: String(error) })
    return []
  }
}

function bytesOf(span: SpanMessage): number {
  return Buffer.byteLength(JSON.stringify(span))
}
