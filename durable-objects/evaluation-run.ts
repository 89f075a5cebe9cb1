import { DurableObject } from 'cloudflare:workers'
import { addCohortScores, type CohortSums } from '../domain/evaluation/score.ts'
import type { EvaluationSpec, EvaluationChunk } from '../domain/evaluation/spec.ts'
import type { Env } from '../workers/env.ts'
import { cancelEvaluation, finishEvaluation } from '../workers/evaluation/finish.ts'
import { REDELIVER_MS } from './run-delivery.ts'

const RETRY_MS = 1_000
/** Cloudflare's limit for one `sendBatch`. */
const MAX_BATCH = 100

export interface EvaluationProgress {
  chunks: number
  done: number
  rows: number
}

interface ChunkRow {
  [column: string]: string | number | null
  chunk: number
  work: string
  due_at: number | null
  rows: number | null
  scores: string | null
}

/** Fan-in of one evaluation: which chunks are out, which are done, and what they add up to. */
export class EvaluationRun extends DurableObject<Env> {
  readonly #sql: SqlStorage

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#sql = ctx.storage.sql
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS chunk (
        chunk INTEGER PRIMARY KEY, work TEXT NOT NULL, due_at INTEGER, rows INTEGER, scores TEXT);
    `)
  }

  /** Starts the evaluation. A repeated call changes nothing. */
  start(spec: EvaluationSpec, chunks: EvaluationChunk[]): void {
    const now = Date.now()
    this.ctx.storage.transactionSync(() => {
      if (this.#spec()) return
      this.ctx.storage.kv.put('spec', spec)
      chunks.forEach((chunk, index) =>
        this.#sql.exec(
          'INSERT INTO chunk (chunk, work, due_at) VALUES (?, ?, ?)',
          index,
          JSON.stringify(chunk),
          now,
        ),
      )
    })
    void this.ctx.storage.setAlarm(now)
  }

  /** What to do for a chunk; nothing when it is done or the evaluation was cancelled. */
  work(chunk: number): { spec: EvaluationSpec; work: EvaluationChunk } | undefined {
    const spec = this.#spec()
    const [row] = this.#sql
      .exec<ChunkRow>('SELECT * FROM chunk WHERE chunk = ? AND scores IS NULL', chunk)
      .toArray()
    if (!spec || !row || this.ctx.storage.kv.get('cancelled')) return undefined
    return { spec, work: JSON.parse(row.work) as EvaluationChunk }
  }

  /** A sign of life of whoever works on a chunk: it is not sent again for a while. */
  heartbeat(chunk: number): void {
    this.#sql.exec(
      'UPDATE chunk SET due_at = ? WHERE chunk = ? AND scores IS NULL',
      Date.now() + REDELIVER_MS,
      chunk,
    )
  }

  /** Takes the sums of a chunk. Only the first report of a chunk counts, whatever is redelivered. */
  report(chunk: number, rows: number, scores: CohortSums[]): void {
    this.#sql.exec(
      'UPDATE chunk SET rows = ?, scores = ?, due_at = NULL WHERE chunk = ? AND scores IS NULL',
      rows,
      JSON.stringify(scores),
      chunk,
    )
    if (this.progress().done === this.progress().chunks) void this.ctx.storage.setAlarm(Date.now())
  }

  cancel(): void {
    if (!this.#spec() || this.ctx.storage.kv.get('finished')) return
    this.ctx.storage.kv.put('cancelled', true)
    void this.ctx.storage.setAlarm(Date.now())
  }

  progress(): EvaluationProgress {
    const [row] = this.#sql
      .exec<{ chunks: number; done: number; rows: number | null }>(
        'SELECT count(*) AS chunks, count(scores) AS done, sum(rows) AS rows FROM chunk',
      )
      .toArray()
    return { chunks: row!.chunks, done: row!.done, rows: row!.rows ?? 0 }
  }

  override async alarm(): Promise<void> {
    const spec = this.#spec()
    if (!spec || this.ctx.storage.kv.get('finished')) return
    const now = Date.now()
    try {
      if (this.ctx.storage.kv.get('cancelled')) return await cancelEvaluation(this.env, spec)
      await this.#send(spec, now)
      const { chunks, done, rows } = this.progress()
      if (done === chunks) {
        await finishEvaluation(this.env, spec, rows, this.#total())
        this.ctx.storage.kv.put('finished', true)
        return
      }
      await this.ctx.storage.setAlarm(now + REDELIVER_MS)
    } catch (error) {
      console.error({
        message: 'evaluation not driven on',
        evaluationId: spec.evaluationId,
        error: String(error),
      })
      await this.ctx.storage.setAlarm(now + RETRY_MS)
    }
  }

  async #send(spec: EvaluationSpec, now: number): Promise<void> {
    const due = this.#sql
      .exec<{ chunk: number }>(
        'SELECT chunk FROM chunk WHERE scores IS NULL AND due_at <= ? ORDER BY chunk',
        now,
      )
      .toArray()
    for (let start = 0; start < due.length; start += MAX_BATCH) {
      const batch = due.slice(start, start + MAX_BATCH)
      await this.env.EVALUATION.sendBatch(
        batch.map(({ chunk }) => ({ body: { evaluationId: spec.evaluationId, chunk } })),
      )
      for (const { chunk } of batch) {
        this.#sql.exec(
          'UPDATE chunk SET due_at = ? WHERE chunk = ? AND scores IS NULL',
          now + REDELIVER_MS,
          chunk,
        )
      }
    }
  }

  #total(): CohortSums[] {
    const rows = this.#sql.exec<{ scores: string }>('SELECT scores FROM chunk').toArray()
    return addCohortScores(rows.map(({ scores }) => JSON.parse(scores) as CohortSums[]))
  }

  #spec(): EvaluationSpec | undefined {
    return this.ctx.storage.kv.get<EvaluationSpec>('spec')
  }
}
