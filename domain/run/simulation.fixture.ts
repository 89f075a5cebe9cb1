import type { Effect } from './effect.ts'
import type { ReportedEvent, RunEvent } from './event.ts'
import { isOutstanding } from './outstanding.ts'
import { Outside, type Ask } from './outside.fixture.ts'
import type { RandomRun } from './plans.fixture.ts'
import { TERMINAL_RUN, initialState, type RunState } from './state.ts'
import { transition, type Transition } from './transition.ts'

/** An effect that is not known to have had its outcome is sent again after this long. */
const REDELIVER_MS = 15_000

/** What may go otherwise than plainly. */
export type Chance =
  | 'time passes'
  | 'a process dies'
  | 'someone acts'
  | 'who acts'
  | 'which is next'
  | 'a message is doubled'
  | 'a message is lost'
  | 'a worker dies'
  | 'a callback is lost'
  | 'jitter'

interface Watch {
  transition?: (before: RunState, event: RunEvent, at: number, step: Transition) => void
  restart?: (stored: RunState, replayed: RunState) => void
}

interface Sent {
  effectId: number
  effect: Effect
}

/**
 * A run with everything around it: a log and an outbox that survive, a queue and a network that lose, double and reorder
 * and are gone when the process dies, endpoints that call back early, late or never, and people who act when they like.
 */
export class Simulation {
  state: RunState
  readonly outside: Outside
  readonly log: { at: number; event: RunEvent }[] = []
  readonly outbox = new Map<number, { effect: Effect; due: number }>()
  readonly #run: RandomRun
  readonly #chance: (what: Chance, n: number) => number
  readonly #watch: Watch
  readonly #keys = new Set<string>()
  readonly #timers: RunEvent[] = []
  #now = 0
  #ids = 0
  #queue: Sent[] = []
  #network: ReportedEvent[] = []
  #callbacks: ReportedEvent[] = []

  /** `chance` and `ask` answer from 0 to n - 1: 0 is what goes well, so that nothing but zeros leads to an end. */
  constructor(run: RandomRun, chance: (what: Chance, n: number) => number, ask: Ask, watch: Watch = {}) {
    this.#run = run
    this.#chance = chance
    this.#watch = watch
    this.state = this.#initial()
    this.outside = new Outside(run.plan, ask)
    this.#record({ dedupeKey: 'run.started', event: { type: 'run.started' } })
  }

  #initial(): RunState {
    return initialState(this.#run.plan, 0, { kept: this.#run.kept, timeoutSeconds: this.#run.timeoutSeconds })
  }

  /** One thing happens. False when nothing is left that could. */
  step(): boolean {
    this.#now += Math.max(0, this.#chance('time passes', 12) - 9) * 500
    if (this.#chance('a process dies', 40) === 1) this.kill()
    const isActing = this.#chance('someone acts', 8) === 1
    if (isActing && this.#act()) return true
    if (this.#callbacks.length > 0 && this.#chance('which is next', 5) === 1)
      this.#record(this.#take(this.#callbacks))
    else if (this.#network.length > 0 && this.#chance('which is next', 3) === 0)
      this.#record(this.#take(this.#network))
    else if (this.#queue.length > 0 && this.#chance('which is next', 3) === 0)
      this.#work(this.#take(this.#queue))
    else if (!this.#deliver()) return this.#handOn() || this.#wait()
    return true
  }

  /** The process dies: what was under way is gone, and the state is what the log says. */
  kill(): void {
    this.#queue = []
    this.#network = []
    const stored = this.state
    this.state = this.log.reduce(
      (state, { event, at }) => transition(state, event, at).state,
      this.#initial(),
    )
    this.#watch.restart?.(stored, this.state)
  }

  #record({ dedupeKey, event }: ReportedEvent): void {
    if (this.#keys.has(dedupeKey)) return
    this.#keys.add(dedupeKey)
    this.log.push({ at: this.#now, event })
    const before = this.state
    const step = transition(before, event, this.#now)
    this.state = step.state
    for (const [id, { effect }] of this.outbox) if (!isOutstanding(step.state, effect)) this.outbox.delete(id)
    for (const effect of step.effects) {
      if (effect.type === 'timer') this.#timers.push(eventOf(effect))
      const jitter =
        effect.type === 'timer' && 'spreadMs' in effect ? this.#chance('jitter', effect.spreadMs! + 1) : 0
      this.outbox.set(this.#ids++, { effect, due: effect.type === 'timer' ? effect.at + jitter : this.#now })
    }
    this.#watch.transition?.(before, event, this.#now, step)
  }

  /** Fires a timer or sends an effect that is due. False when none is. */
  #deliver(): boolean {
    const due = [...this.outbox].filter(([, entry]) => entry.due <= this.#now)
    const [effectId, entry] = due[this.#chance('which is next', due.length)] ?? []
    if (effectId === undefined || !entry) return false
    const { effect } = entry
    if (effect.type === 'timer') {
      this.outbox.delete(effectId)
      this.#record({ dedupeKey: `timer:${effectId}`, event: eventOf(effect) })
      return true
    }
    entry.due = this.#now + REDELIVER_MS
    if (this.#chance('a message is lost', 6) !== 1) this.#queue.push({ effectId, effect })
    return true
  }

  #work({ effectId, effect }: Sent): void {
    if (effect.type === 'run_action') this.outbox.delete(effectId)
    if (effect.type !== 'stage_action') return
    const { action, stage, attempt } = effect
    if (action === 'cancel') this.outbox.delete(effectId)
    if (this.state.stages[stage]!.attempt !== attempt) return
    const { reports, callbacks } = this.outside.work(action, stage, attempt, this.state)
    const said = this.#chance('a worker dies', 6) === 1 ? this.#chance('a worker dies', 2) : reports.length
    this.#network.push(...reports.slice(0, said))
    this.#callbacks.push(...callbacks.filter(() => this.#chance('a callback is lost', 8) !== 1))
  }

  /** What comes from outside arrives, early or late. False when nothing is on its way. */
  #handOn(): boolean {
    if (this.#callbacks.length > 0) this.#record(this.#take(this.#callbacks))
    else if (this.#network.length > 0) this.#record(this.#take(this.#network))
    else if (this.#queue.length > 0) this.#work(this.#take(this.#queue))
    else return false
    return true
  }

  /** Nothing is due: people do what they are asked to, or time passes until something is. */
  #wait(): boolean {
    const isAsleep = this.#chance('someone acts', 3) === 1
    if (!isAsleep && this.#answerAll()) return true
    const next = Math.min(...[...this.outbox.values()].map(({ due }) => due))
    if (next === Infinity) return this.#answerAll()
    this.#now = Math.max(this.#now, next)
    return true
  }

  #answerAll(): boolean {
    const [person] = this.outside.inbox.keys()
    if (TERMINAL_RUN.has(this.state.status)) return false
    if (person !== undefined) this.#record(this.outside.decide(person))
    else if (this.state.paused) this.#say({ type: 'run.resumed', actor: 'x' })
    else {
      const awaited = Object.values(this.#run.plan).flatMap(({ waitFor }) => waitFor ?? [])
      const signal = awaited.find((name) => !this.state.signals[name])
      if (signal === undefined || this.state.ending) return false
      this.#signal(signal)
    }
    return true
  }

  /** Somebody does something of their own accord. False when there was nothing to do. */
  #act(): boolean {
    switch (this.#chance('who acts', 12)) {
      case 0:
      case 1:
        return this.#answerAll()
      case 2:
        return this.#say({ type: 'run.paused', actor: 'x', reason: 'x' })
      case 3:
        return this.#say({ type: 'run.resumed', actor: 'x' })
      case 4:
      case 5:
        return this.#signal(['go', 'data', 'other'][this.#chance('who acts', 3)]!)
      case 6:
        return (
          this.#chance('who acts', 6) === 1 &&
          this.#say({ type: 'run.cancel_requested', actor: 'x', reason: 'x' })
        )
      case 7:
        return this.#beat()
      case 8:
        return this.#approveUnasked()
      default:
        return this.#repeatOld()
    }
  }

  #signal(signal: string): true {
    const payload = this.#chance('who acts', 3) === 1 ? 0 : 1
    return this.#say({ type: 'run.signalled', signal, actor: 'x', payload })
  }

  #say(event: RunEvent): true {
    this.#record({ dedupeKey: `said:${this.log.length}`, event })
    return true
  }

  /** Somebody decides about a stage, whether or not it is their turn. */
  #approveUnasked(): boolean {
    const withPerson = Object.keys(this.#run.plan).filter((name) => this.#run.plan[name]!.approval)
    const stage = withPerson[this.#chance('which is next', withPerson.length)]
    if (stage === undefined) return false
    const { attempt } = this.state.stages[stage]!
    const verdict = { gate: 'approval', verdict: 'passed', blocks: false, sentence: '' } as const
    return this.#say({ type: 'gate.evaluated', stage, attempt, ...verdict })
  }

  /** A sign of life puts off the time at which an attempt counts as lost. */
  #beat(): boolean {
    for (const entry of this.outbox.values()) {
      if (entry.effect.type === 'timer' && entry.effect.event === 'stage.heartbeat_missed')
        entry.due = this.#now + 5_000
    }
    return false
  }

  /** A report comes late, or again under another key, or names an attempt that is not its own; a timer fires out of turn. */
  #repeatOld(): true {
    const isTimer = this.#timers.length > 0 && this.#chance('who acts', 8) === 1
    const past = isTimer ? this.#timers : this.log.map(({ event }) => event)
    const event = past[this.#chance('which is next', past.length)]!
    const astray = 'stage' in event && this.#chance('who acts', 3) === 1
    return this.#say(astray ? { ...event, attempt: event.attempt + 1 } : event)
  }

  /** Takes one of the list; now and then it stays for a second delivery. */
  #take<T>(list: T[]): T {
    const index = this.#chance('which is next', list.length)
    const [item] = this.#chance('a message is doubled', 4) === 1 ? [list[index]!] : list.splice(index, 1)
    return item!
  }
}

function eventOf(timer: Extract<Effect, { type: 'timer' }>): RunEvent {
  if (!('stage' in timer)) return { type: timer.event }
  const { event: type, stage, attempt } = timer
  return { type, stage, attempt }
}
