import { getPath } from 'hono/utils/url'
import { sha256Hex } from '../domain/hash.ts'
import { app } from './api/app.ts'
import { runCron } from './cron.ts'
import { keepDeadLetter } from './dead-letters/keep.ts'
import type { Env } from './env.ts'
import { EvaluationMessage } from './evaluation/message.ts'
import { scoreChunk } from './evaluation/score-chunk.ts'
import { gateway } from './gateway/index.ts'
import { spansIn, storeSpans } from './ingest/spans.ts'
import { StageMessage } from './stages/message.ts'
import { runStage } from './stages/run-stage.ts'
import { ItemsMessage } from './tasks/message.ts'
import { workItems } from './tasks/work-items.ts'

export { EvaluationRun } from '../durable-objects/evaluation-run.ts'
export { GateLock } from '../durable-objects/gate-lock.ts'
export { MapRun } from '../durable-objects/map-run.ts'
export { RouteRegistry } from '../durable-objects/route-registry.ts'
export { SlotPool } from '../durable-objects/slot-pool.ts'
export { WorkflowRun } from '../durable-objects/workflow-run.ts'

/** Wait before a message that failed is delivered again; doubled each time. */
const RETRY_SECONDS = 1

/** Each message on its own: one that fails is tried again alone, and ends in the dead-letter queue. */
async function eachMessage(
  batch: MessageBatch,
  handle: (body: unknown, id: string) => Promise<void>,
): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      try {
        await handle(message.body, message.id)
        message.ack()
      } catch (error) {
        console.error({
          message: 'queue message failed',
          queue: batch.queue,
          id: message.id,
          error: String(error),
        })
        message.retry({ delaySeconds: RETRY_SECONDS * 2 ** (message.attempts - 1) })
      }
    }),
  )
}

/** Longest wait before a batch of spans is delivered again: 30 tries outlast an outage of two hours. */
const MAX_SPAN_RETRY_SECONDS = 300

/** A batch is one object: it is stored whole or delivered again. What is no span does not keep the others. */
async function spanBatch(batch: MessageBatch, env: Env): Promise<void> {
  const read = batch.messages.flatMap(({ body }) => spansIn(body))
  const spans = read.filter((span) => span !== undefined)
  if (spans.length < read.length) console.error({ message: 'not spans', of: read.length - spans.length })
  // Delivered again with other messages it is another object: rows point into the first one.
  const batchId = sha256Hex(
    batch.messages
      .map(({ id }) => id)
      .toSorted()
      .join(),
  )
  try {
    await storeSpans(env, batchId.slice(0, 32), spans)
  } catch (error) {
    console.error({ message: 'spans not stored yet', spans: spans.length, error: String(error) })
    const tries = Math.max(...batch.messages.map(({ attempts }) => attempts))
    batch.retryAll({
      delaySeconds: Math.min(RETRY_SECONDS * 2 ** (tries - 1), MAX_SPAN_RETRY_SECONDS),
    })
  }
}

export default {
  fetch(request, env, ctx) {
    return getPath(request).startsWith('/v1/') ? gateway(request, env, ctx) : app.fetch(request, env, ctx)
  },

  async queue(batch, env) {
    switch (batch.queue) {
      case 'sluice-stages':
        return eachMessage(batch, (body) => runStage(env, StageMessage.parse(body)))
      case 'sluice-evaluation':
        return eachMessage(batch, (body) => scoreChunk(env, EvaluationMessage.parse(body)))
      case 'sluice-items':
        return eachMessage(batch, (body) => workItems(env, ItemsMessage.parse(body)))
      case 'sluice-dead-letters':
        return eachMessage(batch, (body, id) => keepDeadLetter(env, id, body))
      case 'sluice-spans':
        return spanBatch(batch, env)
    }
  },

  async scheduled(controller, env) {
    await runCron(env, controller.cron, controller.scheduledTime)
  },
} satisfies ExportedHandler<Env>
