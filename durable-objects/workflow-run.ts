import { DurableObject } from 'cloudflare:workers'
import type { Json } from '../domain/json.ts'
import { action } from '../domain/run/attempt.ts'
import type { StageAction } from '../domain/run/effect.ts'
import type { ReportedEvent, RunEvent } from '../domain/run/event.ts'
import { isAttemptOver, isOutstanding } from '../domain/run/outstanding.ts'
import { started } from '../domain/run/report.ts'
import { TERMINAL_RUN, initialState, type RunState, type StageStatus } from '../domain/run/state.ts'
import { transition } from '../domain/run/transition.ts'
import { resolveInputs, resolveSource, type RunRecord } from '../domain/workflow/plan.ts'
import type { StageDefinition } from '../domain/workflow/stage.ts'
import type { Env } from '../workers/env.ts'
import type { StageMessage } from '../workers/stages/message.ts'
import { runStage } from '../workers/stages/run-stage.ts'
import { archiveLog } from './run-archive.ts'
import { isLight, messageOf, REDELIVER_MS, redeliveryMs, withinLimits } from './run-delivery.ts'
import { RunFollowers, type FollowFrom } from './run-followers.ts'
import { RENEW_MS, isOver, tendLeases, workflowPool } from './run-leases.ts'
import { RunProjection } from './run-projection.ts'
import { RunStore, type Lease, type RunLogEntry, type StageProgress } from './run-store.ts'
import { MAX_LINES, StageLog, type StageLogEntry, type StageLogLine } from './stage-log.ts'

/** Wait after something outside did not work. */
const RETRY_MS = 1_000

/** What an executor needs to work on a stage. */
export interface StageContext {
  run: RunRecord
  stage: string
  attempt: number
  status: StageStatus
  definition: StageDefinition
  inputs: Record<string, Json>
  /** The list that a mapped stage goes over. */
  items?: Json
  outputs: Record<string, Json>
}

export interface RunDescription {
  run: RunRecord
  state: RunState
  progress: StageProgress[]
  leases: Lease[]
  storedBytes: number
}

/** One workflow run: stores events, asks the pure reducer, delivers its effects. It decides nothing itself. */
export class WorkflowRun extends DurableObject<Env> {
  readonly #store: RunStore
  readonly #log: StageLog
  readonly #followers = new RunFollowers()
  readonly #projection: RunProjection

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#store = new RunStore(ctx.storage)
    this.#log = new StageLog(ctx.storage.sql)
    this.#projection = new RunProjection(env, this.#store)
  }

  /**
   * Creates the run and starts it, at once or when its workflow has a slot free. A repeated call is answered with the run
   * that the first one created.
   */
  async create(run: RunRecord): Promise<RunRecord> {
    this.#store.transaction(() => {
      if (this.#store.run()) return
      const now = Date.now()
      const { kept = {}, definition } = run
      this.#store.create(
        run,
        initialState(run.plan, now, { kept, timeoutSeconds: definition.timeoutSeconds }),
      )
      if (definition.concurrency === undefined)
        this.#record({ dedupeKey: 'run.started', event: { type: 'run.started' } })
      else
        this.#store.saveLease({
          kind: 'slot',
          target: workflowPool(run),
          stage: '',
          attempt: 0,
          renewAt: now,
        })
    })
    this.#drive()
    await this.#projection.project()
    return this.#store.run()!
  }

  /** Records events and applies them. Events that were reported before change nothing. */
  report(events: ReportedEvent[]): { known: boolean; status?: RunState['status'] } {
    if (!this.#store.run()) return { known: false }
    this.#apply(events)
    return { known: true, status: this.#store.state().status }
  }

  /**
   * What a stage action needs; nothing when there is nothing to do any more. Work that begins is recorded. An attempt that
   * is over may have been begun by an earlier delivery of the same message: it is stopped once more.
   */
  begin(action: StageAction, stage: string, attempt: number): StageContext | undefined {
    if (!this.#store.run()) return undefined
    const state = this.#store.state()
    if (!isOutstanding(state, { type: 'stage_action', action, stage, attempt })) {
      if (action === 'execute' && isAttemptOver(state, stage, attempt)) this.#stop(stage, attempt)
      return undefined
    }
    if (action === 'execute' && state.stages[stage]!.status === 'ready')
      this.#apply([started({ stage, attempt })])
    return this.context(stage, attempt)
  }

  /** A sign of life of an attempt: its work is not sent again for a while, and it is not given up. */
  heartbeat(stage: string, attempt: number, progress: number, message: string): void {
    if (this.#store.state().stages[stage]?.attempt !== attempt) return
    const now = Date.now()
    const last = this.#store.progress().find((known) => known.stage === stage)
    this.#store.saveProgress({ stage, attempt, at: now, progress, message })
    this.#store.postpone(stage, attempt, now + REDELIVER_MS)
    const { heartbeatSeconds } = this.#store.run()!.plan[stage]!
    if (heartbeatSeconds !== undefined)
      this.#store.postpone(stage, attempt, now + heartbeatSeconds * 1000, 'stage.heartbeat_missed')
    if (last?.message !== message)
      this.log([{ stage, attempt, level: 'info', message, fields: { progress } }])
  }

  /** Adds lines to the stage logs. */
  log(entries: StageLogEntry[]): void {
    const now = Date.now()
    for (const entry of entries) this.#log.append(entry, now)
    this.#push()
    if (this.#log.count() > MAX_LINES) this.#wake()
  }

  /** Lines of the stage logs that are not in R2. */
  logLines(after: number, limit: number): StageLogLine[] {
    return this.#log.after(after, limit)
  }

  /** What went wrong last in an attempt, in Sluice's own house. */
  lastFault(stage: string, attempt: number): string | undefined {
    return this.#log.lastError(stage, attempt)
  }

  /** Events and log lines as they come, as server-sent events. */
  follow(from: FollowFrom): ReadableStream<Uint8Array> {
    return this.#followers.follow(from, () => this.#push())
  }

  /**
   * The stage's definition and resolved inputs, or nothing when the attempt is not the current one any more: unless it is
   * asked for to be stopped, which matters most when another has taken its place.
   */
  context(stage: string, attempt: number, superseded = false): StageContext | undefined {
    const run = this.#store.run()
    if (!run) return undefined
    const state = this.#store.state()
    const current = state.stages[stage]
    const definition = run.definition.stages[stage]
    if (!current || !definition || (current.attempt !== attempt && !superseded)) return undefined
    const { status, outputs } = current
    const inputs = resolveInputs(run, state, definition)
    const items = definition.map && { items: resolveSource(run, state, definition.map.over) }
    return { run, stage, attempt, status, definition, inputs, ...items, outputs }
  }

  /**
   * The run keeps this lock or slot alive, and gives it back when the stage needs it no more, however it ends. False when
   * the attempt is over already.
   */
  keepLease(kind: Lease['kind'], stage: string, attempt: number, target: string): boolean {
    const lease = { kind, target, stage, attempt, renewAt: Date.now() + RENEW_MS }
    if (isOver(this.#store.state(), lease)) return false
    this.#store.saveLease(lease)
    this.#wake()
    return true
  }

  run(): RunRecord | undefined {
    return this.#store.run()
  }

  /** An effect that leaves no trace in the state was carried out. */
  acknowledge(effectId: number): void {
    this.#store.deleteEffect(effectId)
  }

  describe(): RunDescription | undefined {
    const run = this.#store.run()
    if (!run) return undefined
    return {
      run,
      state: this.#store.state(),
      progress: this.#store.progress(),
      leases: this.#store.leases(),
      storedBytes: this.#store.bytes(),
    }
  }

  events(after: number): RunLogEntry[] {
    return this.#store.events(after)
  }

  /** Sets the alarm anew, should it have been lost. */
  poke(): void {
    if (this.#store.run()) this.#wake()
  }

  override async alarm(): Promise<void> {
    const now = Date.now()
    this.#store.transaction(() => this.#fireTimers(now))
    this.#push()
    const results = await Promise.allSettled([
      this.#deliver(now),
      this.#tendLeases(now),
      this.#projection.dueAt() <= now ? this.#projection.project() : undefined,
      this.#archiveIsDue() ? archiveLog(this.env, this.#store, this.#log) : undefined,
    ])
    for (const result of results) {
      if (result.status === 'rejected')
        console.error({ message: 'run effect failed', error: String(result.reason) })
    }
    const failed = results.some(({ status }) => status === 'rejected')
    this.#wake(failed ? now + RETRY_MS : undefined)
  }

  #apply(events: ReportedEvent[]): void {
    this.#store.transaction(() => events.forEach((reported) => this.#record(reported)))
    this.#push()
    this.#drive()
  }

  #record({ dedupeKey, event: reported }: ReportedEvent): void {
    if (this.#store.hasEvent(dedupeKey)) return
    const at = Date.now()
    const before = this.#store.state()
    const event = withinLimits(before, reported)
    const { state, effects, ignored } = transition(before, event, at)
    this.#store.append(dedupeKey, event, at, ignored)
    if (ignored !== undefined) {
      // What was handed out after its attempt was over is stopped too.
      if (event.type === 'stage.waiting' && isAttemptOver(before, event.stage, event.attempt))
        this.#store.addEffect(action('cancel', event), at)
      return
    }
    this.#store.saveState(state)
    this.#projection.note(before, state)
    this.#store.pruneEffects((effect) => isOutstanding(state, effect))
    for (const effect of effects) {
      const spread = 'spreadMs' in effect ? Math.random() * effect.spreadMs! : 0
      this.#store.addEffect(effect, effect.type === 'timer' ? effect.at + spread : at)
    }
  }

  #stop(stage: string, attempt: number): void {
    this.#store.addEffect(action('cancel', { stage, attempt }), Date.now())
    this.#drive()
  }

  #fireTimers(now: number): void {
    for (const { effectId, effect } of this.#store.dueTimers(now)) {
      const of = 'stage' in effect ? { stage: effect.stage, attempt: effect.attempt } : {}
      this.#record({ dedupeKey: `timer:${effectId}`, event: { type: effect.event, ...of } as RunEvent })
      this.#store.deleteEffect(effectId)
    }
  }

  /** Sends what is due without waiting for the alarm, which is there in case that the process ends first. */
  #drive(): void {
    this.ctx.waitUntil(
      this.#deliver(Date.now()).catch((error: unknown) => {
        console.error({ message: 'run effect not sent', error: String(error) })
        this.#wake(Date.now() + RETRY_MS)
      }),
    )
    this.#wake()
  }

  async #deliver(now: number): Promise<void> {
    const due = this.#store.dueActions(now)
    if (due.length === 0) return
    const { runId, definition } = this.#store.run()!
    const queued: { body: StageMessage }[] = []
    for (const { effectId, effect, sends } of due) {
      // Marked before it is sent, so that nobody else sends it too.
      this.#store.sent(effectId, now + redeliveryMs(effect, sends))
      const body = messageOf(runId, effectId, effect)
      if (sends === 0 && isLight(effect, definition.stages)) this.#carryOut(body)
      else queued.push({ body })
    }
    if (queued.length === 0) return
    try {
      await this.env.STAGES.sendBatch(queued)
    } catch (error) {
      for (const { body } of queued) this.#store.sent(body.effectId, now + RETRY_MS)
      throw error
    }
  }

  /** Does what an effect asks for without a queue. What fails goes there the next time, and is kept if it fails again. */
  #carryOut(message: StageMessage): void {
    const done = runStage(this.env, message).catch((error: unknown) => {
      console.error({ message: 'run effect failed', ...message, error: String(error) })
      this.#store.sent(message.effectId, Date.now() + RETRY_MS)
      this.#wake()
    })
    this.ctx.waitUntil(done)
  }

  async #tendLeases(now: number): Promise<void> {
    const events = await tendLeases(this.env, this.#store, this.#store.run()!, now)
    if (events.length > 0) this.#apply(events)
  }

  #archiveIsDue(): boolean {
    if (this.#log.count() > MAX_LINES) return true
    return TERMINAL_RUN.has(this.#store.state().status) && !this.#store.isArchived()
  }

  #push(): void {
    if (this.#followers.count === 0) return
    const load = (from: FollowFrom) => ({
      events: this.#store.events(from.event),
      lines: this.#log.after(from.line),
    })
    this.#followers.push(load, TERMINAL_RUN.has(this.#store.state().status))
  }

  /** Sets the alarm to the next thing due. */
  #wake(notBefore = 0): void {
    const state = this.#store.state()
    const isLeaseOver = this.#store.leases().some((lease) => isOver(state, lease))
    const due = [
      this.#projection.dueAt(),
      isLeaseOver || this.#archiveIsDue() ? 0 : Number.POSITIVE_INFINITY,
      this.#store.nextDue() ?? Number.POSITIVE_INFINITY,
    ]
    const next = Math.min(...due)
    if (next !== Number.POSITIVE_INFINITY)
      void this.ctx.storage.setAlarm(Math.max(next, notBefore, Date.now()))
    else if (TERMINAL_RUN.has(state.status)) void this.ctx.storage.deleteAlarm()
  }
}
