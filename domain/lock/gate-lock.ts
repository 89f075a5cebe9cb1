/**
 * A gate lock: the exclusive right to change one target (an alias, a route). First come, first served; a holder that
 * does not renew its lease loses its place. Each grant gets a fencing token larger than any before, and the target
 * itself refuses a write with an older one, so that a holder who lapsed without noticing can do no harm.
 */
export interface LockEntry {
  /** Who waits or holds: one entry a holder. */
  holder: string
  leaseUntil: number
  /** Present once granted. */
  token?: number
}

export interface LockState {
  /** Largest token ever granted. */
  fence: number
  /** The first one holds; the rest wait in order. */
  entries: readonly LockEntry[]
}

export const UNLOCKED: LockState = { fence: 0, entries: [] }

/** Joins the queue, or renews the place in it. Asking twice is asking once. */
export function acquire(state: LockState, holder: string, leaseUntil: number): LockState {
  const known = state.entries.some((entry) => entry.holder === holder)
  const entries = known
    ? state.entries.map((entry) => (entry.holder === holder ? { ...entry, leaseUntil } : entry))
    : [...state.entries, { holder, leaseUntil }]
  return grantFirst({ ...state, entries })
}

/** Takes the lock at once, before everyone: for a person's rollback. The former holder has lost it. */
export function preempt(state: LockState, holder: string, leaseUntil: number): LockState {
  const waiting = state.entries.filter((entry) => entry.token === undefined && entry.holder !== holder)
  return grantFirst({ ...state, entries: [{ holder, leaseUntil }, ...waiting] })
}

/** Renews a lease. A holder that is not in the queue any more stays out of it. */
export function renew(state: LockState, holder: string, leaseUntil: number): LockState {
  return state.entries.some((entry) => entry.holder === holder) ? acquire(state, holder, leaseUntil) : state
}

export function release(state: LockState, holder: string): LockState {
  return grantFirst({ ...state, entries: state.entries.filter((entry) => entry.holder !== holder) })
}

/** Drops whoever's lease has run out. */
export function expire(state: LockState, now: number): LockState {
  return grantFirst({ ...state, entries: state.entries.filter((entry) => entry.leaseUntil > now) })
}

/** Place in the queue: 0 holds, -1 is not there. */
export function position(state: LockState, holder: string): number {
  return state.entries.findIndex((entry) => entry.holder === holder)
}

function grantFirst(state: LockState): LockState {
  const [first, ...rest] = state.entries
  if (!first || first.token !== undefined) return state
  const fence = state.fence + 1
  return { fence, entries: [{ ...first, token: fence }, ...rest] }
}
