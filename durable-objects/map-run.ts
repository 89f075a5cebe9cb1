import { DurableObject } from 'cloudflare:workers'
import type { Json } from '../domain/json.ts'
import { attemptFailed, produced } from '../domain/run/report.ts'
import type { ReportedEvent } from '../domain/run/event.ts'
import { backoffMs } from '../domain/run/retry.ts'
import type { StagePlan } from '../domain/run/state.ts'
import type { Env } from '../workers/env.ts'
import type { ItemAttempt, TaskItem, TaskResult } from '../domain/task/result.ts'
import { ItemStore, type ItemCounts } from './item-store.ts'
import { storeResults } from './map-results.ts'
import { REDELIVER_MS } from './run-delivery.ts'

const RETRY_MS = 1_000
/** Items that one message carries: few enough for one invocation of a consumer. */
const ITEMS_A_MESSAGE = 20
/** Cloudflare's limit for one `sendBatch`. */
const MAX_BATCH = 100
/** Least time between two signs of life to the run. */
const PROGRESS_MS = 1_000

export interface MapSpec {
  project: string
  runId: string
  stage: string
  attempt: number
  /** Items that are worked on at the same time. */
  parallel: number
  maxFailures: number
  retry: StagePlan['retry']
  /** The stage is lost when the run hears nothing for so long. */
  heartbeatSeconds?: number
  /** Names of the outputs that each item gives. */
  outputs: readonly string[]
}

/** What came of one try of an item. */
export interface ItemResult {
  index: number
  attempt: number
  result: TaskResult
}

/** Fan-out and fan-in of one mapped stage: which items are out, what each gave, and what they add up to. */
export class MapRun extends DurableObject<Env> {
  readonly #items: ItemStore
  #toldAt = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#items = new ItemStore(ctx.storage.sql)
  }

  /** Starts the stage. A repeated call changes nothing. */
  start(spec: MapSpec, values: Json[]): void {
    this.ctx.storage.transactionSync(() => {
      if (this.#spec()) return
      this.ctx.storage.kv.put('spec', spec)
      values.forEach((value, index) => this.#items.add(index, value))
    })
    void this.ctx.storage.setAlarm(Date.now())
  }

  /** Those of the items that still want a result, with what they are. */
  work(indices: number[]): TaskItem[] {
    return this.#isOver() ? [] : this.#items.open(indices)
  }

  /** A sign of life of whoever works on items: they are not sent again for a while. */
  heartbeat(indices: number[]): void {
    if (!this.#isOver()) this.#items.postpone(indices, Date.now() + REDELIVER_MS)
  }

  /** Takes results. Only the first result of an item counts, whatever is redelivered. Nothing is taken of a stage that is over. */
  report(results: ItemResult[]): { taken: boolean } {
    const spec = this.#spec()
    if (!spec || this.#isOver()) return { taken: false }
    const now = Date.now()
    this.ctx.storage.transactionSync(() => {
      for (const result of results) this.#take(spec, result, now)
    })
    void this.ctx.storage.setAlarm(now)
    return { taken: true }
  }

  /** Stops the stage, and answers the items that an endpoint may be working on. */
  cancel(): ItemAttempt[] {
    this.ctx.storage.kv.put('over', true)
    void this.ctx.storage.deleteAlarm()
    return this.#items.underWay()
  }

  progress(): { items: number; done: number; failed: number } {
    return this.#items.counts()
  }

  override async alarm(): Promise<void> {
    const spec = this.#spec()
    if (!spec || this.#isOver()) return
    const now = Date.now()
    try {
      const counts = this.#items.counts()
      const outcome = await this.#outcome(spec, counts)
      if (outcome) {
        await this.env.WORKFLOW_RUN.getByName(spec.runId).report([outcome])
        this.ctx.storage.kv.put('over', true)
        return
      }
      const isFull = await this.#send(spec, now)
      await this.#tellProgress(spec, counts, now)
      await this.ctx.storage.setAlarm(Math.max(now + 1, this.#nextLook(spec, isFull, now)))
    } catch (error) {
      console.error({ message: 'mapped stage not driven on', ...spec, error: String(error) })
      await this.ctx.storage.setAlarm(now + RETRY_MS)
    }
  }

  /** When something is due again. While every place is taken, only what is under way may be: a result wakes the rest. */
  #nextLook(spec: MapSpec, isFull: boolean, now: number): number {
    const due = this.#items.nextDue(isFull) ?? Infinity
    const beat = ((spec.heartbeatSeconds ?? Infinity) * 1000) / 3
    return Math.min(due, now + REDELIVER_MS, now + beat)
  }

  #take({ retry }: MapSpec, { index, attempt, result }: ItemResult, now: number): void {
    if (result.status === 'succeeded') return this.#items.succeed(index, result.outputs)
    // What speaks of an earlier try of the item says nothing of this one.
    if (attempt !== this.#items.attempts(index)) return
    if (result.status === 'accepted') return this.#items.accept(index)
    const isFinal = !result.retryable || retry.final.includes(result.error.code) || attempt >= retry.attempts
    if (isFinal) return this.#items.fail(index, result.error)
    this.#items.retry(index, now + Math.random() * backoffMs(retry, attempt))
  }

  /** What the stage came to, when every item has its result or too many failed. */
  async #outcome(spec: MapSpec, { items, done, failed }: ItemCounts): Promise<ReportedEvent | undefined> {
    if (failed > spec.maxFailures) {
      const { index, error } = this.#items.firstFailure()!
      const message = `${failed} of ${items} items failed, ${spec.maxFailures} may; the first was item ${index}: ${error.message}`
      return attemptFailed(spec, { code: error.code, message }, false)
    }
    if (done + failed < items) return undefined
    const stored = await storeResults(this.env, spec, this.#items)
    if ('error' in stored) return attemptFailed(spec, stored.error, false)
    return produced(spec, { ...stored.outputs, items, failed })
  }

  /** Sends what there is room for. True when every place is taken then. */
  async #send(spec: MapSpec, now: number): Promise<boolean> {
    const free = Math.max(0, spec.parallel - this.#items.outCount(now))
    const due = this.#items.due(now, free)
    const { runId, stage, attempt } = spec
    const size = Math.min(ITEMS_A_MESSAGE, Math.ceil(spec.parallel / 2))
    const messages = []
    for (let start = 0; start < due.length; start += size) {
      messages.push({ body: { runId, stage, attempt, items: due.slice(start, start + size) } })
    }
    this.#items.sent(due, now + REDELIVER_MS)
    for (let start = 0; start < messages.length; start += MAX_BATCH)
      await this.env.ITEMS.sendBatch(messages.slice(start, start + MAX_BATCH))
    return due.length === free
  }

  async #tellProgress(
    { runId, stage, attempt }: MapSpec,
    { items, done, failed }: ItemCounts,
    now: number,
  ): Promise<void> {
    if (now - this.#toldAt < PROGRESS_MS) return
    this.#toldAt = now
    const message = `${done} of ${items} items done${failed > 0 ? `, ${failed} failed` : ''}`
    const progress = items === 0 ? 1 : (done + failed) / items
    await this.env.WORKFLOW_RUN.getByName(runId).heartbeat(stage, attempt, progress, message)
  }

  #isOver(): boolean {
    return this.ctx.storage.kv.get<boolean>('over') ?? false
  }

  #spec(): MapSpec | undefined {
    return this.ctx.storage.kv.get<MapSpec>('spec')
  }
}
