import type { Effect, OutboxAction, OutboxTimer, StageTimer } from '../domain/run/effect.ts'
import type { RunEvent } from '../domain/run/event.ts'
import type { RunState } from '../domain/run/state.ts'
import type { RunRecord } from '../domain/workflow/plan.ts'

export interface RunLogEntry {
  seq: number
  at: number
  dedupeKey: string
  event: RunEvent
  /** Why the event changed nothing, when it changed nothing. */
  ignored: string | null
}

export interface StageProgress {
  [column: string]: string | number
  stage: string
  attempt: number
  at: number
  progress: number
  message: string
}

export interface DueEffect<E extends Effect> {
  effectId: number
  effect: E
  /** How often it was sent before. */
  sends: number
}

/** A gate lock or a slot of a pool that the run holds or waits for. The run's own slot names no stage. */
export interface Lease {
  [column: string]: string | number
  kind: 'lock' | 'slot'
  target: string
  stage: string
  attempt: number
  renewAt: number
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, type TEXT NOT NULL, stage TEXT, attempt INTEGER,
    dedupe_key TEXT NOT NULL UNIQUE, payload TEXT NOT NULL, ignored TEXT);
  CREATE TABLE IF NOT EXISTS outbox (
    effect_id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, stage TEXT, attempt INTEGER,
    effect TEXT NOT NULL, due_at INTEGER NOT NULL, sends INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS progress (
    stage TEXT PRIMARY KEY, attempt INTEGER NOT NULL, at INTEGER NOT NULL, progress REAL NOT NULL, message TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS lease (
    kind TEXT NOT NULL, target TEXT NOT NULL, stage TEXT NOT NULL, attempt INTEGER NOT NULL, renewAt INTEGER NOT NULL,
    PRIMARY KEY (kind, target, stage, attempt));
`

/** The SQLite of one `WorkflowRun`: event log, current state, outbox, progress and kept locks. */
export class RunStore {
  readonly #storage: DurableObjectStorage
  readonly #sql: SqlStorage
  /** What was read last: this object is the only one that writes it. */
  #known: { run?: RunRecord | undefined; state?: RunState | undefined } = {}

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
    this.#sql = storage.sql
    this.#sql.exec(SCHEMA)
  }

  create(run: RunRecord, state: RunState): void {
    this.#storage.kv.put('run', run)
    this.saveState(state)
  }

  run(): RunRecord | undefined {
    return (this.#known.run ??= this.#storage.kv.get<RunRecord>('run'))
  }

  /** State of an existing run. */
  state(): RunState {
    return (this.#known.state ??= this.#storage.kv.get<RunState>('state')!)
  }

  saveState(state: RunState): void {
    this.#storage.kv.put('state', state)
    this.#known.state = state
  }

  /** All of it or nothing: what a failed one wrote is not believed either. */
  transaction(work: () => void): void {
    try {
      this.#storage.transactionSync(work)
    } catch (error) {
      this.#known = {}
      throw error
    }
  }

  hasEvent(dedupeKey: string): boolean {
    return this.#sql.exec('SELECT 1 FROM event WHERE dedupe_key = ?', dedupeKey).toArray().length > 0
  }

  append(dedupeKey: string, event: RunEvent, at: number, ignored: string | undefined): void {
    const [stage, attempt] = 'stage' in event ? [event.stage, event.attempt] : [null, null]
    this.#sql.exec(
      'INSERT INTO event (at, type, stage, attempt, dedupe_key, payload, ignored) VALUES (?, ?, ?, ?, ?, ?, ?)',
      at,
      event.type,
      stage,
      attempt,
      dedupeKey,
      JSON.stringify(event),
      ignored ?? null,
    )
  }

  events(after: number): RunLogEntry[] {
    return this.#sql
      .exec<{ seq: number; at: number; dedupe_key: string; payload: string; ignored: string | null }>(
        'SELECT seq, at, dedupe_key, payload, ignored FROM event WHERE seq > ? ORDER BY seq LIMIT 500',
        after,
      )
      .toArray()
      .map(({ seq, at, dedupe_key, payload, ignored }) => ({
        seq,
        at,
        dedupeKey: dedupe_key,
        event: JSON.parse(payload) as RunEvent,
        ignored,
      }))
  }

  addEffect(effect: Effect, dueAt: number): void {
    const [stage, attempt] = 'stage' in effect ? [effect.stage, effect.attempt] : [null, null]
    this.#sql.exec(
      'INSERT INTO outbox (type, stage, attempt, effect, due_at) VALUES (?, ?, ?, ?, ?)',
      effect.type,
      stage,
      attempt,
      JSON.stringify(effect),
      dueAt,
    )
  }

  dueActions(now: number): DueEffect<OutboxAction>[] {
    return this.#due<OutboxAction>("type <> 'timer'", now)
  }

  dueTimers(now: number): DueEffect<OutboxTimer>[] {
    return this.#due<OutboxTimer>("type = 'timer'", now)
  }

  #due<E extends Effect>(which: string, now: number): DueEffect<E>[] {
    return this.#sql
      .exec<{ effect_id: number; effect: string; sends: number }>(
        `SELECT effect_id, effect, sends FROM outbox WHERE ${which} AND due_at <= ? ORDER BY effect_id LIMIT 100`,
        now,
      )
      .toArray()
      .map(({ effect_id, effect, sends }) => ({
        effectId: effect_id,
        effect: JSON.parse(effect) as E,
        sends,
      }))
  }

  pruneEffects(keep: (effect: Effect) => boolean): void {
    const rows = this.#sql
      .exec<{ effect_id: number; effect: string }>('SELECT effect_id, effect FROM outbox')
      .toArray()
    for (const { effect_id, effect } of rows) {
      if (!keep(JSON.parse(effect) as Effect)) this.deleteEffect(effect_id)
    }
  }

  deleteEffect(effectId: number): void {
    this.#sql.exec('DELETE FROM outbox WHERE effect_id = ?', effectId)
  }

  sent(effectId: number, dueAt: number): void {
    this.#sql.exec('UPDATE outbox SET sends = sends + 1, due_at = ? WHERE effect_id = ?', dueAt, effectId)
  }

  /** Puts off what was sent of an attempt; or, by its event, a timer. */
  postpone(stage: string, attempt: number, dueAt: number, event?: StageTimer): void {
    const which = event === undefined ? "type = 'stage_action' AND sends > 0" : "effect ->> 'event' = ?4"
    this.#sql.exec(
      `UPDATE outbox SET due_at = max(due_at, ?1) WHERE stage = ?2 AND attempt = ?3 AND ${which}`,
      dueAt,
      stage,
      attempt,
      ...(event === undefined ? [] : [event]),
    )
  }

  nextDue(): number | undefined {
    const [row] = this.#sql
      .exec<{ due: number | null }>(
        'SELECT min(due) AS due FROM (SELECT min(due_at) AS due FROM outbox UNION ALL SELECT min(renewAt) FROM lease)',
      )
      .toArray()
    return row?.due ?? undefined
  }

  saveProgress(progress: StageProgress): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO progress (stage, attempt, at, progress, message) VALUES (?, ?, ?, ?, ?)',
      progress.stage,
      progress.attempt,
      progress.at,
      progress.progress,
      progress.message,
    )
  }

  progress(): StageProgress[] {
    return this.#sql
      .exec<StageProgress>('SELECT stage, attempt, at, progress, message FROM progress')
      .toArray()
  }

  saveLease(lease: Lease): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO lease (kind, target, stage, attempt, renewAt) VALUES (?, ?, ?, ?, ?)',
      lease.kind,
      lease.target,
      lease.stage,
      lease.attempt,
      lease.renewAt,
    )
  }

  leases(): Lease[] {
    return this.#sql.exec<Lease>('SELECT kind, target, stage, attempt, renewAt FROM lease').toArray()
  }

  deleteLease({ kind, target, stage, attempt }: Lease): void {
    this.#sql.exec(
      'DELETE FROM lease WHERE kind = ? AND target = ? AND stage = ? AND attempt = ?',
      kind,
      target,
      stage,
      attempt,
    )
  }

  /** Number of the last event, and of the last one that D1 has. */
  projection(): { seq: number; projected: number } {
    const [row] = this.#sql.exec<{ seq: number | null }>('SELECT max(seq) AS seq FROM event').toArray()
    return { seq: row?.seq ?? 0, projected: this.#storage.kv.get<number>('projected') ?? -1 }
  }

  projectedUpTo(seq: number): void {
    this.#storage.kv.put('projected', seq)
  }

  isArchived(): boolean {
    return this.#storage.kv.get<boolean>('archived') ?? false
  }

  archived(): void {
    this.#storage.kv.put('archived', true)
  }

  /** Size of the run's whole database. */
  bytes(): number {
    return this.#sql.databaseSize
  }
}
