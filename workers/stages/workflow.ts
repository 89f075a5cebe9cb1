import { ProblemError } from '../../domain/problem.ts'
import type { RunRecord } from '../../domain/workflow/plan.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { runIdOf, startRun } from '../runs/start-run.ts'
import type { StageExecutor } from './executor.ts'

/** Workflows within workflows: deeper than this is taken for one that calls itself. */
const MAX_DEPTH = 8

/** Runs another workflow with the stage's inputs. The run reports its end to the stage, whose outputs are its own. */
export const workflow: StageExecutor<'workflow'> = {
  async execute(env, job) {
    await refuseDepth(env, job.run)
    const { runId, stage, attempt, run } = { ...job, runId: job.run.runId }
    const child = await startRun(
      env,
      { project: run.project, keyId: run.author },
      {
        workflow: job.params.workflow,
        version: job.params.version,
        inputs: job.inputs,
        key: keyOf(job),
        cause: { by: 'stage', runId, stage, attempt },
        priority: run.priority,
      },
    )
    return { status: 'waiting', waitingFor: `the run ${child.runId}` }
  },

  async cancel(env, job) {
    const child = env.WORKFLOW_RUN.getByName(runIdOf(job.run.project, keyOf(job)))
    const event = {
      type: 'run.cancel_requested',
      actor: job.run.runId,
      reason: `its stage ${job.stage} is over`,
    } as const
    await child.report([{ dedupeKey: 'cancel', event }])
  },
}

/** One run for each attempt. */
function keyOf({ run, stage, attempt }: StageContext): string {
  return `stage/${run.runId}/${stage}/${attempt}`
}

async function refuseDepth(env: Env, run: RunRecord): Promise<void> {
  let at: RunRecord | undefined = run
  for (let depth = 1; at?.cause.by === 'stage'; depth++) {
    if (depth >= MAX_DEPTH)
      throw new ProblemError(
        'run.inputs',
        `Workflows call each other ${MAX_DEPTH} deep; does one call itself?`,
      )
    at = await env.WORKFLOW_RUN.getByName(at.cause.runId).run()
  }
}
