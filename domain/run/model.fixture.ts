import type { Json } from '../json.ts'
import type { RunEvent, StageEvent } from './event.ts'
import { CLOSED, Flags, type Flag } from './flags.fixture.ts'
import type { RandomRun } from './plans.fixture.ts'
import type { RunStatus, StagePlan } from './state.ts'

/** How often production may move under a stage before it gives up. */
const PATIENCE = 10

/**
 * What a run should do, told a second time and in another way: as sets of flags, guards that say when an event counts,
 * and rules that are followed until none applies. No status is kept; each is derived when it is asked for.
 */
export class Model {
  readonly flags: Flags
  readonly attempts: Map<string, number>
  /** Stages whose effects are in force, oldest first. */
  readonly ledger: string[] = []
  failureCode: string | undefined
  readonly #plan: RandomRun['plan']
  readonly #usual: string[]
  readonly #failure: string[]
  readonly #timeoutSeconds: number | undefined
  readonly #scores = new Map<string, Json | undefined>()
  readonly #signals = new Map<string, Json>()
  /** For each gate that has spoken of the current attempt: whether it lets the stage through. */
  readonly #lets = new Map<string, Map<string, boolean>>()
  readonly #restarts = new Map<string, number>()
  readonly #run = new Set<'started' | 'paused' | 'rolling back' | 'left something behind'>()
  #ending: 'failed' | 'cancelled' | undefined
  #ended: RunStatus | undefined
  #undoing: string | undefined
  #wanted: string[] = []

  constructor({ plan, kept, timeoutSeconds }: RandomRun) {
    const names = Object.keys(plan)
    this.#plan = plan
    this.#timeoutSeconds = timeoutSeconds
    this.#usual = names.filter((name) => !plan[name]!.role)
    this.#failure = names.filter((name) => plan[name]!.role === 'failure')
    this.attempts = new Map(names.map((name) => [name, 0]))
    this.flags = new Flags(names.map((name) => [name, kept[name] ? ['cached'] : []]))
    for (const [name, { outputs }] of Object.entries(kept)) this.#scores.set(name, outputs.score)
  }

  /** What has to be done outside because of this event, in no order; nothing at all when the event does not count. */
  apply(event: RunEvent, at: number): string[] | undefined {
    if (this.#ended || !('stage' in event ? this.#counts(event) : this.#countsForRun(event))) return undefined
    this.#wanted = []
    if ('stage' in event) this.#hear(event, at)
    else this.#hearOfRun(event, at)
    while (!this.#ended && this.#followRule(at));
    if (this.#ended) this.#wanted.push('ended')
    return this.#wanted.toSorted()
  }

  runStatus(): RunStatus {
    if (this.#ended) return this.#ended
    if (!this.#run.has('started')) return 'queued'
    if (this.#run.has('rolling back')) return 'rolling_back'
    if (this.#ending) return 'running'
    const works = this.#usual.some(
      (name) => this.flags.is(name, 'open') && !this.flags.is(name, 'parked', 'asked'),
    )
    const comesBack = !this.#run.has('paused') && this.#usual.some((name) => this.flags.is(name, 'resting'))
    return works || comesBack ? 'running' : 'waiting'
  }

  #countsForRun(event: Exclude<RunEvent, StageEvent>): boolean {
    if (event.type === 'run.started') return !this.#run.has('started')
    if (this.#ending) return false
    if (event.type === 'run.paused') return !this.#run.has('paused')
    if (event.type === 'run.resumed') return this.#run.has('paused')
    return event.type !== 'run.signalled' || !this.#signals.has(event.signal)
  }

  #counts(event: StageEvent): boolean {
    const { stage } = event
    const plan = this.#plan[stage]
    if (!plan || event.attempt !== this.attempts.get(stage)) return false
    if (event.type === 'stage.compensated') return this.#undoing === stage && plan.rollback === undefined
    if (this.#ending && !plan.role) return false
    switch (event.type) {
      case 'stage.started':
        return this.flags.is(stage, 'open') && !this.flags.is(stage, 'begun', 'parked', 'handed in')
      case 'stage.attempt_failed':
        return this.flags.is(stage, 'open')
      case 'stage.timed_out':
        return this.flags.is(stage, 'open') && !this.flags.is(stage, 'asked')
      case 'stage.heartbeat_missed':
        return this.flags.is(stage, 'open') && !this.flags.is(stage, 'handed in', 'queued')
      case 'stage.retry_due':
        return this.flags.is(stage, 'resting')
      case 'stage.committed':
      case 'stage.outdated':
        return this.flags.is(stage, 'writing')
      case 'approval.expired':
        return this.flags.is(stage, 'asked')
      case 'gate.evaluated': {
        const isTurn = (event.gate === 'approval') === this.flags.is(stage, 'asked')
        const isNew = plan.gates.includes(event.gate) && !this.#lets.get(stage)?.has(event.gate)
        return this.flags.is(stage, 'handed in') && !this.flags.is(stage, 'writing') && isTurn && isNew
      }
      default:
        return this.flags.is(stage, 'open') && !this.flags.is(stage, 'handed in')
    }
  }

  #hearOfRun(event: Exclude<RunEvent, StageEvent>, at: number): void {
    switch (event.type) {
      case 'run.started':
        this.#run.add('started')
        if (this.#timeoutSeconds) this.#wanted.push(`run.timed_out @${at + this.#timeoutSeconds * 1000}`)
        return
      case 'run.cancel_requested':
        return this.#end('cancelled', 'run.cancelled')
      case 'run.timed_out':
        return this.#end('failed', 'run.timed_out')
      case 'run.paused':
        return void this.#run.add('paused')
      case 'run.resumed':
        return void this.#run.delete('paused')
      case 'run.signalled':
        this.#signals.set(event.signal, event.payload)
    }
  }

  #hear(event: StageEvent, at: number): void {
    const { stage } = event
    switch (event.type) {
      case 'stage.started':
        return void this.flags.add(stage, 'begun')
      case 'stage.waiting':
        if (!this.flags.drop(stage, 'called')) return this.#park(stage, event.queued === true, at)
        this.flags.add(stage, 'begun')
        return this.#want('execute', stage)
      case 'stage.resumed':
        if (!this.flags.drop(stage, 'parked')) return void this.flags.add(stage, 'called')
        this.flags.add(stage, 'begun')
        this.#takeTurn(stage, at)
        return this.#want('execute', stage)
      case 'stage.produced':
        this.flags.drop(stage, 'parked')
        this.flags.drop(stage, 'queued')
        this.flags.add(stage, 'handed in')
        if (event.cachedFrom) this.flags.add(stage, 'borrowed')
        this.#scores.set(stage, event.outputs.score)
        return this.#isJudged(stage) ? this.#judge(stage, at) : this.#want('gates', stage)
      case 'stage.attempt_failed':
        return this.#failAttempt(stage, event.error.code, event.retryable, at)
      case 'stage.timed_out':
        return this.#failAttempt(stage, event.type, true, at)
      case 'stage.heartbeat_missed':
        return this.#failAttempt(stage, 'stage.lost', true, at)
      case 'stage.retry_due':
        return void this.flags.add(stage, 'due')
      case 'gate.evaluated':
        this.#lets.set(stage, new Map(this.#lets.get(stage)).set(event.gate, !event.blocks))
        return this.#isJudged(stage) ? this.#judge(stage, at) : undefined
      case 'approval.expired':
        return this.#fail(stage, 'gate.closed')
      case 'stage.committed':
        return this.#pass(stage)
      case 'stage.outdated': {
        const restarts = (this.#restarts.get(stage) ?? 0) + 1
        this.#restarts.set(stage, restarts)
        this.flags.drop(stage, 'writing')
        return restarts > PATIENCE ? this.#fail(stage, 'stage.outdated') : this.#rest(stage, at, 0)
      }
      case 'stage.compensated':
        this.#undone()
    }
  }

  #park(stage: string, isQueued: boolean, at: number): void {
    this.flags.add(stage, 'parked')
    if (isQueued) this.flags.add(stage, 'queued')
    else this.#takeTurn(stage, at)
  }

  #takeTurn(stage: string, at: number): void {
    const { heartbeatSeconds } = this.#plan[stage]!
    if (!this.flags.drop(stage, 'queued') || !heartbeatSeconds) return
    this.#want('stage.heartbeat_missed', stage, at + heartbeatSeconds * 1000)
  }

  #isJudged(stage: string): boolean {
    const { gates } = this.#plan[stage]!
    return gates.every((gate) => gate === 'approval' || this.#lets.get(stage)?.has(gate))
  }

  #judge(stage: string, at: number): void {
    const { approval, takesEffect, timeoutSeconds } = this.#plan[stage]!
    const lets = this.#lets.get(stage) ?? new Map<string, boolean>()
    if ([...lets.values()].includes(false)) return this.#fail(stage, 'gate.closed')
    if (approval && !lets.has('approval')) {
      this.flags.add(stage, 'asked')
      this.#want('approval', stage)
      return this.#want('approval.expired', stage, at + approval.deadlineSeconds * 1000)
    }
    if (!takesEffect) return this.#pass(stage)
    this.flags.drop(stage, 'asked')
    this.flags.add(stage, 'writing')
    this.#want('commit', stage)
    if (approval) this.#want('stage.timed_out', stage, at + timeoutSeconds * 1000)
  }

  #failAttempt(stage: string, code: string, retryable: boolean, at: number): void {
    const { attempts, final, backoffSeconds, maxBackoffSeconds } = this.#plan[stage]!.retry
    const spent = this.attempts.get(stage)! - (this.#restarts.get(stage) ?? 0)
    const isFinal = !retryable || final.includes(code) || spent >= attempts || this.flags.is(stage, 'writing')
    if (isFinal) this.#fail(stage, code)
    else this.#rest(stage, at, Math.min(backoffSeconds * 2 ** (spent - 1), maxBackoffSeconds) * 1000)
  }

  #rest(stage: string, at: number, spreadMs: number): void {
    this.#become(stage, 'resting')
    this.#want('cancel', stage)
    this.#want('stage.retry_due', stage, at, spreadMs)
  }

  #fail(stage: string, code: string): void {
    if (this.flags.is(stage, 'writing')) this.ledger.push(stage)
    this.#become(stage, 'failed')
    this.#want('cancel', stage)
    if (!this.#plan[stage]!.role) this.#end('failed', code)
  }

  #pass(stage: string): void {
    const { takesEffect, rollback } = this.#plan[stage]!
    if (takesEffect || rollback) this.ledger.push(stage)
    this.#become(stage, this.flags.is(stage, 'borrowed') ? 'cached' : 'passed')
  }

  #end(how: 'failed' | 'cancelled', code: string): void {
    this.#ending = how
    this.failureCode = code
    this.#run.delete('paused')
    for (const name of this.#usual.filter((each) => !this.flags.is(each, ...CLOSED))) {
      if (this.flags.is(name, 'writing')) this.ledger.push(name)
      if (this.attempts.get(name)! > 0) this.#want('cancel', name)
      this.#become(name, 'cancelled')
    }
  }

  /** Follows one rule that leads to a change. False when none does. */
  #followRule(at: number): boolean {
    const [due] = this.flags.names('due')
    if (due && !this.#run.has('paused')) return this.#start(due, at)
    if (!this.#ending) return this.#run.has('started') && this.#advance(at)
    return this.#undoLast(at) || (this.ledger.length === 0 && this.#finishEnding(at))
  }

  #advance(at: number): boolean {
    for (const name of this.#usual.filter((each) => this.flags.isFresh(each))) {
      const { needs, when, waitFor = [] } = this.#plan[name]!
      if (needs.some((need) => this.flags.is(need, 'skipped'))) return this.#become(name, 'skipped')
      if (!needs.every((need) => this.flags.is(need, 'passed', 'cached'))) continue
      if (this.#isUnwanted(when)) return this.#become(name, 'skipped')
      const isCalled = waitFor.every((signal) => this.#signals.has(signal))
      if (isCalled && !this.#run.has('paused')) return this.#start(name, at)
    }
    return this.#usual.every((name) => this.flags.is(name, ...CLOSED)) && this.#finish('succeeded')
  }

  #undoLast(at: number): boolean {
    const last = this.ledger.at(-1)
    if (last === undefined) return false
    this.#run.add('rolling back')
    const { rollback } = this.#plan[last]!
    if (this.#undoing !== last) {
      this.#undoing = last
      if (rollback !== undefined) return this.#start(rollback, at)
      this.#want('compensate', last)
    }
    if (rollback === undefined || !this.flags.is(rollback, ...CLOSED)) return false
    if (this.flags.is(rollback, 'failed')) {
      this.#run.add('left something behind')
      this.failureCode = 'rollback.failed'
    }
    return this.#undone()
  }

  #finishEnding(at: number): boolean {
    const open =
      this.#ending === 'failed' ? this.#failure.filter((name) => !this.flags.is(name, ...CLOSED)) : []
    for (const name of open.filter((each) => this.flags.isFresh(each))) {
      const before = this.#plan[name]!.needs.filter((need) => this.#failure.includes(need))
      if (before.some((need) => this.flags.is(need, 'failed', 'skipped')))
        return this.#become(name, 'skipped')
      if (before.every((need) => this.flags.is(need, ...CLOSED))) return this.#start(name, at)
    }
    if (open.length > 0) return false
    const isUndone = this.#run.has('rolling back') && !this.#run.has('left something behind')
    return this.#finish(isUndone ? 'rolled_back' : this.#ending!)
  }

  #isUnwanted(when: StagePlan['when']): boolean {
    if (when === undefined || typeof when === 'boolean') return when === false
    if (when.source === 'signals.go') return this.#signals.has('go') && this.#signals.get('go') !== 1
    return !(Number(this.#scores.get(when.source.replace('.score', '')) ?? 0) > 0)
  }

  #start(name: string, at: number): true {
    const { timeoutSeconds, heartbeatSeconds } = this.#plan[name]!
    this.attempts.set(name, this.attempts.get(name)! + 1)
    this.#want('execute', name)
    this.#want('stage.timed_out', name, at + timeoutSeconds * 1000)
    if (heartbeatSeconds) this.#want('stage.heartbeat_missed', name, at + heartbeatSeconds * 1000)
    return this.#become(name, 'open')
  }

  #undone(): true {
    this.ledger.pop()
    this.#undoing = undefined
    return true
  }

  #finish(status: RunStatus): true {
    this.#ended = status
    for (const name of Object.keys(this.#plan)) if (this.flags.isFresh(name)) this.#become(name, 'skipped')
    return true
  }

  #become(name: string, flag: Flag): true {
    this.flags.become(name, flag)
    this.#lets.delete(name)
    return true
  }

  #want(what: string, name: string, at?: number, spreadMs?: number): void {
    const due = at === undefined ? '' : ` @${at}`
    this.#wanted.push(
      `${what} ${name}#${this.attempts.get(name)}${due}${spreadMs === undefined ? '' : `+${spreadMs}`}`,
    )
  }
}
