import { isWorking } from '../domain/run/attempt.ts'
import type { ReportedEvent } from '../domain/run/event.ts'
import { LIVE_STAGE, TERMINAL_RUN, type RunState } from '../domain/run/state.ts'
import type { RunRecord } from '../domain/workflow/plan.ts'
import type { Env } from '../workers/env.ts'
import { poolSlots } from '../workers/stages/slot.ts'
import type { Lease, RunStore } from './run-store.ts'

/** Leases are renewed three times within their minute. */
export const RENEW_MS = 20_000

/** Target of the slots that limit how many runs of a workflow are under way. */
export function workflowPool({ project, workflow }: RunRecord): string {
  return `workflow/${project}/${workflow}`
}

/** A lock is kept until its stage has ended, a slot while the stage works, the run's own slot until the run has ended. */
export function isOver(state: RunState, { kind, stage: name, attempt }: Lease): boolean {
  if (name === '') return TERMINAL_RUN.has(state.status)
  const stage = state.stages[name]
  if (!stage || stage.attempt !== attempt) return true
  return kind === 'lock' ? !LIVE_STAGE.has(stage.status) : !isWorking(stage)
}

/** Wait after a lease that could not be tended. */
const RETRY_MS = 1_000

/**
 * Gives back what is over and renews what is due; one that fails does not keep the others waiting. Answers events for
 * what came of it: a stage or run whose place in the queue was lost while nothing of Sluice ran asks anew.
 */
export async function tendLeases(
  env: Env,
  store: RunStore,
  run: RunRecord,
  now: number,
): Promise<ReportedEvent[]> {
  const events: ReportedEvent[] = []
  for (const lease of store.leases()) {
    try {
      events.push(...(await tend(env, store, run, lease, now)))
    } catch (error) {
      console.error({ message: 'lease not tended', runId: run.runId, ...lease, error: String(error) })
      store.saveLease({ ...lease, renewAt: now + RETRY_MS })
    }
  }
  return events
}

async function tend(
  env: Env,
  store: RunStore,
  run: RunRecord,
  lease: Lease,
  now: number,
): Promise<ReportedEvent[]> {
  if (isOver(store.state(), lease)) {
    await giveBack(env, run, lease)
    store.deleteLease(lease)
    return []
  }
  if (lease.renewAt > now) return []
  const events = await renew(env, run, store.state(), lease, now)
  store.saveLease({ ...lease, renewAt: now + RENEW_MS })
  return events
}

async function renew(
  env: Env,
  run: RunRecord,
  state: RunState,
  lease: Lease,
  now: number,
): Promise<ReportedEvent[]> {
  const { target, stage, attempt } = lease
  if (stage === '') {
    const slots = run.definition.concurrency ?? Number.MAX_SAFE_INTEGER
    const { held } = await env.SLOT_POOL.getByName(target).acquire(slotHolder(run, lease), slots)
    return held ? [{ dedupeKey: 'run.started', event: { type: 'run.started' } }] : []
  }
  const kept =
    lease.kind === 'lock'
      ? await gateLock(env, run, target).renew({ runId: run.runId, stage, attempt })
      : await env.SLOT_POOL.getByName(target).renew(slotHolder(run, lease))
  if (kept) return []
  if (state.stages[stage]?.status !== 'waiting') {
    // Work that is under way goes on; it asks for its slot again.
    if (lease.kind === 'slot') await takeSlotAgain(env, run, lease)
    return []
  }
  const cause = `the place in the queue of ${target} was lost`
  return [
    {
      dedupeKey: `lost:${target}:${stage}:${attempt}:${now}`,
      event: { type: 'stage.resumed', stage, attempt, cause },
    },
  ]
}

async function takeSlotAgain(env: Env, run: RunRecord, lease: Lease): Promise<void> {
  const slots = poolSlots(env, lease.target.slice('pool/'.length))
  await env.SLOT_POOL.getByName(lease.target).acquire(slotHolder(run, lease), slots)
}

async function giveBack(env: Env, run: RunRecord, lease: Lease): Promise<void> {
  const { target, stage, attempt } = lease
  if (lease.kind === 'slot') await env.SLOT_POOL.getByName(target).release(slotHolder(run, lease))
  else await gateLock(env, run, target).release({ runId: run.runId, stage, attempt })
}

function gateLock(env: Env, run: RunRecord, target: string) {
  return env.GATE_LOCK.getByName(`${run.project}/${target}`)
}

function slotHolder({ project, runId, priority }: RunRecord, { stage, attempt }: Lease) {
  return stage === '' ? { project, runId, priority } : { project, runId, priority, stage, attempt }
}
