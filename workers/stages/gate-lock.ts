import { ProblemError } from '../../domain/problem.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'

/**
 * Asks for the gate lock of a target. The run keeps the lease alive from here on, whether held or waited for, and gives
 * the lock back when the stage ends.
 */
export async function lockFor(
  env: Env,
  job: StageContext,
  target: string,
): Promise<{ held: true; token: number } | { held: false; waitingFor: string }> {
  const { project, runId } = job.run
  const { stage, attempt } = job
  const kept = await env.WORKFLOW_RUN.getByName(runId).keepLease('lock', stage, attempt, target)
  if (!kept) throw new ProblemError('run.terminal', `Attempt ${attempt} of ${stage} is over`)
  const answer = await env.GATE_LOCK.getByName(`${project}/${target}`).acquire({ runId, stage, attempt })
  if (answer.held) return answer
  return {
    held: false,
    waitingFor: `the gate lock of ${target}, place ${answer.position}, held by ${answer.heldBy}`,
  }
}

/**
 * Asks once more before a write. The target refuses an older token than the last that wrote; this refuses one whose
 * lease has lapsed before anyone else wrote.
 *
 * @throws ProblemError `fence.stale`
 */
export async function assertHeld(env: Env, job: StageContext, target: string, token: number): Promise<void> {
  const { project, runId } = job.run
  const holder = { runId, stage: job.stage, attempt: job.attempt }
  if (await env.GATE_LOCK.getByName(`${project}/${target}`).holds(holder, token)) return
  throw new ProblemError(
    'fence.stale',
    `The gate lock of ${target} was lost: token ${token} is not in force any more`,
  )
}

/** Does something urgent under the lock, before everyone who waits: undoing must not queue behind the next change. */
export async function withPreemptedLock<T>(
  env: Env,
  job: StageContext,
  target: string,
  act: (fence: number) => Promise<T>,
): Promise<T> {
  const lock = env.GATE_LOCK.getByName(`${job.run.project}/${target}`)
  const holder = `undo:${job.run.runId}:${job.stage}`
  const { token } = await lock.preempt(holder)
  try {
    return await act(token)
  } finally {
    await lock.release(holder)
  }
}
