import type { StageStatus } from './state.ts'

export const CLOSED = ['passed', 'cached', 'failed', 'skipped', 'cancelled'] as const

/**
 * What is so of a stage. An attempt is under way (`open`); it has `begun`; it stopped to wait (`parked`), for its turn when
 * it is `queued`, and was `called` before it did; it handed in its work, which may be `borrowed` from another run; a person
 * is `asked`; it changes production (`writing`); it failed and rests before it is tried again, which is `due`.
 */
export type Flag =
  | (typeof CLOSED)[number]
  | 'open'
  | 'begun'
  | 'parked'
  | 'queued'
  | 'called'
  | 'handed in'
  | 'borrowed'
  | 'asked'
  | 'writing'
  | 'resting'
  | 'due'

/** The flags of every stage of the reference model. */
export class Flags {
  readonly #of: Map<string, Set<Flag>>

  constructor(of: readonly (readonly [name: string, flags: readonly Flag[]])[]) {
    this.#of = new Map(of.map(([name, flags]) => [name, new Set(flags)]))
  }

  names(flag: Flag): string[] {
    return [...this.#of.keys()].filter((name) => this.is(name, flag))
  }

  is(name: string, ...anyOf: readonly Flag[]): boolean {
    return anyOf.some((flag) => this.#of.get(name)!.has(flag))
  }

  /** The status that the flags come to. */
  status(name: string): StageStatus {
    const closed = CLOSED.find((how) => this.is(name, how))
    if (closed) return closed
    if (!this.is(name, 'open')) return 'pending'
    if (this.is(name, 'handed in')) return 'gating'
    if (this.is(name, 'parked')) return 'waiting'
    return this.is(name, 'begun') ? 'running' : 'ready'
  }

  /** Nothing was ever said of it. */
  isFresh(name: string): boolean {
    return this.#of.get(name)!.size === 0
  }

  add(name: string, flag: Flag): void {
    this.#of.get(name)!.add(flag)
  }

  /** False when the flag was not there. */
  drop(name: string, flag: Flag): boolean {
    return this.#of.get(name)!.delete(flag)
  }

  /** Nothing of what was so outlives an attempt, but how it ended. */
  become(name: string, flag: Flag): void {
    this.#of.set(name, new Set([flag]))
  }
}
