import type { Json } from '../domain/json.ts'
import type { Failure } from '../domain/run/state.ts'
import type { ItemAttempt, TaskItem } from '../domain/task/result.ts'

export interface ItemCounts {
  [column: string]: number
  items: number
  done: number
  failed: number
}

/**
 * Items of a mapped stage: `open` until a result comes, then `done` or `failed`. `due_at` is when an open item is sent
 * (again); it is null once an endpoint has taken it and will call back.
 */
export class ItemStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS item (
        item INTEGER PRIMARY KEY, value TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open', due_at INTEGER DEFAULT 0,
        sends INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 1, result TEXT);
      CREATE INDEX IF NOT EXISTS item_due ON item (state, due_at);
    `)
  }

  add(index: number, value: Json): void {
    this.#sql.exec('INSERT INTO item (item, value) VALUES (?, ?)', index, JSON.stringify(value))
  }

  open(indices: readonly number[]): TaskItem[] {
    return this.#sql
      .exec<{ item: number; value: string; attempts: number }>(
        `SELECT item, value, attempts FROM item
         WHERE state = 'open' AND item IN (SELECT value FROM json_each(?)) ORDER BY item`,
        JSON.stringify(indices),
      )
      .toArray()
      .map(({ item, value, attempts }) => ({
        index: item,
        value: JSON.parse(value) as Json,
        attempt: attempts,
      }))
  }

  /** Number of items that were sent and have no result: with a consumer, or with an endpoint that will call back. */
  outCount(now: number): number {
    return this.#sql
      .exec<{ n: number }>(
        `SELECT count(*) AS n FROM item WHERE state = 'open' AND sends > 0 AND (due_at IS NULL OR due_at > ?)`,
        now,
      )
      .one().n
  }

  due(now: number, limit: number): number[] {
    return this.#sql
      .exec<{ item: number }>(
        `SELECT item FROM item WHERE state = 'open' AND due_at <= ? ORDER BY due_at, item LIMIT ?`,
        now,
        limit,
      )
      .toArray()
      .map(({ item }) => item)
  }

  sent(indices: readonly number[], dueAt: number): void {
    this.#sql.exec(
      'UPDATE item SET sends = sends + 1, due_at = ? WHERE item IN (SELECT value FROM json_each(?))',
      dueAt,
      JSON.stringify(indices),
    )
  }

  accept(index: number): void {
    this.#sql.exec(`UPDATE item SET due_at = NULL WHERE item = ? AND state = 'open'`, index)
  }

  /** Items that an endpoint may be working on. */
  underWay(): ItemAttempt[] {
    return this.#sql
      .exec<{ item: number; attempts: number }>(
        `SELECT item, attempts FROM item WHERE state = 'open' AND sends > 0`,
      )
      .toArray()
      .map(({ item, attempts }) => ({ index: item, attempt: attempts }))
  }

  postpone(indices: readonly number[], dueAt: number): void {
    this.#sql.exec(
      `UPDATE item SET due_at = ? WHERE state = 'open' AND due_at IS NOT NULL AND sends > 0
       AND item IN (SELECT value FROM json_each(?))`,
      dueAt,
      JSON.stringify(indices),
    )
  }

  succeed(index: number, outputs: Record<string, Json>): void {
    this.#finish(index, 'done', outputs)
  }

  fail(index: number, error: Failure): void {
    this.#finish(index, 'failed', error)
  }

  retry(index: number, dueAt: number): void {
    this.#sql.exec(
      `UPDATE item SET attempts = attempts + 1, sends = 0, due_at = ? WHERE item = ? AND state = 'open'`,
      Math.ceil(dueAt),
      index,
    )
  }

  attempts(index: number): number {
    return this.#sql.exec<{ n: number }>('SELECT attempts AS n FROM item WHERE item = ?', index).one().n
  }

  counts(): ItemCounts {
    return this.#sql
      .exec<ItemCounts>(
        `SELECT count(*) AS items, count(*) FILTER (WHERE state = 'done') AS done,
           count(*) FILTER (WHERE state = 'failed') AS failed FROM item`,
      )
      .one()
  }

  firstFailure(): { index: number; error: Failure } | undefined {
    const [row] = this.#sql
      .exec<{ item: number; result: string }>(
        `SELECT item, result FROM item WHERE state = 'failed' ORDER BY item LIMIT 1`,
      )
      .toArray()
    return row && { index: row.item, error: JSON.parse(row.result) as Failure }
  }

  /** When the next item is to be sent, if one waits for that; or sent again, of those that were sent. */
  nextDue(sentOnly: boolean): number | undefined {
    const { due } = this.#sql
      .exec<{ due: number | null }>(
        `SELECT min(due_at) AS due FROM item WHERE state = 'open' AND sends >= ?`,
        sentOnly ? 1 : 0,
      )
      .one()
    return due ?? undefined
  }

  /** Results from an item on, in the order of the list. */
  results(from: number, limit: number): { index: number; state: 'done' | 'failed'; result: Json }[] {
    return this.#sql
      .exec<{ item: number; state: string; result: string }>(
        'SELECT item, state, result FROM item WHERE item >= ? ORDER BY item LIMIT ?',
        from,
        limit,
      )
      .toArray()
      .map(({ item, state, result }) => ({
        index: item,
        state: state as 'done' | 'failed',
        result: JSON.parse(result) as Json,
      }))
  }

  #finish(index: number, state: string, result: unknown): void {
    this.#sql.exec(
      `UPDATE item SET state = ?, result = ?, due_at = NULL WHERE item = ? AND state = 'open'`,
      state,
      JSON.stringify(result),
      index,
    )
  }
}
