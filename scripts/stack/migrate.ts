import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Miniflare } from 'miniflare'

/** Applies the migrations that the local lineage database lacks, in the table that wrangler keeps of them too. */
export async function migrate(miniflare: Miniflare, directory: string): Promise<string[]> {
  const database = await miniflare.getD1Database('LINEAGE', 'sluice')
  await database.exec(
    'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
  )
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>()
  const applied = new Set(results.map(({ name }) => name))
  const missing = readdirSync(directory)
    .filter((file) => file.endsWith('.sql') && !applied.has(file))
    .toSorted()
  for (const file of missing) {
    const statements = readFileSync(join(directory, file), 'utf8').split('--> statement-breakpoint')
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(file),
    ])
  }
  return missing
}
