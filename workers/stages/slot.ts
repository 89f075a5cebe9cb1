import * as z from 'zod'
import { ProblemError } from '../../domain/problem.ts'
import { Name } from '../../domain/ref.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'

/** 0 lets nobody in: for taking what a pool stands for out of service, when its last holder is done. */
const Pools = z.record(Name, z.number().int().min(0).max(100_000))

/**
 * Slots of a pool by the name that stages give.
 *
 * @throws ProblemError `not.found`, `config.invalid`
 */
export function poolSlots(env: Pick<Env, 'POOLS'>, pool: string): number {
  const pools = Pools.safeParse(jsonOf(env.POOLS))
  if (!pools.success) {
    const { path, message } = pools.error.issues[0]!
    const where = path.length === 0 ? '' : ` (${path.join('.')}: ${message})`
    throw new ProblemError(
      'config.invalid',
      `POOLS must be a JSON object of whole numbers of slots by pool, such as {"gpu": 2}${where}`,
      { field: 'POOLS' },
    )
  }
  const slots = new Map(Object.entries(pools.data)).get(pool)
  if (slots !== undefined) return slots
  const known = Object.keys(pools.data).join(', ') || 'none'
  throw new ProblemError('not.found', `There is no pool ${pool}; POOLS has: ${known}`)
}

/**
 * Asks for a slot of a pool. The run keeps the lease alive from here on, whether held or waited for, and gives the slot
 * back when the stage works no more.
 */
export async function slotFor(
  env: Env,
  job: StageContext,
  pool: string,
): Promise<{ held: true } | { held: false; waitingFor: string }> {
  const { project, runId, priority } = job.run
  const { stage, attempt } = job
  const slots = poolSlots(env, pool)
  const target = `pool/${pool}`
  const kept = await env.WORKFLOW_RUN.getByName(runId).keepLease('slot', stage, attempt, target)
  if (!kept) throw new ProblemError('run.terminal', `Attempt ${attempt} of ${stage} is over`)
  const holder = { project, runId, priority, stage, attempt }
  const answer = await env.SLOT_POOL.getByName(target).acquire(holder, slots)
  if (answer.held) return answer
  return {
    held: false,
    waitingFor: `a slot of the pool ${pool}, place ${answer.position} of ${answer.waiting}`,
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
