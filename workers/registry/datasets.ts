import { Buffer } from 'node:buffer'
import type { DatasetManifest, Shard } from '../../domain/dataset/version.ts'
import { SHARD_MAX_BYTES, SHARD_MAX_ROWS, datasetVersion, rowHash } from '../../domain/dataset/version.ts'
import { MAX_ROW_BYTES, type DatasetRow } from '../../domain/dataset/row.ts'
import { canonicalJson, sha256Hex } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import { formatRef } from '../../domain/ref.ts'
import type { Env } from '../env.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { findArtifact, getArtifact, registerArtifact, type NewArtifact } from './artifacts.ts'
import { keys } from './keys.ts'
import { gzipNdjson, readNdjson } from './ndjson.ts'

/**
 * Writes a dataset version row by row, holding one shard in memory. Nothing is registered before `finish`; `abandon`
 * takes back what was stored, so that a bad row leaves no half version behind.
 */
export class DatasetWriter {
  readonly #env: Env
  readonly #project: string
  readonly #name: string
  readonly #writeId: string
  readonly #shardRows: number
  readonly #shards: Shard[] = []
  readonly #hashes: [id: string, hash: string][] = []
  readonly #ids = new Set<string>()
  readonly #cohorts: Record<string, number> = {}
  #lines: string[] = []
  #bytes = 0
  #isSubmitted = false

  constructor(env: Env, project: string, name: string, shardRows = SHARD_MAX_ROWS) {
    this.#env = env
    this.#project = project
    this.#name = name
    this.#writeId = crypto.randomUUID()
    this.#shardRows = shardRows
  }

  get rows(): number {
    return this.#hashes.length
  }

  async add(row: DatasetRow): Promise<void> {
    const number = this.#hashes.length + 1
    if (this.#ids.has(row.id)) {
      throw new ProblemError('row.invalid', `Row ${number}: the id ${row.id} stands twice`, {
        row: number,
        field: 'id',
      })
    }
    const line = canonicalJson(row)
    const bytes = Buffer.byteLength(line)
    if (bytes > MAX_ROW_BYTES) {
      throw new ProblemError(
        'row.invalid',
        `Row ${number}: ${bytes} bytes are more than the limit of ${MAX_ROW_BYTES} a row`,
        { row: number, limit: MAX_ROW_BYTES },
      )
    }
    if (this.#lines.length >= this.#shardRows || this.#bytes + bytes > SHARD_MAX_BYTES) await this.#flush()
    this.#ids.add(row.id)
    this.#hashes.push([row.id, rowHash(row)])
    const cohort = row.cohort ?? 'none'
    this.#cohorts[cohort] = (this.#cohorts[cohort] ?? 0) + 1
    this.#lines.push(line)
    this.#bytes += bytes
  }

  /** Registers the version and answers its ref. Content that is there already keeps its shards. */
  async finish(
    made: Pick<NewArtifact, 'codeSha' | 'createdBy' | 'at' | 'madeBy'>,
  ): Promise<{ ref: string; manifest: DatasetManifest }> {
    if (this.#hashes.length === 0) {
      throw new ProblemError('dataset.empty', `The dataset ${this.#name} has no rows: at least one is needed`)
    }
    await this.#flush()
    const manifest: DatasetManifest = { rows: this.rows, cohorts: this.#cohorts, shards: this.#shards }
    const version = datasetVersion(this.#hashes)
    const db = lineage(this.#env.LINEAGE)
    const known = await findArtifact(db, this.#project, formatRef('dataset', this.#name, version))
    if (known) await this.#deleteShards()
    this.#isSubmitted = true
    const kept = known ? (known.manifest as unknown as DatasetManifest) : manifest
    const ref = await registerArtifact(db, {
      project: this.#project,
      kind: 'dataset',
      name: this.#name,
      version,
      manifest: kept as unknown as Json,
      ...made,
    })
    return { ref, manifest: kept }
  }

  /** Takes back what was stored. What may be registered stays: the answer to a registration can be lost, and it stands. */
  async abandon(): Promise<void> {
    if (!this.#isSubmitted) await this.#deleteShards()
  }

  async #deleteShards(): Promise<void> {
    if (this.#shards.length > 0) await this.#env.ARTIFACTS.delete(this.#shards.map(({ key }) => key))
  }

  async #flush(): Promise<void> {
    if (this.#lines.length === 0) return
    const bytes = await gzipNdjson(this.#lines)
    const key = keys.datasetShard(this.#project, this.#name, this.#writeId, this.#shards.length)
    await this.#env.ARTIFACTS.put(key, bytes)
    this.#shards.push({ key, sha256: sha256Hex(bytes), rows: this.#lines.length, bytes: bytes.length })
    this.#lines = []
    this.#bytes = 0
  }
}

export async function datasetManifest(db: Lineage, project: string, ref: string): Promise<DatasetManifest> {
  return (await getArtifact(db, project, ref)).manifest as unknown as DatasetManifest
}

/** Every row of a dataset version, a shard in memory at a time, each shard checked against its hash. */
export async function* readDataset(env: Env, manifest: DatasetManifest): AsyncGenerator<DatasetRow> {
  for (const { key, sha256 } of manifest.shards)
    yield* await readNdjson<DatasetRow>(env.ARTIFACTS, key, sha256)
}
