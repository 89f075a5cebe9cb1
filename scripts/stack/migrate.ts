import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Miniflare } from 'miniflare'

/**
 * Applies the migrations that the local lineage database lacks, in the table that wrangler keeps of them too. The file
 * `memory` holds the names of those that are applied: asking the database takes the time of a start, and blocks this
 * process.
 */
export async function migrate(miniflare: Miniflare, directory: string, memory: string): Promise<string[]> {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.sql'))
    .toSorted()
  if (existsSync(memory) && readFileSync(memory, 'utf8') === JSON.stringify(files)) return []
  const database = await miniflare.getD1Database('LINEAGE', 'sluice')
  await database.exec(
    'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
  )
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>()
  const applied = new Set(results.map(({ name }) => name))
  const missing = files.filter((file) => !applied.has(file))
  for (const file of missing) {
    const statements = readFileSync(join(directory, file), 'utf8').split('--> statement-breakpoint')
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(file),
    ])
  }
  writeFileSync(memory, JSON.stringify(files))
  return missing
}
