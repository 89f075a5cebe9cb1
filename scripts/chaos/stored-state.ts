import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { deserialize } from 'node:v8'
import { readLedger, type LedgerEntry } from '../task-endpoint/ledger.ts'

export type Row = Record<string, unknown>
export type ObjectClass =
  | 'WorkflowRun'
  | 'GateLock'
  | 'EvaluationRun'
  | 'RouteRegistry'
  | 'MapRun'
  | 'SlotPool'

/** What a stack that is down has on disk, read without any code of Sluice: so that no bug of it can hide itself. */
export interface StoredState {
  d1(sql: string): Row[]
  /** Keys of the objects in R2. */
  r2Keys(): Set<string>
  /** A query to every object of a class. An object that lacks the table answers nothing. */
  objects(name: ObjectClass, sql: string): Row[]
  /** A value of the key-value storage of every object of a class that has it. */
  values(name: ObjectClass, key: string): unknown[]
  ledger: LedgerEntry[]
  close(): void
}

export function readStoredState(stateDir: string): StoredState {
  const open = (directory: string) =>
    !existsSync(directory)
      ? []
      : readdirSync(directory)
          .filter((file) => file.endsWith('.sqlite') && file !== 'metadata.sqlite')
          .map((file) => new DatabaseSync(join(directory, file)))
  const [d1] = open(join(stateDir, 'workerd/d1/miniflare-D1DatabaseObject'))
  const [r2] = open(join(stateDir, 'workerd/r2/miniflare-R2BucketObject'))
  const opened = new Map<ObjectClass, DatabaseSync[]>()
  const objects = (name: ObjectClass) => {
    const known = opened.get(name) ?? open(join(stateDir, 'workerd/do', `sluice-${name}`))
    opened.set(name, known)
    return known
  }
  const ledgerFile = join(stateDir, 'task-endpoint/ledger.jsonl')
  return {
    d1: (sql) => d1!.prepare(sql).all() as Row[],
    r2Keys: () => new Set(rowsOf(r2!, 'SELECT key FROM _mf_objects').map(({ key }) => String(key))),
    objects: (name, sql) => objects(name).flatMap((database) => rowsOf(database, sql)),
    values: (name, key) =>
      objects(name)
        .flatMap((database) => rowsOf(database, `SELECT value FROM _cf_KV WHERE key = '${key}'`))
        .map(({ value }) => deserialize(value as Uint8Array) as unknown),
    ledger: existsSync(ledgerFile) ? readLedger(ledgerFile) : [],
    close: () => [d1, r2, ...[...opened.values()].flat()].forEach((database) => database?.close()),
  }
}

function rowsOf(database: DatabaseSync, sql: string): Row[] {
  try {
    return database.prepare(sql).all() as Row[]
  } catch (error) {
    if (/no such table/.test(String(error))) return []
    throw error
  }
}
