import type { TrainingCallback, TrainingJob } from '../../domain/training/contract.ts'
import type { AdapterStore } from './adapter-store.ts'
import type { CallbackSender } from './callbacks.ts'
import { startHeartbeat } from './heartbeat.ts'
import { JobError } from './job-error.ts'
import type { JobRecord, JobStatus, JobStore } from './job-store.ts'
import type { Replicas } from './replicas.ts'
import { trainInThread } from './trainer.ts'
import { downloadShards, uploadArtifact } from './transfer.ts'

export interface JobView {
  job_id: string
  status: JobStatus
  progress: number
  message: string
  error?: { code: string; message: string }
  /** False while the last callback has not reached its receiver. */
  delivered: boolean
}

export interface Jobs {
  /** The same `job_id` again is the same job. */
  submit(job: TrainingJob): JobView
  get(job_id: string): JobView | undefined
  /** Ends a job that has not ended. Tells nobody: who cancels knows. */
  cancel(job_id: string): JobView | undefined
  /** How many are queued or running. */
  open(): number
  /** Starts what a previous process left: unfinished jobs from their start, undelivered outcomes again. */
  resume(): void
  close(): void
}

export interface JobsOptions {
  store: JobStore
  adapters: AdapterStore
  replicas: Replicas
  callbacks: CallbackSender
  hardware: string
  /** Milliseconds of a clock that only goes forward. */
  clock: () => number
  log: (line: string) => void
}

interface Live {
  record: JobRecord
  abort: AbortController
  progress: number
  message: string
}

export function createJobs(options: JobsOptions): Jobs {
  const { store, callbacks, log } = options
  const jobs = new Map<string, Live>(store.all().map((record) => [record.job.job_id, live(record)]))
  // One job at a time: training fills a core, and the machine has others to do the serving.
  let queue: Promise<void> = Promise.resolve()

  const update = (one: Live, change: Partial<JobRecord>) => {
    one.record = { ...one.record, ...change }
    store.save(one.record)
  }
  const enqueue = (one: Live) => {
    const stopHeartbeat = startHeartbeat(one.record.job, () => one, callbacks, one.abort.signal, log)
    queue = queue.then(async () => {
      if (one.abort.signal.aborted) return
      update(one, { status: 'running' })
      const outcome = await work(one, options)
      stopHeartbeat()
      // Cancelled, or this process is closing: a restart begins the job again.
      if (one.abort.signal.aborted) return
      update(one, { status: outcome.type === 'training.succeeded' ? 'succeeded' : 'failed', outcome })
      log(`job ${one.record.job.job_id} ${one.record.status}`)
      void deliver(one)
    })
  }
  const deliver = async (one: Live) => {
    const { job, outcome } = one.record
    if (!outcome) return
    try {
      const status = await callbacks.send(job, outcome, 'outcome', { signal: one.abort.signal })
      if (status >= 500) throw new Error(`status ${status}`)
      if (status >= 300) log(`job ${job.job_id}: its outcome was refused with status ${status}`)
      update(one, { delivered: true })
    } catch (error) {
      if (!one.abort.signal.aborted)
        log(`job ${job.job_id}: its outcome could not be delivered: ${String(error)}`)
    }
  }

  return {
    submit(job) {
      const known = jobs.get(job.job_id)
      if (known) return viewOf(known)
      const one = live({ job, status: 'queued', number: jobs.size, delivered: false })
      jobs.set(job.job_id, one)
      store.save(one.record)
      enqueue(one)
      return viewOf(one)
    },
    get(job_id) {
      const one = jobs.get(job_id)
      return one && viewOf(one)
    },
    cancel(job_id) {
      const one = jobs.get(job_id)
      if (one && isOpen(one)) {
        one.abort.abort()
        update(one, { status: 'cancelled' })
        log(`job ${job_id} cancelled`)
      }
      return one && viewOf(one)
    },
    open: () => [...jobs.values()].filter(isOpen).length,
    resume() {
      for (const one of jobs.values()) {
        if (isOpen(one)) enqueue(one)
        else if (one.record.outcome && !one.record.delivered) void deliver(one)
      }
    },
    close() {
      for (const one of jobs.values()) one.abort.abort()
    },
  }
}

/** Does a job from its start to its outcome. Never rejects. */
async function work(
  one: Live,
  { adapters, replicas, hardware, clock }: JobsOptions,
): Promise<TrainingCallback> {
  const { job } = one.record
  const { signal } = one.abort
  const started = clock()
  try {
    one.message = 'downloading the dataset'
    const shards = await downloadShards(job, signal)
    one.message = 'reading the rows'
    const input = { shards, hyperparameters: job.hyperparameters }
    const artifact = await trainInThread(
      input,
      ({ epoch, epochs, loss }) => {
        one.progress = epoch / epochs
        one.message = `epoch ${epoch} of ${epochs}, loss ${loss.toFixed(4)}`
      },
      signal,
    )
    one.message = 'uploading the adapter'
    await uploadArtifact(job, artifact.bytes, artifact.sha256, signal)
    adapters.save(artifact.sha256, artifact.bytes)
    one.message = 'starting its replica'
    const model = `${job.model}-${artifact.sha256.slice(0, 12)}`
    const replica = await replicas.serve(model, artifact.sha256).catch((error: Error) => {
      throw new JobError('serving_failed', error.message, true)
    })
    one.message = 'done'
    return {
      type: 'training.succeeded',
      job_id: job.job_id,
      artifact: { sha256: artifact.sha256, bytes: artifact.bytes.length, format: 'safetensors' },
      serving: { base_url: replica.url, model },
      metrics: artifact.metrics,
      hardware,
      seconds: (clock() - started) / 1000,
    }
  } catch (error) {
    const { code, message, retryable } =
      error instanceof JobError ? error : new JobError('internal', String(error), true)
    one.message = message
    return {
      type: 'training.failed',
      job_id: job.job_id,
      error: { code, message: message.slice(0, 2000), retryable },
    }
  }
}

function live(record: JobRecord): Live {
  const ended = record.status === 'succeeded'
  return { record, abort: new AbortController(), progress: ended ? 1 : 0, message: record.status }
}

function isOpen({ record }: Live): boolean {
  return record.status === 'queued' || record.status === 'running'
}

function viewOf({ record, progress, message }: Live): JobView {
  const { job, status, outcome, delivered } = record
  const error = outcome?.type === 'training.failed' ? outcome.error : undefined
  return { job_id: job.job_id, status, progress, message, delivered, ...(error ? { error } : {}) }
}
