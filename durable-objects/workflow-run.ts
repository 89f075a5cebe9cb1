import { DurableObject } from 'cloudflare:workers'
import type { Json } from '../domain/json.ts'
import type { Effect } from '../domain/run/effect.ts'
import type { ReportedEvent, RunEvent } from '../domain/run/event.ts'
import { isOutstanding } from '../domain/run/outstanding.ts'
import {
  LIVE_STAGE,
  TERMINAL_RUN,
  initialState,
  type RunState,
  type StageStatus,
} from '../domain/run/state.ts'
import { transition } from '../domain/run/transition.ts'
import type { StageDefinition } from '../domain/workflow/definition.ts'
import type { RunRecord } from '../domain/workflow/plan.ts'
import { resolveInputs } from '../domain/workflow/plan.ts'
import type { Env } from '../workers/env.ts'
import { projectRun } from '../workers/lineage/runs.ts'
import { RunStore, type RunLogEntry, type StageProgress } from './run-store.ts'

/** An effect whose outcome has not come is sent again after this long without a sign of life. */
export const REDELIVER_MS = 15_000
/** Locks are renewed three times within their lease. */
const RENEW_MS = 20_000

/** What an executor needs to work on a stage. */
export interface StageContext {
  run: RunRecord
  stage: string
  attempt: number
  status: StageStatus
  definition: StageDefinition
  inputs: Record<string, Json>
  outputs: Record<string, Json>
}

export interface RunDescription {
  run: RunRecord
  state: RunState
  progress: StageProgress[]
}

/** One workflow run: stores events, asks the pure reducer, delivers its effects. It decides nothing itself. */
export class WorkflowRun extends DurableObject<Env> {
  readonly #store: RunStore

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#store = new RunStore(ctx.storage)
  }

  /** Creates and starts the run. A repeated call is answered with the run that the first one created. */
  async create(run: RunRecord): Promise<RunRecord> {
    this.ctx.storage.transactionSync(() => {
      if (this.#store.run()) return
      this.#store.create(run, initialState(run.plan, Date.now()))
      this.#record({ dedupeKey: 'run.started', event: { type: 'run.started' } })
    })
    this.#wake()
    await this.#project()
    return this.#store.run()!
  }

  /** Records events and applies them. Events that were reported before change nothing. */
  report(events: ReportedEvent[]): { known: boolean; status?: RunState['status'] } {
    if (!this.#store.run()) return { known: false }
    this.ctx.storage.transactionSync(() => events.forEach((reported) => this.#record(reported)))
    this.#wake()
    return { known: true, status: this.#store.state().status }
  }

  /** A sign of life of an attempt: its work is not sent again for a while. */
  heartbeat(stage: string, attempt: number, progress: number, message: string): void {
    if (this.#store.state().stages[stage]?.attempt !== attempt) return
    this.#store.saveProgress({ stage, attempt, at: Date.now(), progress, message })
    this.#store.postpone(stage, attempt, Date.now() + REDELIVER_MS)
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
    const inputs = resolveInputs(run, state, definition)
    return { run, stage, attempt, status: current.status, definition, inputs, outputs: current.outputs }
  }

  /** The run keeps this lock alive, and gives it back when the stage ends, however it ends. */
  keepLock(stage: string, attempt: number, target: string): void {
    this.#store.saveLock({ target, stage, attempt, renewAt: Date.now() + RENEW_MS })
    this.#wake()
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
    return run && { run, state: this.#store.state(), progress: this.#store.progress() }
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
    this.ctx.storage.transactionSync(() => this.#fireTimers(now))
    const results = await Promise.allSettled([this.#deliver(now), this.#tendLocks(now), this.#project()])
    for (const result of results) {
      if (result.status === 'rejected')
        console.error({ message: 'run effect failed', error: String(result.reason) })
    }
    const failed = results.some(({ status }) => status === 'rejected')
    this.#wake(failed ? now + 1_000 : undefined)
  }

  #record({ dedupeKey, event }: ReportedEvent): void {
    if (this.#store.hasEvent(dedupeKey)) return
    const at = Date.now()
    const { state, effects, ignored } = transition(this.#store.state(), event, at)
    this.#store.append(dedupeKey, event, at, ignored)
    if (ignored !== undefined) return
    this.#store.saveState(state)
    this.#store.pruneEffects((effect) => isOutstanding(state, effect))
    for (const effect of effects) this.#store.addEffect(effect, effect.type === 'timer' ? effect.at : at)
  }

  #fireTimers(now: number): void {
    for (const { effectId, effect } of this.#store.dueEffects(now, 'timer')) {
      const { event, stage, attempt } = effect as Extract<Effect, { type: 'timer' }>
      this.#record({ dedupeKey: `timer:${effectId}`, event: { type: event, stage, attempt } as RunEvent })
      this.#store.deleteEffect(effectId)
    }
  }

  async #deliver(now: number): Promise<void> {
    const due = this.#store.dueEffects(now, 'stage_action')
    if (due.length === 0) return
    const runId = this.#store.run()!.runId
    const messages = due.map(({ effectId, effect }) => {
      const { action, stage, attempt } = effect as Extract<Effect, { type: 'stage_action' }>
      return { body: { runId, effectId, action, stage, attempt } }
    })
    await this.env.STAGES.sendBatch(messages)
    for (const { effectId } of due) this.#store.sent(effectId, now + REDELIVER_MS)
  }

  async #tendLocks(now: number): Promise<void> {
    const { project, runId } = this.#store.run()!
    const { stages } = this.#store.state()
    for (const lock of this.#store.locks()) {
      const { target, stage, attempt } = lock
      const gateLock = this.env.GATE_LOCK.getByName(`${project}/${target}`)
      const state = stages[stage]!
      if (state.attempt !== attempt || !LIVE_STAGE.has(state.status)) {
        await gateLock.release({ runId, stage, attempt })
        this.#store.deleteLock(target, stage, attempt)
      } else if (lock.renewAt <= now) {
        await gateLock.renew({ runId, stage, attempt })
        this.#store.saveLock({ ...lock, renewAt: now + RENEW_MS })
      }
    }
  }

  async #project(): Promise<void> {
    const { seq, projected } = this.#store.projection()
    if (seq === projected) return
    await projectRun(this.env.LINEAGE, this.#store.run()!, this.#store.state(), seq)
    this.#store.projectedUpTo(seq)
  }

  /** Sets the alarm to the next thing due: at once when there is something to deliver, project or release. */
  #wake(notBefore = 0): void {
    const state = this.#store.state()
    const { seq, projected } = this.#store.projection()
    const released = this.#store
      .locks()
      .some(
        ({ stage, attempt }) =>
          state.stages[stage]!.attempt !== attempt || !LIVE_STAGE.has(state.stages[stage]!.status),
      )
    const next = seq !== projected || released ? Date.now() : this.#store.nextDue()
    if (next === undefined) {
      if (TERMINAL_RUN.has(state.status)) void this.ctx.storage.deleteAlarm()
      return
    }
    void this.ctx.storage.setAlarm(Math.max(next, notBefore))
  }
}
