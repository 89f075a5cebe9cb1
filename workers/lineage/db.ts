import { drizzle } from 'drizzle-orm/d1'
import * as schema from './schema.ts'

export type Lineage = ReturnType<typeof lineage>

/** The lineage database. `batch` is for writes only: it maps joined columns wrongly (drizzle-orm issue 6038). */
export function lineage(binding: D1Database) {
  return drizzle(binding, { schema })
}

/** D1 takes at most 100 bound parameters a statement: inserts of many rows go in chunks of this many rows. */
export function rowsAStatement(columns: number): number {
  return Math.max(1, Math.floor(100 / columns))
}

export function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = []
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size))
  return chunks
}
