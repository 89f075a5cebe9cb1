import { Webhook } from 'standardwebhooks'
import type { TaskCallback } from '../../domain/task/contract.ts'
import type { TrainingCallback } from '../../domain/training/contract.ts'
import { fetchWithRetry, sha256 } from './transfer.ts'

/** Where the callbacks of a job or task go. */
export interface CallbackTarget {
  callback_url: string
  token: string
}

export interface CallbackSender {
  /**
   * Delivers one callback. `key` names it within its job or task: every try, and every delivery after a restart, has the same
   * `webhook-id`. Resolves to the receiver's status; rejects when it stays unreachable.
   */
  send(
    target: CallbackTarget,
    callback: TrainingCallback | TaskCallback,
    key: string,
    options: { signal: AbortSignal; backoff?: readonly number[] },
  ): Promise<number>
}

export function createCallbackSender(secret: string, now: () => Date): CallbackSender {
  const webhook = new Webhook(secret)
  return {
    async send({ callback_url, token }, callback, key, { signal, backoff }) {
      const subject = 'job_id' in callback ? callback.job_id : callback.task_id
      const id = `msg_${sha256(new TextEncoder().encode(`${subject}\n${key}`)).slice(0, 24)}`
      const body = JSON.stringify(callback)
      // Signed anew for each try: receivers refuse a timestamp that is minutes old.
      const init = () => {
        const timestamp = now()
        return {
          method: 'POST',
          body,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'webhook-id': id,
            'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
            'webhook-signature': webhook.sign(id, timestamp, body),
          },
        }
      }
      const response = await fetchWithRetry(callback_url, init, signal, backoff)
      await response.body?.cancel()
      return response.status
    },
  }
}
