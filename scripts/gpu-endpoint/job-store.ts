import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { TrainingCallback, TrainingJob } from '../../domain/training/contract.ts'
import { sha256 } from './transfer.ts'

export const JOB_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type JobStatus = (typeof JOB_STATUSES)[number]

/** A job as it is kept over restarts. */
export const JobRecord = z.object({
  job: TrainingJob,
  status: z.enum(JOB_STATUSES),
  /** Order of arrival. */
  number: z.number().int(),
  /** The last callback, from when the job ended; `delivered` once the receiver has answered it. */
  outcome: TrainingCallback.optional(),
  delivered: z.boolean().default(false),
})
export type JobRecord = z.infer<typeof JobRecord>

export interface JobStore {
  all(): JobRecord[]
  save(record: JobRecord): void
}

/** One file a job in a directory. */
export function openJobStore(directory: string): JobStore {
  mkdirSync(directory, { recursive: true })
  return {
    all() {
      return readdirSync(directory)
        .filter((name) => name.endsWith('.json'))
        .map((name) => JobRecord.parse(JSON.parse(readFileSync(join(directory, name), 'utf8'))))
        .toSorted((a, b) => a.number - b.number)
    },
    save(record) {
      // A job id may hold any character; its hash is a safe file name.
      const name = `${sha256(new TextEncoder().encode(record.job.job_id)).slice(0, 32)}.json`
      writeWhole(join(directory, name), JSON.stringify(record, null, 2))
    },
  }
}

/** Readable by the owner alone, since a job holds its token; whole or not at all, since the process may be killed. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.tmp`, content, { mode: 0o600 })
  renameSync(`${path}.tmp`, path)
}
