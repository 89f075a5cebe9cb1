import { ProblemError } from '../../domain/problem.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import type { StageOutcome } from '../stages/executor.ts'

/** Items that one mapped stage takes. */
export const MAX_ITEMS = 100_000

/** The object of a mapped stage: one for each attempt. */
export function mapRunOf(env: Env, { runId, stage, attempt }: MappedAttempt) {
  return env.MAP_RUN.getByName(`${runId}/${stage}/${attempt}`)
}

interface MappedAttempt {
  runId: string
  stage: string
  attempt: number
}

/** Hands the items of a mapped stage to its object, which fans them out and reports what they add up to. */
export async function startMap(env: Env, job: StageContext): Promise<StageOutcome> {
  const { run, stage, attempt, items } = job
  const { over, parallel, maxFailures } = job.definition.map!
  if (!Array.isArray(items)) throw new ProblemError('map.items', `${over} is not a list`)
  if (items.length > MAX_ITEMS) {
    const detail = `${over} has ${items.length} items; at most ${MAX_ITEMS} are taken: map over parts of it`
    throw new ProblemError('map.items', detail)
  }
  await mapRunOf(env, { runId: run.runId, stage, attempt }).start(
    {
      project: run.project,
      runId: run.runId,
      stage,
      attempt,
      parallel,
      maxFailures,
      retry: job.definition.retry,
      ...(job.definition.heartbeatSeconds === undefined
        ? {}
        : { heartbeatSeconds: job.definition.heartbeatSeconds }),
      outputs: Object.keys(job.definition.outputs ?? {}),
    },
    items,
  )
  return { status: 'waiting', waitingFor: `${items.length} items` }
}
