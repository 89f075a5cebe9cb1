import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Miniflare, convertV4MiniflareOptions } from 'miniflare'
import { quantile } from 'simple-statistics'

const BATCHES = 40
const BATCH_SIZE = 25

export interface Floor {
  /** Median milliseconds of a call to a Durable Object that inserts one row. */
  insertMs(): Promise<number>
  stop(): Promise<void>
}

/** The same workerd, with the same storage on disk, and a Worker that does nothing but the insert. */
export async function startFloor(): Promise<Floor> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-floor-'))
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      resourcePersistencePath: directory,
      workers: [
        {
          name: 'floor',
          modules: true,
          scriptPath: join(import.meta.dirname, 'floor-worker.js'),
          compatibilityDate: '2026-10-01',
          durableObjects: { FLOOR: { className: 'Floor', useSQLite: true } },
        },
      ],
    }),
  )
  await miniflare.ready
  return {
    async insertMs() {
      const url = `http://floor/?batches=${BATCHES}&size=${BATCH_SIZE}`
      const samples = (await (await miniflare.dispatchFetch(url)).json()) as number[]
      return quantile(samples, 0.5)
    },
    async stop() {
      await miniflare.dispose()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
