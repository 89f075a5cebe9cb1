import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { gunzipSync } from 'node:zlib'
import * as z from 'zod'
import { Example } from '../../domain/dataset/example.ts'
import { DatasetRow } from '../../domain/dataset/row.ts'
import { writeArtifact } from './artifact.ts'
import { type Hyperparameters, type Progress, TrainingDataError, type Trained, train } from './train.ts'

/** What the thread is started with: the job's shards as they were downloaded. */
export interface TrainerInput {
  shards: Uint8Array[]
  hyperparameters: Hyperparameters
}

export type TrainerMessage =
  | ({ type: 'progress' } & Progress)
  | { type: 'trained'; bytes: Uint8Array<ArrayBuffer>; sha256: string; metrics: Trained['metrics'] }
  | { type: 'refused'; message: string }

/** A row raw is at most 4 MB a shard by Sluice's layout; this bounds what a lying shard can unpack to. */
const MAX_SHARD_BYTES = 64_000_000

function readShard(shard: Uint8Array, number: number): Example[] {
  const lines = unpack(shard, number).split('\n')
  return lines.flatMap((line, at) => {
    if (line.trim() === '') return []
    try {
      return [Example.parse(DatasetRow.parse(JSON.parse(line)).data)]
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
      throw new TrainingDataError(`shard ${number}, line ${at + 1}: ${reason}`)
    }
  })
}

function unpack(shard: Uint8Array, number: number): string {
  try {
    return gunzipSync(shard, { maxOutputLength: MAX_SHARD_BYTES }).toString('utf8')
  } catch (error) {
    throw new TrainingDataError(`shard ${number} does not unpack: ${String(error)}`)
  }
}

function run({ shards, hyperparameters }: TrainerInput, post: (message: TrainerMessage) => void): void {
  try {
    const examples = shards.flatMap((shard, at) => readShard(shard, at + 1))
    const { model, metrics } = train(examples, hyperparameters, (progress) =>
      post({ type: 'progress', ...progress }),
    )
    const bytes = writeArtifact(model)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    post({ type: 'trained', bytes, sha256, metrics })
  } catch (error) {
    // Anything else ends the thread with its error, and the job fails as an internal fault.
    if (!(error instanceof TrainingDataError)) throw error
    post({ type: 'refused', message: error.message })
  }
}

const port = parentPort
if (port) run(workerData as TrainerInput, (message) => port.postMessage(message))
