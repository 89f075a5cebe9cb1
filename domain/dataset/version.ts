import { contentHash, sha256Hex } from '../hash.ts'
import type { DatasetRow } from './row.ts'

/** One shard of a dataset version in object storage. */
export interface Shard {
  key: string
  /** Of the gzip bytes. */
  sha256: string
  rows: number
  bytes: number
}

export interface DatasetManifest {
  rows: number
  cohorts: Record<string, number>
  shards: Shard[]
}

/** Rows in one shard at most, and its size before compression. */
export const SHARD_MAX_ROWS = 1000
export const SHARD_MAX_BYTES = 4_000_000

export function rowHash(row: DatasetRow): string {
  return contentHash({ cohort: row.cohort ?? null, data: row.data })
}

/** Identity of a dataset's content: the order of rows and the cut into shards play no part. */
export function datasetVersion(rows: readonly (readonly [id: string, hash: string])[]): string {
  // Ids are quoted, so that no id can look like the end of one row and the start of another.
  const lines = rows.map(([id, hash]) => `${JSON.stringify(id)}\t${hash}`).toSorted()
  return sha256Hex(lines.join('\n'))
}
