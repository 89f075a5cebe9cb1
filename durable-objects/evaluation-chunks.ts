import type { ChunkResult } from '../domain/evaluation/chunk-result.ts'
import type { EvaluationChunk } from '../domain/evaluation/spec.ts'
import { rowsOf } from '../domain/evaluation/spec.ts'
import { REDELIVER_MS } from './run-delivery.ts'

/** A chunk that failed is sent again later and later, up to a wait of so many times `REDELIVER_MS`. */
const MAX_BACKOFF = 20

/**
 * The chunks of an evaluation: which are out, who works on them, and what each came to. `due_at` is when a chunk is to be
 * sent (again), null once it is done; `held_until` is the lease of whoever works on it.
 */
export class EvaluationChunks {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(`
      CREATE TABLE IF NOT EXISTS chunks (
        chunk INTEGER PRIMARY KEY, work TEXT NOT NULL, planned INTEGER NOT NULL, due_at INTEGER, held_until INTEGER,
        failures INTEGER NOT NULL DEFAULT 0, result TEXT);
      CREATE INDEX IF NOT EXISTS chunks_by_due ON chunks (due_at, chunk) WHERE due_at IS NOT NULL;
      CREATE TABLE IF NOT EXISTS answered_rows (hash TEXT PRIMARY KEY, chunk INTEGER NOT NULL) WITHOUT ROWID;
    `)
  }

  add(chunks: readonly EvaluationChunk[]): void {
    chunks.forEach((chunk, index) =>
      this.#sql.exec(
        'INSERT INTO chunks (chunk, work, planned, due_at) VALUES (?, ?, ?, 0)',
        index,
        JSON.stringify(chunk),
        rowsOf(chunk),
      ),
    )
  }

  /** What to do for a chunk, and from now on the caller's; nothing when it is done or somebody else works on it. */
  take(chunk: number, now: number): EvaluationChunk | undefined {
    const [row] = this.#sql
      .exec<{ work: string }>(
        `UPDATE chunks SET held_until = ?1, due_at = ?1
         WHERE chunk = ?2 AND due_at IS NOT NULL AND coalesce(held_until, 0) <= ?3 RETURNING work`,
        now + REDELIVER_MS,
        chunk,
        now,
      )
      .toArray()
    return row && (JSON.parse(row.work) as EvaluationChunk)
  }

  extend(chunk: number, now: number): void {
    this.#sql.exec(
      'UPDATE chunks SET held_until = ?1, due_at = ?1 WHERE chunk = ?2 AND due_at IS NOT NULL',
      now + REDELIVER_MS,
      chunk,
    )
  }

  /** Its message was taken and nothing came of it: it is due again at once. */
  putBack(chunks: readonly number[]): void {
    this.#sql.exec(
      'UPDATE chunks SET due_at = 0 WHERE due_at IS NOT NULL AND chunk IN (SELECT value FROM json_each(?))',
      JSON.stringify(chunks),
    )
  }

  /** Whoever worked on it failed: it is due again after a while, a longer one each time. */
  failed(chunk: number, now: number): void {
    this.#sql.exec(
      `UPDATE chunks SET held_until = NULL, failures = failures + 1,
         due_at = ?1 + ?2 * min(?3, 1 << min(failures, 10)) WHERE chunk = ?4 AND due_at IS NOT NULL`,
      now,
      REDELIVER_MS,
      MAX_BACKOFF,
      chunk,
    )
  }

  /** True for the first result of a chunk, which is the one that counts. */
  finish(chunk: number, { answered, ...result }: ChunkResult): boolean {
    const { rowsWritten } = this.#sql.exec(
      'UPDATE chunks SET result = ?, due_at = NULL, held_until = NULL WHERE chunk = ? AND due_at IS NOT NULL',
      JSON.stringify(result),
      chunk,
    )
    if (rowsWritten === 0) return false
    if (answered.length > 0)
      this.#sql.exec(
        'INSERT OR IGNORE INTO answered_rows (hash, chunk) SELECT value, ? FROM json_each(?)',
        chunk,
        JSON.stringify(answered),
      )
    return true
  }

  /** Chunks to send now: those of which nothing was heard for too long, before those that were never sent. */
  due(now: number, limit: number): number[] {
    const lost = this.#select('due_at > 0 AND due_at <= ?1', now, limit)
    return [...lost, ...this.#select('due_at = 0 AND ?1 > 0', now, limit - lost.length)]
  }

  #select(condition: string, now: number, limit: number): number[] {
    return this.#sql
      .exec<{ chunk: number }>(
        `SELECT chunk FROM chunks WHERE ${condition} ORDER BY due_at, chunk LIMIT ?2`,
        now,
        Math.max(0, limit),
      )
      .toArray()
      .map(({ chunk }) => chunk)
  }

  sent(chunks: readonly number[], now: number): void {
    this.#sql.exec(
      'UPDATE chunks SET due_at = ? WHERE due_at IS NOT NULL AND chunk IN (SELECT value FROM json_each(?))',
      now + REDELIVER_MS,
      JSON.stringify(chunks),
    )
  }

  /** Chunks that are on their way, or worked on. */
  out(now: number): number {
    return this.#sql.exec<{ n: number }>('SELECT count(*) AS n FROM chunks WHERE due_at > ?', now).one().n
  }

  planned(): { chunks: number; rows: number } {
    return this.#sql
      .exec<{ chunks: number; rows: number }>(
        'SELECT count(*) AS chunks, coalesce(sum(planned), 0) AS rows FROM chunks',
      )
      .one()
  }

  /** What the chunks that are done came to, in their order, one in memory at a time. */
  *results(): Generator<Omit<ChunkResult, 'answered'>> {
    const rows = this.#sql.exec<{ result: string }>(
      'SELECT result FROM chunks WHERE result IS NOT NULL ORDER BY chunk',
    )
    for (const { result } of rows) yield JSON.parse(result) as Omit<ChunkResult, 'answered'>
  }

  /** The chunks that hold the answers of these rows, by short hash. */
  chunksOf(hashes: readonly string[]): Record<string, number> {
    const rows = this.#sql.exec<{ hash: string; chunk: number }>(
      'SELECT hash, chunk FROM answered_rows WHERE hash IN (SELECT value FROM json_each(?))',
      JSON.stringify(hashes),
    )
    return Object.fromEntries(rows.toArray().map(({ hash, chunk }) => [hash, chunk]))
  }
}
