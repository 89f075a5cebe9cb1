import { drawMs, step, strikes } from './dice.ts'

/** A repeated message comes again this long after the first time, at most. */
const MAX_LATE_MS = 2_000

/** A batch whose messages may come again although they were handled. */
export function shakenBatch(env: object, batch: MessageBatch): MessageBatch {
  step()
  return withMessages(batch, (message) => ({
    ack: () => {
      if (strikes(env, 'queue.redelivered', ({ redelivered }) => redelivered))
        message.retry({ delaySeconds: 0 })
      else message.ack()
    },
    retry: (options) => message.retry(options),
  }))
}

/** Handles a batch a second time, late: what becomes of it the queue never learns. */
export async function repeatBatch(
  env: object,
  batch: MessageBatch,
  handle: (batch: MessageBatch) => Promise<void>,
): Promise<void> {
  if (!strikes(env, 'queue.repeated', ({ repeated }) => repeated)) return
  await new Promise((resolve) => setTimeout(resolve, drawMs(MAX_LATE_MS)))
  await handle(withMessages(batch, () => ({ ack: () => undefined, retry: () => undefined })))
}

function withMessages(
  batch: MessageBatch,
  outcome: (message: Message) => Pick<Message, 'ack' | 'retry'>,
): MessageBatch {
  const messages = batch.messages.map((message) => {
    const { id, timestamp, body, attempts } = message
    return { id, timestamp, body, attempts, ...outcome(message) }
  })
  return { ...batch, queue: batch.queue, messages, ackAll: () => undefined, retryAll: () => undefined }
}
