import type { DatasetManifest } from '../../domain/dataset/version.ts'
import { hash52 } from '../../domain/hash.ts'
import { parseRef } from '../../domain/ref.ts'
import type { Env } from '../env.ts'
import { readDataset } from './datasets.ts'
import { keys } from './keys.ts'

/** Where a row lies: its shard, and its place in it. */
export interface RowPlace {
  shard: number
  at: number
}

/**
 * An index of a dataset version, as one object: for each of 256 buckets of hashed row ids where it begins (and the end), then
 * entries of hash and row number. Looking a row up reads two short ranges of it, however large the dataset.
 */
const BUCKETS = 256
const OFFSET_BYTES = 4
const HEADER_BYTES = (BUCKETS + 1) * OFFSET_BYTES
/** A 64-bit float, which holds the 52 bits of a hash exactly, and a 32-bit row number. */
const ENTRY_BYTES = 12

/** Where a row lies in a dataset version; undefined when it has no such row. The first look-up writes the index. */
export async function findRow(
  env: Env,
  project: string,
  ref: string,
  manifest: DatasetManifest,
  rowId: string,
): Promise<RowPlace | undefined> {
  const { name, version } = parseRef(ref)
  const key = keys.rowIndex(project, name, version)
  const hash = hash52(rowId)
  const bucket = bucketOf(hash)
  const range = (offset: number, length: number) => env.ARTIFACTS.get(key, { range: { offset, length } })
  let bounds = await range(bucket * OFFSET_BYTES, 2 * OFFSET_BYTES)
  if (!bounds) {
    await env.ARTIFACTS.put(key, await indexOf(env, manifest))
    bounds = await range(bucket * OFFSET_BYTES, 2 * OFFSET_BYTES)
  }
  const edges = new DataView(await bounds!.arrayBuffer())
  const [from, to] = [edges.getUint32(0), edges.getUint32(OFFSET_BYTES)]
  if (from === to) return undefined
  const entries = await range(HEADER_BYTES + from * ENTRY_BYTES, (to - from) * ENTRY_BYTES)
  const view = new DataView(await entries!.arrayBuffer())
  for (let offset = 0; offset < view.byteLength; offset += ENTRY_BYTES)
    if (view.getFloat64(offset) === hash) return placeOf(manifest, view.getUint32(offset + 8))
  return undefined
}

async function indexOf(env: Env, manifest: DatasetManifest): Promise<ArrayBuffer> {
  const hashes = new Float64Array(manifest.rows)
  let rows = 0
  for await (const { id } of readDataset(env, manifest)) hashes[rows++] = hash52(id)
  const order = new Uint32Array(rows).map((_, row) => row).toSorted((a, b) => hashes[a]! - hashes[b]!)
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + rows * ENTRY_BYTES))
  let bucket = 0
  for (const [place, row] of order.entries()) {
    for (; bucket <= bucketOf(hashes[row]!); bucket++) view.setUint32(bucket * OFFSET_BYTES, place)
    view.setFloat64(HEADER_BYTES + place * ENTRY_BYTES, hashes[row]!)
    view.setUint32(HEADER_BYTES + place * ENTRY_BYTES + 8, row)
  }
  for (; bucket <= BUCKETS; bucket++) view.setUint32(bucket * OFFSET_BYTES, rows)
  return view.buffer
}

/** The first 8 of 52 bits. */
function bucketOf(hash: number): number {
  return Math.floor(hash / 2 ** 44)
}

function placeOf({ shards }: DatasetManifest, row: number): RowPlace {
  let at = row
  let shard = 0
  for (; at >= shards[shard]!.rows; shard++) at -= shards[shard]!.rows
  return { shard, at }
}
