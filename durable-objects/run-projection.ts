import { TERMINAL_RUN, type RunState } from '../domain/run/state.ts'
import type { Env } from '../workers/env.ts'
import { projectRun } from '../workers/lineage/runs.ts'
import type { RunStore } from './run-store.ts'

/** Changes within this time reach D1 together. */
const PROJECT_MS = 250

/** Tells D1 what happened to a run: off the path of the run itself, and no more often than anybody could read it. */
export class RunProjection {
  readonly #env: Env
  readonly #store: RunStore
  /** Stages that D1 does not have as they are: all of them, as far as an object that has just started knows. */
  #changed: Set<string> | 'all' = 'all'
  #projectedAt = 0
  #underWay: Promise<void> | undefined

  constructor(env: Env, store: RunStore) {
    this.#env = env
    this.#store = store
  }

  /** Notes which stages an event changed. */
  note(before: RunState, after: RunState): void {
    if (this.#changed === 'all') return
    for (const name of Object.keys(after.stages)) {
      if (JSON.stringify(before.stages[name]) !== JSON.stringify(after.stages[name])) this.#changed.add(name)
    }
  }

  /** When D1 is to be told: soon, and at once when the run has ended. Infinity when it knows everything. */
  dueAt(): number {
    const { seq, projected } = this.#store.projection()
    if (seq === projected) return Number.POSITIVE_INFINITY
    return TERMINAL_RUN.has(this.#store.state().status) ? 0 : this.#projectedAt + PROJECT_MS
  }

  /** One at a time: an older one that fails must not hide that a newer one is in place. */
  project(): Promise<void> {
    this.#underWay ??= this.#projectNow().finally(() => (this.#underWay = undefined))
    return this.#underWay
  }

  async #projectNow(): Promise<void> {
    const { seq, projected } = this.#store.projection()
    if (seq === projected) return
    this.#projectedAt = Date.now()
    const state = this.#store.state()
    const changed = this.#changed === 'all' ? new Set(Object.keys(state.stages)) : this.#changed
    this.#changed = new Set()
    try {
      await projectRun(this.#env, this.#store.run()!, state, { seq, changed })
    } catch (error) {
      this.#changed = 'all'
      throw error
    }
    this.#store.projectedUpTo(seq)
  }
}
