import { DurableObject } from 'cloudflare:workers'
import { placeInPool } from '../domain/pool/share.ts'
import {
  expire,
  holderKey,
  position,
  release,
  renew,
  request,
  type SlotEntry,
  type SlotHolder,
} from '../domain/pool/slots.ts'
import type { ReportedEvent } from '../domain/run/event.ts'
import type { Env } from '../workers/env.ts'
import { SlotStore } from './slot-store.ts'

/** How long a holder or waiter keeps its place without a sign of life. */
export const LEASE_MS = 60_000
/** Wait before a grant that could not be told to its run is told again. */
const NOTIFY_RETRY_MS = 1_000
/** Notices of one alarm: far from the 1,000 calls that it may make. */
const NOTICES = 100

/** `position` is 1 for the next of the `waiting`. */
export type SlotAnswer = { held: true } | { held: false; position: number; waiting: number }

/** `since`: when it asked, in ms. Those who wait are in the order in which they would be served. */
export interface PoolDescription {
  slots: number
  granted: (SlotHolder & { since: number })[]
  waiting: (SlotHolder & { since: number })[]
}

/** One object for each pool: `pool/{name}`, of all projects, or `workflow/{project}/{workflow}`. */
export class SlotPool extends DurableObject<Env> {
  readonly #store: SlotStore
  /** An alarm that comes too early finds nothing to do, so a renewal need not write it anew. */
  #alarmAt = Number.POSITIVE_INFINITY

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#store = new SlotStore(ctx.storage)
  }

  /** Asks for one of so many slots, which is the capacity of the pool from here on. Asking again renews the lease. */
  acquire(holder: SlotHolder, slots: number): SlotAnswer {
    const key = holderKey(holder)
    this.#change((now) => request(this.#store, holder, { slots, at: now, leaseUntil: now + LEASE_MS }))
    const { granted } = this.#store.find(key)!
    if (granted !== undefined) {
      this.#store.notify(key, granted, null)
      return { held: true }
    }
    const waiting = this.#store.shares().reduce((sum, share) => sum + share.waiting, 0)
    return { held: false, position: position(this.#store, key), waiting }
  }

  /** False when the holder has lost its slot or place, and has to ask anew. */
  renew(holder: SlotHolder): boolean {
    let isKnown = false
    this.#change((now) => {
      isKnown = renew(this.#store, holderKey(holder), now + LEASE_MS)
      return []
    })
    return isKnown
  }

  /** Gives a slot, or a place in the queue, back. */
  release(holder: SlotHolder): void {
    this.#change(() => release(this.#store, holderKey(holder)))
  }

  inspect(): PoolDescription {
    const shares = this.#store.shares()
    const granted: SlotEntry[] = []
    const waiting: { entry: SlotEntry; place: number }[] = []
    const ahead: Record<string, number> = {}
    for (const entry of this.#store.all()) {
      const { project } = entry.holder
      if (entry.granted !== undefined) granted.push(entry)
      else {
        ahead[project] = (ahead[project] ?? -1) + 1
        waiting.push({ entry, place: placeInPool(shares, project, ahead[project]) })
      }
    }
    const inOrder = waiting.toSorted((a, b) => a.place - b.place).map(({ entry }) => entry)
    const describe = ({ holder, at }: SlotEntry) => ({ ...holder, since: at })
    return {
      slots: this.#store.totals().slots,
      granted: granted.map(describe),
      waiting: inOrder.map(describe),
    }
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = Number.POSITIVE_INFINITY
    this.#change(() => [])
    const due = this.#store.dueNotices(Date.now(), NOTICES)
    await Promise.all(due.map((entry) => this.#tell(entry)))
    this.#wake()
  }

  #change(step: (now: number) => SlotEntry[]): void {
    const now = Date.now()
    this.ctx.storage.transactionSync(() => {
      for (const { key, granted } of [...expire(this.#store, now, now + LEASE_MS), ...step(now)])
        this.#store.notify(key, granted!, now)
    })
    this.#wake()
  }

  #wake(): void {
    const due = this.#store.nextDue()
    if (due === undefined || due >= this.#alarmAt) return
    this.#alarmAt = due
    void this.ctx.storage.setAlarm(due)
  }

  async #tell({ key, holder, granted }: SlotEntry): Promise<void> {
    try {
      const notice = grantNotice(holder, this.ctx.id.name!, granted!)
      const { known } = await this.env.WORKFLOW_RUN.getByName(holder.runId).report([notice])
      if (!known) throw new Error('the run is not known')
      this.#store.notify(key, granted!, null)
    } catch (error) {
      console.error({ message: 'slot grant not delivered', holder: key, error: String(error) })
      this.#store.notify(key, granted!, Date.now() + NOTIFY_RETRY_MS)
    }
  }
}

function grantNotice({ stage, attempt }: SlotHolder, pool: string, granted: number): ReportedEvent {
  if (stage === undefined || attempt === undefined)
    return { dedupeKey: 'run.started', event: { type: 'run.started' } }
  return {
    dedupeKey: `slot:${stage}:${attempt}:${pool}:${granted}`,
    event: { type: 'stage.resumed', stage, attempt, cause: 'a slot of the pool is free' },
  }
}
