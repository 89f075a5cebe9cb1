import type { StageAction } from './effect.ts'
import type { ReportedEvent, RunEvent } from './event.ts'
import { LIVE_STAGE, type RunState, type StagePlan } from './state.ts'

/** An answer from 0 to n - 1, of which 0 is the plain one. */
export type Ask = (question: string, n: number) => number

/** What a consumer of the queue found out: what it reports itself, and what comes later from elsewhere. */
interface Findings {
  reports: ReportedEvent[]
  callbacks: ReportedEvent[]
}

/** All that lies outside a run and outlives its process: endpoints, gates' verdicts, people, production. */
export class Outside {
  readonly production = new Set<string>()
  /** Stages that a person is asked about, by attempt. */
  readonly inbox = new Map<string, { stage: string; attempt: number }>()
  readonly #plan: Record<string, StagePlan>
  readonly #ask: Ask
  readonly #granted = new Set<string>()
  readonly #outdated = new Set<string>()

  constructor(plan: Record<string, StagePlan>, ask: Ask) {
    this.#plan = plan
    this.#ask = ask
  }

  /** Does what an effect asks for; as often as it is asked to. */
  work(action: StageAction, name: string, attempt: number, state: RunState): Findings {
    const of = { stage: name, attempt }
    const key = `${name}:${attempt}`
    switch (action) {
      case 'execute':
        return this.#execute(of, key)
      case 'gates': {
        const gates = this.#plan[name]!.gates.filter((gate) => gate !== 'approval')
        return { reports: gates.map((gate) => this.#verdict(of, key, gate)), callbacks: [] }
      }
      case 'approval':
        this.inbox.set(key, of)
        return { reports: [], callbacks: [] }
      case 'commit':
        return { reports: [this.#commit(of, key, LIVE_STAGE.has(state.stages[name]!.status))], callbacks: [] }
      case 'compensate':
        this.production.delete(name)
        return {
          reports: [one(`compensated:${key}`, { type: 'stage.compensated', ...of, detail: '' })],
          callbacks: [],
        }
      case 'cancel':
        return { reports: [], callbacks: [] }
    }
  }

  /** A person decides. */
  decide(key: string): ReportedEvent {
    const of = this.inbox.get(key)!
    this.inbox.delete(key)
    return this.#verdict(of, key, 'approval')
  }

  #execute(of: { stage: string; attempt: number }, key: string): Findings {
    const started = one(`started:${key}`, { type: 'stage.started', ...of })
    const answer = this.#ask(`execute:${key}:${this.#granted.has(key)}`, 30)
    const waits = one(`waiting:${key}:${this.#granted.has(key)}`, {
      type: 'stage.waiting',
      ...of,
      waitingFor: 'x',
    })
    if (answer < 12) return { reports: [started, this.#produced(of, key)], callbacks: [] }
    if (answer < 15) return { reports: [started, this.#failed(of, key, 'x')], callbacks: [] }
    if (answer === 15) return { reports: [started, this.#failed(of, key, 'final')], callbacks: [] }
    if (answer === 16) return { reports: [started, this.#failed(of, key, 'x', false)], callbacks: [] }
    // A job that an endpoint works on, and calls back about.
    if (answer < 22) return { reports: [started, waits], callbacks: [this.#produced(of, key)] }
    if (answer === 22) return { reports: [started, waits], callbacks: [this.#failed(of, key, 'x')] }
    if (this.#granted.has(key)) return { reports: [this.#produced(of, key)], callbacks: [] }
    // A lock, which may be granted before the stage says that it waits for its turn.
    this.#granted.add(key)
    const queues = { ...waits, event: { ...waits.event, queued: true } as RunEvent }
    const granted = one(`granted:${key}`, { type: 'stage.resumed', ...of, cause: 'x' })
    return { reports: [started, queues], callbacks: [granted] }
  }

  #produced(of: { stage: string; attempt: number }, key: string): ReportedEvent {
    const outputs = { score: this.#ask(`score:${key}`, 4) === 1 ? 0 : 1 }
    const isCached = !this.#plan[of.stage]!.takesEffect && this.#ask(`cached:${key}`, 5) === 1
    const cachedFrom = isCached ? { cachedFrom: { runId: 'run_0', stage: of.stage } } : {}
    return one(`produced:${key}`, { type: 'stage.produced', ...of, outputs, ...cachedFrom })
  }

  #failed(
    of: { stage: string; attempt: number },
    key: string,
    code: string,
    retryable = true,
  ): ReportedEvent {
    const error = { code, message: 'x' }
    return one(`failed:${key}`, { type: 'stage.attempt_failed', ...of, error, retryable })
  }

  /** A verdict is a row that is never written anew: the first stands. */
  #verdict(of: { stage: string; attempt: number }, key: string, gate: string): ReportedEvent {
    const answer = this.#ask(`verdict:${key}:${gate}`, 20)
    const verdict = (['passed', 'failed', 'inconclusive', 'waived'] as const)[answer] ?? 'passed'
    const blocks = verdict === 'failed'
    return one(`verdict:${key}:${gate}`, {
      type: 'gate.evaluated',
      ...of,
      gate,
      verdict,
      blocks,
      sentence: '',
    })
  }

  /** The target refuses whoever lost the lock, and a stage that ended gives it back. */
  #commit(of: { stage: string; attempt: number }, key: string, holdsLock: boolean): ReportedEvent {
    if (!holdsLock) return this.#failed(of, key, 'x', false)
    if (!this.production.has(of.stage) && this.#ask(`outdated:${key}`, 6) === 1) this.#outdated.add(key)
    // What was judged against an older production stays so: the attempt never commits after all.
    if (this.#outdated.has(key)) return one(`outdated:${key}`, { type: 'stage.outdated', ...of, cause: 'x' })
    this.production.add(of.stage)
    return one(`committed:${key}`, { type: 'stage.committed', ...of })
  }
}

function one(dedupeKey: string, event: RunEvent): ReportedEvent {
  return { dedupeKey, event }
}
