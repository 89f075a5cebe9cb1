import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TrainingJob } from '../../domain/training/contract.ts'
import { JobError } from './job-error.ts'

/** Sluice may be restarting: waits between tries, in ms. Together half a minute. */
export const BACKOFF_MS = [250, 500, 1000, 2000, 4000, 8000, 15_000]
/** A try that hangs is a failed try. */
const TRY_TIMEOUT_MS = 30_000

/**
 * `fetch` that tries again after network errors, 429 and 5xx. Returns the last response, whatever its status.
 * @throws the last network error, or the signal's reason when aborted.
 */
export async function fetchWithRetry(
  url: string,
  init: () => RequestInit,
  signal: AbortSignal,
  backoff: readonly number[] = BACKOFF_MS,
): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const wait = backoff[attempt]
    try {
      const tried = AbortSignal.any([signal, AbortSignal.timeout(TRY_TIMEOUT_MS)])
      const response = await fetch(url, { ...init(), signal: tried })
      if (wait === undefined || (response.status < 500 && response.status !== 429)) return response
      await response.body?.cancel()
    } catch (error) {
      if (signal.aborted || wait === undefined) throw error
    }
    await sleep(wait, undefined, { signal })
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The job's shards, each checked against its hash. */
export async function downloadShards(job: TrainingJob, signal: AbortSignal): Promise<Uint8Array[]> {
  const shards: Uint8Array[] = []
  for (const [at, shard] of job.dataset.shards.entries()) {
    const bytes = await download(shard.url, `shard ${at + 1}`, job.token, signal)
    const actual = sha256(bytes)
    if (actual !== shard.sha256)
      throw new JobError(
        'shard_hash_mismatch',
        `shard ${at + 1} has sha256 ${actual}, the job says ${shard.sha256}`,
        false,
      )
    shards.push(bytes)
  }
  return shards
}

async function download(url: string, what: string, token: string, signal: AbortSignal): Promise<Uint8Array> {
  // Asked for without content coding: fetch would unpack `content-encoding: gzip`, and the hash is of the packed bytes.
  const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'identity' }
  const response = await reached(
    fetchWithRetry(url, () => ({ headers }), signal),
    'download_failed',
    what,
  )
  if (!response.ok)
    throw new JobError('download_failed', `${what}: status ${response.status}`, response.status >= 500)
  return new Uint8Array(await reached(response.arrayBuffer(), 'download_failed', what))
}

export async function uploadArtifact(
  { artifact, token }: TrainingJob,
  bytes: Uint8Array<ArrayBuffer>,
  hash: string,
  signal: AbortSignal,
): Promise<void> {
  if (bytes.length > artifact.max_bytes)
    throw new JobError(
      'artifact_too_large',
      `the adapter has ${bytes.length} bytes, max_bytes is ${artifact.max_bytes}`,
      false,
    )
  const init = () => ({
    method: 'PUT',
    body: bytes,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
      'x-content-sha256': hash,
    },
  })
  const response = await reached(
    fetchWithRetry(artifact.upload_url, init, signal),
    'upload_failed',
    'the artifact',
  )
  const text = (await response.text()).slice(0, 500)
  if (!response.ok)
    throw new JobError(
      'upload_failed',
      `the artifact was refused: ${response.status} ${text}`,
      response.status >= 500,
    )
}

async function reached<T>(work: Promise<T>, code: string, what: string): Promise<T> {
  try {
    return await work
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
    throw new JobError(code, `${what}: ${String(error)}${cause}`, true)
  }
}
