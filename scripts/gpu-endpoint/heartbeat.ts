import type { TrainingJob } from '../../domain/training/contract.ts'
import type { CallbackSender } from './callbacks.ts'

/**
 * Tells a job's progress at once and then every `heartbeat_seconds`, until the returned function is called or the job
 * is aborted. A heartbeat that does not get through is not repeated: the next one says more.
 */
export function startHeartbeat(
  job: TrainingJob,
  state: () => { progress: number; message: string },
  callbacks: CallbackSender,
  signal: AbortSignal,
  log: (line: string) => void,
): () => void {
  const stop = new AbortController()
  const ended = AbortSignal.any([signal, stop.signal])
  let number = 0
  let sending = false
  const beat = async () => {
    if (sending || ended.aborted) return
    sending = true
    const { progress, message } = state()
    try {
      await callbacks.send(
        job,
        { type: 'training.heartbeat', job_id: job.job_id, progress, message: message.slice(0, 2000) },
        `heartbeat ${number++}`,
        { signal: ended, backoff: [] },
      )
    } catch (error) {
      if (!ended.aborted) log(`job ${job.job_id}: a heartbeat got lost: ${String(error)}`)
    } finally {
      sending = false
    }
  }
  const timer = setInterval(() => void beat(), job.heartbeat_seconds * 1000)
  ended.addEventListener('abort', () => clearInterval(timer), { once: true })
  void beat()
  return () => stop.abort()
}
