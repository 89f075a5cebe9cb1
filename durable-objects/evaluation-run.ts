import { DurableObject } from 'cloudflare:workers'
import type { ChunkResult, CopyRate } from '../domain/evaluation/chunk-result.ts'
import type { CohortSums } from '../domain/evaluation/score.ts'
import { chunkWindow, type EvaluationChunk, type EvaluationSpec } from '../domain/evaluation/spec.ts'
import type { Env } from '../workers/env.ts'
import { ENDED, type EvaluationProgress, type EvaluationStatus } from '../domain/evaluation/status.ts'
import { cancelEvaluation, finishEvaluation, holdEvaluation } from '../workers/evaluation/finish.ts'
import { EvaluationChunks } from './evaluation-chunks.ts'
import { EvaluationFollowers } from './evaluation-followers.ts'
import { EvaluationTotals } from './evaluation-totals.ts'
import { REDELIVER_MS } from './run-delivery.ts'
import { WorkingTime } from './working-time.ts'

const RETRY_MS = 1_000

/** What is fixed about an evaluation, and what has come of it so far. */
export interface EvaluationDescription {
  spec: EvaluationSpec
  progress: EvaluationProgress
  copyRates: CopyRate[]
  /** Of the chunks that are done. */
  scores: CohortSums[]
}

/** Fan-out and fan-in of one evaluation: which chunks are out, which are done, and what they add up to. */
export class EvaluationRun extends DurableObject<Env> {
  readonly #chunks: EvaluationChunks
  readonly #time: WorkingTime
  readonly #followers = new EvaluationFollowers()
  #loaded: { totals: EvaluationTotals; planned: { chunks: number; rows: number } } | undefined

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#chunks = new EvaluationChunks(ctx.storage.sql)
    this.#time = new WorkingTime(ctx.storage)
  }

  /** Starts the evaluation, and answers what it is; a repeated call changes nothing and answers what it was. */
  start(spec: EvaluationSpec, chunks: EvaluationChunk[]): EvaluationSpec {
    const known = this.spec()
    if (known) return known
    const now = Date.now()
    this.ctx.storage.transactionSync(() => {
      this.ctx.storage.kv.put('spec', spec)
      this.#chunks.add(chunks)
      this.#time.start(now)
    })
    void this.ctx.storage.setAlarm(now)
    return spec
  }

  spec(): EvaluationSpec | undefined {
    return this.ctx.storage.kv.get<EvaluationSpec>('spec')
  }

  /** What to do for a chunk; nothing when it is done, somebody works on it, or the evaluation does not go on. */
  work(chunk: number): { spec: EvaluationSpec; work: EvaluationChunk } | undefined {
    const spec = this.spec()
    const status = this.#status()
    if (status === 'paused') this.#chunks.putBack([chunk])
    if (!spec || status !== 'running') return undefined
    const work = this.#chunks.take(chunk, Date.now())
    return work && { spec, work }
  }

  /** A sign of life of whoever works on a chunk: it is not sent again for a while. False when nobody needs the work. */
  heartbeat(chunk: number): boolean {
    this.#chunks.extend(chunk, Date.now())
    return !ENDED.has(this.#status())
  }

  /** Whoever worked on a chunk could not do it. */
  failed(chunk: number, problem: string): void {
    this.#chunks.failed(chunk, Date.now())
    this.ctx.storage.kv.put('problem', problem.slice(0, 500))
  }

  /** Takes what a chunk came to. Only the first report of a chunk counts, whatever is redelivered. */
  async report(chunk: number, result: ChunkResult): Promise<void> {
    const { totals, planned } = this.#load()
    if (!this.#chunks.finish(chunk, result)) return
    totals.add(result)
    const now = Date.now()
    this.#followers.push(() => this.progress(), now)
    if (totals.done === planned.chunks) await this.ctx.storage.setAlarm(now)
    else if (this.#status() === 'running')
      // The result stands, whatever becomes of this: the alarm sends what was not sent.
      await this.#send(now).catch((error: unknown) =>
        console.error({ message: 'not sent', error: String(error) }),
      )
  }

  /** The chunks that hold the answers of these rows, by short hash. */
  chunksOf(hashes: string[]): Record<string, number> {
    return this.#chunks.chunksOf(hashes)
  }

  /** Adds what a judge or a service has taken, and answers what all have. */
  spent(usd: number): { totalUsd: number } {
    const totalUsd = this.#spent() + usd
    if (usd !== 0) this.ctx.storage.kv.put('spent', totalUsd)
    return { totalUsd }
  }

  /** Sends no more chunks; those under way are done. Answers the status, which is another one when it was over already. */
  pause(): Promise<EvaluationStatus> {
    return this.#become('paused')
  }

  resume(): Promise<EvaluationStatus> {
    return this.#become('running')
  }

  /** Gives it up. `tell` whoever waits for it, unless it was they who did. */
  cancel({ tell = false } = {}): Promise<EvaluationStatus> {
    if (tell) this.ctx.storage.kv.put('tell', true)
    return this.#become('cancelled')
  }

  progress(): EvaluationProgress {
    // Of the finished ones whole lists are asked for: nothing is added up again.
    const final = this.ctx.storage.kv.get<EvaluationProgress>('final')
    return final && this.#status() === 'finished' ? final : this.#progress()
  }

  #progress(): EvaluationProgress {
    const { totals, planned } = this.#load()
    const now = Date.now()
    const status = this.#status()
    const seconds = this.#time.ms(now) / 1000
    const rowsPerSecond = seconds > 0 && totals.rows > 0 ? totals.rows / seconds : null
    return {
      status,
      chunks: planned.chunks,
      done: totals.done,
      underWay: ENDED.has(status) ? 0 : this.#chunks.out(now),
      rows: totals.rows,
      totalRows: planned.rows,
      errors: totals.errors,
      reused: totals.reused,
      costUsd: totals.costUsd + this.#spent(),
      rowsPerSecond,
      secondsLeft:
        rowsPerSecond === null || ENDED.has(status) ? null : (planned.rows - totals.rows) / rowsPerSecond,
      problem: this.ctx.storage.kv.get<string>('problem') ?? null,
    }
  }

  description(): EvaluationDescription | undefined {
    const spec = this.spec()
    const { totals } = this.#load()
    return spec && { spec, progress: this.progress(), copyRates: totals.copyRates, scores: totals.scores }
  }

  /** Progress as it comes, as server-sent events, until the end. */
  follow(): ReadableStream<Uint8Array> {
    return this.#followers.follow(this.progress(), ENDED.has(this.#status()))
  }

  override async alarm(): Promise<void> {
    const spec = this.spec()
    if (!spec) return
    const now = Date.now()
    try {
      await this.#driveOn(spec, now)
    } catch (error) {
      console.error({
        message: 'evaluation not driven on',
        evaluationId: spec.evaluationId,
        error: String(error),
      })
      await this.ctx.storage.setAlarm(now + RETRY_MS)
    }
  }

  async #driveOn(spec: EvaluationSpec, now: number): Promise<void> {
    const status = this.#status()
    if (status === 'finished') return
    const { totals, planned } = this.#load()
    if (status === 'cancelled')
      return cancelEvaluation(this.env, spec, this.progress(), this.ctx.storage.kv.get('tell') === true)
    if (totals.done === planned.chunks) {
      // Added up in the order of the chunks: the same rows give the same sums, however they came in.
      const inOrder = new EvaluationTotals(this.#chunks.results())
      await finishEvaluation(this.env, spec, this.progress(), inOrder.scores)
      this.#time.stop(Date.now())
      this.ctx.storage.kv.put('status', 'finished')
      this.ctx.storage.kv.put('final', this.#progress())
      return this.#followers.push(() => this.progress(), now, { must: true, ended: true })
    }
    const told = this.ctx.storage.kv.get<EvaluationStatus>('told') ?? 'running'
    if (told !== status) {
      await holdEvaluation(this.env, spec, status, this.ctx.storage.kv.get<number>('holds') ?? 0)
      this.ctx.storage.kv.put('told', status)
    }
    if (status === 'paused') return
    await this.#send(now)
    await this.ctx.storage.setAlarm(now + REDELIVER_MS)
  }

  async #become(status: 'running' | 'paused' | 'cancelled'): Promise<EvaluationStatus> {
    const { kv } = this.ctx.storage
    const before = this.#status()
    if (!this.spec() || ENDED.has(before) || before === status) return before
    const now = Date.now()
    kv.put('status', status)
    kv.put('holds', (kv.get<number>('holds') ?? 0) + 1)
    if (status === 'running') this.#time.start(now)
    else this.#time.stop(now)
    await this.ctx.storage.setAlarm(now)
    this.#followers.push(() => this.progress(), now, { must: true, ended: status === 'cancelled' })
    return status
  }

  /** Keeps as many chunks out as may be: the queue holds no more than is soon worked on. */
  async #send(now: number): Promise<void> {
    const spec = this.spec()!
    const window = chunkWindow(spec)
    const out = this.#chunks.out(now)
    // In batches: a message at a time would cost as much as the chunk that it stands for.
    if (out > window / 2) return
    const due = this.#chunks.due(now, window - out)
    if (due.length === 0) return
    this.#chunks.sent(due, now)
    try {
      await this.env.EVALUATION.sendBatch(
        due.map((chunk) => ({ body: { evaluationId: spec.evaluationId, chunk } })),
      )
    } catch (error) {
      this.#chunks.putBack(due)
      throw error
    }
  }

  #status(): EvaluationStatus {
    return this.ctx.storage.kv.get<EvaluationStatus>('status') ?? 'running'
  }

  #spent(): number {
    return this.ctx.storage.kv.get<number>('spent') ?? 0
  }

  #load() {
    this.#loaded ??= { totals: new EvaluationTotals(this.#chunks.results()), planned: this.#chunks.planned() }
    return this.#loaded
  }
}
