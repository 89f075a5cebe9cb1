import type { ProjectShare } from '../domain/pool/share.ts'
import { rank, type PoolTotals, type SlotEntry, type SlotTable } from '../domain/pool/slots.ts'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entry (
    key TEXT PRIMARY KEY, project TEXT NOT NULL, run_id TEXT NOT NULL, stage TEXT, attempt INTEGER,
    priority INTEGER NOT NULL, at INTEGER NOT NULL, rank INTEGER NOT NULL, seq INTEGER NOT NULL,
    lease_until INTEGER NOT NULL, granted INTEGER, notify_at INTEGER) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entry_line ON entry (project, rank, seq) WHERE granted IS NULL;
  CREATE INDEX IF NOT EXISTS entry_lease ON entry (lease_until);
  CREATE INDEX IF NOT EXISTS entry_notice ON entry (notify_at) WHERE notify_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS share (
    project TEXT PRIMARY KEY, granted INTEGER NOT NULL, waiting INTEGER NOT NULL, turn INTEGER NOT NULL,
    since INTEGER NOT NULL) WITHOUT ROWID;
`

interface EntryRow {
  [column: string]: string | number | null
  key: string
  project: string
  run_id: string
  stage: string | null
  attempt: number | null
  priority: number
  at: number
  seq: number
  lease_until: number
  granted: number | null
}

/** The SQLite of one `SlotPool`: who holds and waits, what each project has, and the grants that nobody was told of yet. */
export class SlotStore implements SlotTable {
  readonly #storage: DurableObjectStorage
  readonly #sql: SqlStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
    this.#sql = storage.sql
    this.#sql.exec(SCHEMA)
  }

  totals(): PoolTotals {
    return this.#storage.kv.get<PoolTotals>('totals') ?? { slots: 0, asked: 0, grants: 0 }
  }

  saveTotals(totals: PoolTotals): void {
    const { slots, asked, grants } = this.totals()
    if (slots === totals.slots && asked === totals.asked && grants === totals.grants) return
    this.#storage.kv.put('totals', totals)
  }

  find(key: string): SlotEntry | undefined {
    return this.#entries('WHERE key = ?', key)[0]
  }

  save(entry: SlotEntry): void {
    const { key, holder, at, seq, leaseUntil, granted } = entry
    this.#sql.exec(
      `INSERT INTO entry (key, project, run_id, stage, attempt, priority, at, rank, seq, lease_until, granted)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET lease_until = excluded.lease_until, granted = excluded.granted`,
      key,
      holder.project,
      holder.runId,
      holder.stage ?? null,
      holder.attempt ?? null,
      holder.priority,
      at,
      rank(entry),
      seq,
      leaseUntil,
      granted ?? null,
    )
  }

  remove(key: string): void {
    this.#sql.exec('DELETE FROM entry WHERE key = ?', key)
  }

  lapsed(now: number): SlotEntry[] {
    return this.#entries('WHERE lease_until <= ?', now)
  }

  renewAll(leaseUntil: number): void {
    this.#sql.exec('UPDATE entry SET lease_until = ?', leaseUntil)
  }

  firstWaiting(project: string): SlotEntry | undefined {
    return this.#entries('WHERE project = ? AND granted IS NULL ORDER BY rank, seq LIMIT 1', project)[0]
  }

  countBefore(entry: SlotEntry): number {
    return this.#sql
      .exec<{ n: number }>(
        'SELECT count(*) AS n FROM entry WHERE project = ? AND granted IS NULL AND (rank, seq) < (?, ?)',
        entry.holder.project,
        rank(entry),
        entry.seq,
      )
      .one().n
  }

  shares(): ProjectShare[] {
    return this.#shares('')
  }

  share(project: string): ProjectShare | undefined {
    return this.#shares('WHERE project = ?', project)[0]
  }

  saveShare({ project, granted, waiting, turn, since }: ProjectShare): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO share (project, granted, waiting, turn, since) VALUES (?, ?, ?, ?, ?)',
      project,
      granted,
      waiting,
      turn,
      since,
    )
  }

  removeShare(project: string): void {
    this.#sql.exec('DELETE FROM share WHERE project = ?', project)
  }

  /** Holders in the order of their grants, then those who wait, each project's in the order of its line. */
  all(): SlotEntry[] {
    return this.#entries('ORDER BY granted IS NULL, granted, project, rank, seq')
  }

  /** The holder is to be told of its grant at that time; never, when it knows. */
  notify(key: string, granted: number, at: number | null): void {
    this.#sql.exec('UPDATE entry SET notify_at = ? WHERE key = ? AND granted = ?', at, key, granted)
  }

  dueNotices(now: number, limit: number): SlotEntry[] {
    return this.#entries('WHERE notify_at <= ? ORDER BY notify_at, granted LIMIT ?', now, limit)
  }

  /** When the next notice is to be given or the next lease has run out. */
  nextDue(): number | undefined {
    const { due } = this.#sql
      .exec<{ due: number | null }>(
        `SELECT min(due) AS due FROM (
           SELECT min(notify_at) AS due FROM entry WHERE notify_at IS NOT NULL
           UNION ALL SELECT min(lease_until) FROM entry)`,
      )
      .one()
    return due ?? undefined
  }

  #entries(where: string, ...bindings: (string | number)[]): SlotEntry[] {
    return this.#sql
      .exec<EntryRow>(`SELECT * FROM entry ${where}`, ...bindings)
      .toArray()
      .map(({ key, project, run_id, stage, attempt, priority, at, seq, lease_until, granted }) => ({
        key,
        holder: {
          project,
          runId: run_id,
          priority,
          ...(stage === null || attempt === null ? {} : { stage, attempt }),
        },
        at,
        seq,
        leaseUntil: lease_until,
        ...(granted === null ? {} : { granted }),
      }))
  }

  #shares(where: string, ...bindings: string[]): ProjectShare[] {
    return this.#sql
      .exec<ProjectShare & Record<string, SqlStorageValue>>(`SELECT * FROM share ${where}`, ...bindings)
      .toArray()
  }
}
