import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { JobError } from './job-error.ts'
import type { Progress, Trained } from './train.ts'
import type { TrainerInput, TrainerMessage } from './trainer-thread.ts'

export interface Artifact {
  bytes: Uint8Array<ArrayBuffer>
  sha256: string
  metrics: Trained['metrics']
}

/** Trains in a thread of its own, so that the endpoint keeps answering. Aborting ends the thread at once. */
export function trainInThread(
  input: TrainerInput,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Artifact> {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL('./trainer-thread.ts', import.meta.url).href)
    const worker = new Worker(script, { workerData: input })
    const stop = () => void worker.terminate()
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    worker.on('message', (message: TrainerMessage) => {
      if (message.type === 'progress') onProgress(message)
      else if (message.type === 'trained') resolve(message)
      else reject(new JobError('invalid_training_data', message.message, false))
    })
    worker.on('error', (error) => reject(new JobError('training_crashed', error.message, true)))
    worker.on('exit', () => {
      signal.removeEventListener('abort', stop)
      reject(new JobError('training_stopped', 'the training thread ended without a model', true))
    })
  })
}
