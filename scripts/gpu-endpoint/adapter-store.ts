import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from './job-store.ts'

/** The adapters that this endpoint has made, by the sha256 of their files. */
export interface AdapterStore {
  save(sha256: string, bytes: Uint8Array): void
  /** Undefined for an adapter that the endpoint does not have. */
  path(sha256: string): string | undefined
}

export function openAdapterStore(directory: string): AdapterStore {
  mkdirSync(directory, { recursive: true })
  const pathOf = (sha256: string) => join(directory, `${sha256}.safetensors`)
  return {
    save: (sha256, bytes) => writeWhole(pathOf(sha256), bytes),
    path: (sha256) =>
      /^[0-9a-f]{64}$/.test(sha256) && existsSync(pathOf(sha256)) ? pathOf(sha256) : undefined,
  }
}
