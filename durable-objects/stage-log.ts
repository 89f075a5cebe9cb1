import type { Json } from '../domain/json.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What a stage has to say: a line without a number, as an executor writes it. */
export interface StageLogEntry {
  stage: string
  attempt: number
  level: LogLevel
  message: string
  fields: Record<string, Json>
}

export interface StageLogLine extends StageLogEntry {
  /** Counts from 1 over the whole run. */
  line: number
  at: number
}

/** Longest message that is kept whole. */
const MAX_MESSAGE = 4_000
/** Lines that the object holds before the oldest go to R2. */
export const MAX_LINES = 2_000

interface LineRow {
  [column: string]: string | number
  line: number
  at: number
  stage: string
  attempt: number
  level: string
  message: string
  fields: string
}

/** Lines of the stage logs that are not in R2 yet. */
export class StageLog {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS log (
        line INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, stage TEXT NOT NULL, attempt INTEGER NOT NULL,
        level TEXT NOT NULL, message TEXT NOT NULL, fields TEXT NOT NULL);
    `)
  }

  append({ stage, attempt, level, message, fields }: StageLogEntry, at: number): void {
    this.#sql.exec(
      'INSERT INTO log (at, stage, attempt, level, message, fields) VALUES (?, ?, ?, ?, ?, ?)',
      at,
      stage,
      attempt,
      level,
      message.slice(0, MAX_MESSAGE),
      JSON.stringify(fields),
    )
  }

  after(line: number, limit = 500): StageLogLine[] {
    return this.#sql
      .exec<LineRow>('SELECT * FROM log WHERE line > ? ORDER BY line LIMIT ?', line, limit)
      .toArray()
      .map((row) => ({
        ...row,
        level: row.level as LogLevel,
        fields: JSON.parse(row.fields) as Record<string, Json>,
      }))
  }

  lastError(stage: string, attempt: number): string | undefined {
    const [row] = this.#sql
      .exec<{ message: string }>(
        `SELECT message FROM log WHERE level = 'error' AND stage = ? AND attempt = ? ORDER BY line DESC LIMIT 1`,
        stage,
        attempt,
      )
      .toArray()
    return row?.message
  }

  /** Lines are numbered without a gap and leave from the front: two looks at the key, where a count would read them all. */
  count(): number {
    return this.#sql
      .exec<{ n: number }>(
        'SELECT coalesce((SELECT max(line) FROM log) - (SELECT min(line) FROM log) + 1, 0) AS n',
      )
      .one().n
  }

  deleteUpTo(line: number): void {
    this.#sql.exec('DELETE FROM log WHERE line <= ?', line)
  }
}
