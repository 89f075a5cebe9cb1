import type { Effect, StageAction } from './effect.ts'
import type { ReportedEvent, RunEvent } from './event.ts'
import { isOutstanding } from './outstanding.ts'
import { LIVE_STAGE, initialState, type RunState, type StagePlan } from './state.ts'
import { transition } from './transition.ts'

type Choose = (n: number) => number
type Plan = Record<string, StagePlan>
type ActionMessage = Extract<Effect, { type: 'stage_action' }> & { effectId: number }

/**
 * A run with everything around it: an outbox, a queue that loses, doubles and reorders, workers that die between two
 * reports, a lock that may be granted before the stage says that it waits, and a production that can be looked at.
 */
export class Simulation {
  readonly inProduction = new Set<string>()
  /** Stages in the order in which they were undone. */
  readonly undone: string[] = []
  /** Stages that had not passed when a stage that needs them was started. */
  readonly startedWithout: string[] = []
  /** Stages that had taken effect when the run began to be rolled back, in order. */
  toUndo: string[] | undefined
  state: RunState
  #now = 0
  #nextEffect = 0
  #outbox = new Map<number, Effect>()
  #queue: ActionMessage[] = []
  #network: ReportedEvent[] = []
  readonly #log = new Set<string>()
  readonly #granted = new Set<string>()
  readonly #plan: Plan
  readonly #choose: Choose

  constructor(plan: Plan, choose: Choose) {
    this.#plan = plan
    this.#choose = choose
    this.state = initialState(plan, 0)
    this.#record({ dedupeKey: 'run.started', event: { type: 'run.started' } })
  }

  /** One thing happens. False when nothing is left that could. */
  step(): boolean {
    this.#now += this.#choose(3) * 500
    const move = this.#choose(3)
    if (move === 0 && this.#network.length > 0) this.#record(this.#take(this.#network))
    else if (move === 1 && this.#queue.length > 0) this.#work(this.#take(this.#queue))
    else if (!this.#deliver()) {
      if (this.#network.length > 0) this.#record(this.#take(this.#network))
      else if (this.#queue.length > 0) this.#work(this.#take(this.#queue))
      else return this.#outbox.size > 0 && this.#waitForTimer()
    }
    return true
  }

  cancel(): void {
    this.#record({ dedupeKey: 'cancel', event: { type: 'run.cancel_requested', actor: 'x', reason: 'x' } })
  }

  /** Removes one of the list; half of the time it stays for a second delivery. */
  #take<T>(list: T[]): T {
    const index = this.#choose(list.length)
    const [item] = this.#choose(4) === 0 ? [list[index]!] : list.splice(index, 1)
    return item!
  }

  #record({ dedupeKey, event }: ReportedEvent): void {
    if (this.#log.has(dedupeKey)) return
    this.#log.add(dedupeKey)
    const before = this.state.status
    const { state, effects, ignored } = transition(this.state, event, this.#now)
    if (ignored !== undefined) return
    this.state = state
    if (before !== 'rolling_back' && state.status === 'rolling_back') this.toUndo = [...state.effective]
    for (const [id, effect] of this.#outbox) if (!isOutstanding(state, effect)) this.#outbox.delete(id)
    for (const effect of effects) {
      if (effect.type === 'stage_action' && effect.action === 'execute') {
        const missing = this.#plan[effect.stage]!.needs.filter(
          (need) => state.stages[need]!.status !== 'passed',
        )
        this.startedWithout.push(...missing)
      }
      this.#outbox.set(this.#nextEffect++, effect)
    }
  }

  /** Sends one effect or fires one timer that is due. A queue may lose it: it stays in the outbox. */
  #deliver(): boolean {
    const due = [...this.#outbox].filter(([, effect]) => effect.type !== 'timer' || effect.at <= this.#now)
    if (due.length === 0) return false
    const [effectId, effect] = due[this.#choose(due.length)]!
    if (effect.type === 'timer') {
      this.#outbox.delete(effectId)
      const { event: type, stage: name, attempt } = effect
      this.#record({ dedupeKey: `timer:${effectId}`, event: { type, stage: name, attempt } })
    } else if (this.#choose(4) > 0 && this.#queue.length < 20) this.#queue.push({ ...effect, effectId })
    else return this.#queue.length === 0 && this.#network.length === 0
    return true
  }

  #waitForTimer(): boolean {
    const timers = [...this.#outbox.values()].flatMap((effect) =>
      effect.type === 'timer' ? [effect.at] : [],
    )
    if (timers.length > 0) this.#now = Math.max(this.#now, Math.min(...timers))
    return true
  }

  #work({ action, stage: name, attempt, effectId }: ActionMessage): void {
    if (action === 'cancel') {
      this.#outbox.delete(effectId)
      return
    }
    const current = this.state.stages[name]!
    if (current.attempt !== attempt) return
    const reports = this.#carryOut(action, name, attempt, effectId, LIVE_STAGE.has(current.status))
    // A worker may die between two reports.
    this.#network.push(...(this.#choose(6) === 0 ? reports.slice(0, this.#choose(2)) : reports))
  }

  #carryOut(
    action: StageAction,
    name: string,
    attempt: number,
    effectId: number,
    holdsLock: boolean,
  ): ReportedEvent[] {
    const of = { stage: name, attempt }
    const key = `${name}:${attempt}`
    const one = (dedupeKey: string, event: RunEvent): ReportedEvent[] => [{ dedupeKey, event }]
    const fails = (retryable: boolean) =>
      one(`failed:${key}`, {
        type: 'stage.attempt_failed',
        ...of,
        error: { code: 'x', message: 'x' },
        retryable,
      })
    switch (action) {
      case 'execute': {
        const started = one(`started:${key}`, { type: 'stage.started', ...of })
        if (!this.#granted.has(key) && this.#choose(2) === 0) {
          this.#granted.add(key)
          this.#network.push(...one(`granted:${key}`, { type: 'stage.resumed', ...of, cause: 'x' }))
          return [
            ...started,
            ...one(`waiting:${key}:${effectId}`, { type: 'stage.waiting', ...of, waitingFor: 'x' }),
          ]
        }
        if (this.#choose(8) === 0) return [...started, ...fails(this.#choose(4) > 0)]
        return [...started, ...one(`produced:${key}`, { type: 'stage.produced', ...of, outputs: {} })]
      }
      case 'gates':
        return this.#plan[name]!.gates.flatMap((gate) => {
          const blocks = this.#choose(15) === 0
          return one(`verdict:${key}:${gate}`, {
            type: 'gate.evaluated',
            ...of,
            gate,
            verdict: blocks ? 'failed' : 'passed',
            blocks,
            sentence: '',
          })
        })
      case 'commit':
        // The target refuses whoever lost the lock, and a stage that ended gives it back.
        if (!holdsLock) return fails(false)
        this.inProduction.add(name)
        return one(`committed:${key}`, { type: 'stage.committed', ...of })
      default:
        if (!this.#log.has(`compensated:${name}`) && !this.undone.includes(name)) this.undone.push(name)
        this.inProduction.delete(name)
        return one(`compensated:${name}`, { type: 'stage.compensated', ...of, detail: '' })
    }
  }
}
