import { DurableObject } from 'cloudflare:workers'
import {
  UNLOCKED,
  acquire,
  expire,
  position,
  preempt,
  release,
  renew,
  type LockState,
} from '../domain/lock/gate-lock.ts'
import type { Env } from '../workers/env.ts'

/** How long a holder or waiter keeps its place without a sign of life. */
export const LEASE_MS = 60_000
/** Wait before a grant that could not be told to its run is told again. */
const NOTIFY_RETRY_MS = 1_000

/** A stage of a run that waits for a lock, and is woken when it gets it. */
export interface StageHolder {
  runId: string
  stage: string
  attempt: number
}

export type LockAnswer = { held: true; token: number } | { held: false; position: number; heldBy: string }

/** One object for each target: `{project}/{target}`. */
export class GateLock extends DurableObject<Env> {
  acquire(holder: StageHolder): LockAnswer {
    const key = holderKey(holder)
    const state = this.#change((lock, now) => acquire(lock, key, now + LEASE_MS), key)
    return answer(state, key)
  }

  /** For a person: takes the lock at once. A run that held it finds its token refused. */
  preempt(actor: string): { token: number } {
    const state = this.#change((lock, now) => preempt(lock, actor, now + LEASE_MS), actor)
    return { token: state.entries[0]!.token! }
  }

  renew(holder: StageHolder): boolean {
    const key = holderKey(holder)
    return (
      position(
        // A grant that this call comes upon is still to be told: who renews does not look at it.
        this.#change((lock, now) => renew(lock, key, now + LEASE_MS)),
        key,
      ) >= 0
    )
  }

  /** Whether this token is the one that is in force now. */
  holds(holder: StageHolder, token: number): boolean {
    const [first] = this.#change((lock) => lock).entries
    return first?.holder === holderKey(holder) && first.token === token
  }

  release(holder: StageHolder | string): void {
    const key = typeof holder === 'string' ? holder : holderKey(holder)
    this.#change((lock) => release(lock, key), key)
  }

  inspect(): { fence: number; holders: string[] } {
    const { fence, entries } = this.#load()
    return { fence, holders: entries.map((entry) => entry.holder) }
  }

  override async alarm(): Promise<void> {
    const state = this.#change((lock) => lock)
    const holder = state.entries[0]
    if (!holder || this.ctx.storage.kv.get<number>('notified') === holder.token) return
    try {
      await this.#tell(holder.holder, holder.token!)
      this.ctx.storage.kv.put('notified', holder.token)
    } catch (error) {
      console.error({ message: 'lock grant not delivered', holder: holder.holder, error: String(error) })
      void this.ctx.storage.setAlarm(Date.now() + NOTIFY_RETRY_MS)
    }
  }

  /** `self` is answered by the call itself and needs no notice. */
  #change(step: (lock: LockState, now: number) => LockState, self?: string): LockState {
    const now = Date.now()
    const state = step(expire(this.#load(), now), now)
    const first = state.entries[0]
    this.ctx.storage.kv.put('lock', state)
    if (first && first.holder === self) this.ctx.storage.kv.put('notified', first.token)
    const unnoticed = first !== undefined && this.ctx.storage.kv.get<number>('notified') !== first.token
    const leases = state.entries.map((entry) => entry.leaseUntil)
    if (unnoticed) void this.ctx.storage.setAlarm(now)
    else if (leases.length > 0) void this.ctx.storage.setAlarm(Math.min(...leases) + 1)
    else void this.ctx.storage.deleteAlarm()
    return state
  }

  async #tell(holder: string, token: number): Promise<void> {
    const [runId, stage, attempt] = holder.split('/')
    if (!runId || !stage || !attempt) return
    await this.env.WORKFLOW_RUN.getByName(runId).report([
      {
        dedupeKey: `lock:${stage}:${attempt}:${token}`,
        event: { type: 'stage.resumed', stage, attempt: Number(attempt), cause: 'the gate lock was granted' },
      },
    ])
  }

  #load(): LockState {
    return this.ctx.storage.kv.get<LockState>('lock') ?? UNLOCKED
  }
}

function holderKey({ runId, stage, attempt }: StageHolder): string {
  return `${runId}/${stage}/${attempt}`
}

function answer(state: LockState, holder: string): LockAnswer {
  const [first] = state.entries
  if (first?.holder === holder) return { held: true, token: first.token! }
  return { held: false, position: position(state, holder), heldBy: first!.holder }
}
