import { newShare, nextProject, placeInPool, type ProjectShare } from './share.ts'

/**
 * A pool of slots: at most so many holders at a time; the others wait. A free slot goes to a project (`share.ts` says to
 * which, and why none starves), and within it to the highest priority, first come, first served. Whoever does not renew
 * its lease loses its place.
 *
 * Within a project a higher priority overtakes, and a day of waiting is worth one priority: so low priorities keep out of
 * the way for as long as people look at a queue, and are served in the end whatever comes.
 */
export interface SlotHolder {
  project: string
  runId: string
  /** Higher goes first, within the project. */
  priority: number
  /** With its attempt: a stage holds the slot. Without: the run as a whole. */
  stage?: string
  attempt?: number
}

export interface SlotEntry {
  /** Names the holder: one entry each. */
  key: string
  holder: SlotHolder
  /** When it asked, in ms. */
  at: number
  /** Number of its request in this pool. */
  seq: number
  leaseUntil: number
  /** Number of the grant, once granted. */
  granted?: number
}

export interface PoolTotals {
  /** Capacity, as the last request had it. A smaller one takes a slot from nobody. */
  slots: number
  asked: number
  grants: number
}

/** Where one pool is kept. Rows and not one value, since a change must not write a thousand waiting entries again. */
export interface SlotTable {
  totals(): PoolTotals
  saveTotals(totals: PoolTotals): void
  find(key: string): SlotEntry | undefined
  save(entry: SlotEntry): void
  remove(key: string): void
  /** Entries whose lease is over. */
  lapsed(now: number): SlotEntry[]
  renewAll(leaseUntil: number): void
  /** Of those of the project that wait, the first by `rank`, then by `seq`. */
  firstWaiting(project: string): SlotEntry | undefined
  /** How many of those of its project that wait come before this one. */
  countBefore(entry: SlotEntry): number
  /** One for each project that holds or waits. */
  shares(): ProjectShare[]
  share(project: string): ProjectShare | undefined
  saveShare(share: ProjectShare): void
  removeShare(project: string): void
}

const DAY_MS = 86_400_000
/** Leases this long over were not judged in time: nothing ran, and nobody could renew. */
export const OUTAGE_MS = 10_000

/** Place in the line of a project, lowest first. It never changes, so that an index can keep the order. */
export function rank({ at, holder }: Pick<SlotEntry, 'at' | 'holder'>): number {
  return at - holder.priority * DAY_MS
}

export function holderKey({ runId, stage, attempt }: SlotHolder): string {
  return stage === undefined ? runId : `${runId}/${stage}/${attempt}`
}

/** Asks for a slot, or renews the place. Asking twice is asking once. Answers who got a slot by it. */
export function request(
  table: SlotTable,
  holder: SlotHolder,
  { slots, at, leaseUntil }: { slots: number; at: number; leaseUntil: number },
): SlotEntry[] {
  const key = holderKey(holder)
  const totals = { ...table.totals(), slots }
  const known = table.find(key)
  if (known) table.save({ ...known, leaseUntil })
  else {
    totals.asked += 1
    const { project } = holder
    const share = table.share(project) ?? newShare(project, totals.asked, totals.grants)
    table.save({ key, holder, at, seq: totals.asked, leaseUntil })
    table.saveShare({ ...share, waiting: share.waiting + 1 })
  }
  table.saveTotals(totals)
  return grantFree(table)
}

/** Renews a lease. Who is not in the pool any more stays out of it. */
export function renew(table: SlotTable, key: string, leaseUntil: number): boolean {
  const entry = table.find(key)
  if (entry) table.save({ ...entry, leaseUntil })
  return entry !== undefined
}

/** Gives a slot or a place in the queue back. Answers who got a slot by it. */
export function release(table: SlotTable, key: string): SlotEntry[] {
  const entry = table.find(key)
  if (!entry) return []
  leave(table, entry)
  return grantFree(table)
}

/**
 * Drops whoever's lease has run out, and answers who got a slot by it. After an outage, in which nobody could renew, all
 * get a new lease instead: else a whole queue would be lost.
 */
export function expire(table: SlotTable, now: number, newLease: number): SlotEntry[] {
  const lapsed = table.lapsed(now)
  if (lapsed.length === 0) return []
  if (lapsed.some(({ leaseUntil }) => now - leaseUntil > OUTAGE_MS)) {
    table.renewAll(newLease)
    return []
  }
  for (const entry of lapsed) leave(table, entry)
  return grantFree(table)
}

/** Place in the queue: 0 holds a slot, 1 is next, -1 is not there. */
export function position(table: SlotTable, key: string): number {
  const entry = table.find(key)
  if (!entry) return -1
  if (entry.granted !== undefined) return 0
  return placeInPool(table.shares(), entry.holder.project, table.countBefore(entry))
}

function leave(table: SlotTable, { key, holder, granted }: SlotEntry): void {
  table.remove(key)
  const share = table.share(holder.project)!
  if (granted === undefined) share.waiting -= 1
  else share.granted -= 1
  if (share.waiting + share.granted === 0) table.removeShare(holder.project)
  else table.saveShare(share)
}

function grantFree(table: SlotTable): SlotEntry[] {
  const totals = table.totals()
  const shares = table.shares()
  let free = totals.slots - shares.reduce((sum, { granted }) => sum + granted, 0)
  const served: SlotEntry[] = []
  for (let next = nextProject(shares); next && free > 0; next = nextProject(shares)) {
    totals.grants += 1
    Object.assign(next, { granted: next.granted + 1, waiting: next.waiting - 1, turn: totals.grants })
    const entry = { ...table.firstWaiting(next.project)!, granted: totals.grants }
    table.save(entry)
    table.saveShare(next)
    served.push(entry)
    free -= 1
  }
  if (served.length > 0) table.saveTotals(totals)
  return served
}
