import { attemptFailed, produced } from '../../domain/run/report.ts'
import { resolveSource } from '../../domain/workflow/plan.ts'
import type { RunDescription } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { fireTriggers } from '../triggers/fire.ts'

/** Tells whoever waits for the end of a run: the stage that it is, and the workflows that it triggers. */
export async function runEnded(env: Env, runId: string): Promise<void> {
  const ended = await env.WORKFLOW_RUN.getByName(runId).describe()
  if (!ended) return
  const { project, workflow } = ended.run
  await tellParent(env, ended)
  await fireTriggers(env, { kind: 'run', project, workflow, runId, status: ended.state.status })
}

async function tellParent(env: Env, { run, state }: RunDescription): Promise<void> {
  if (run.cause.by !== 'stage') return
  const outputs = Object.entries(run.definition.outputs ?? {})
  const values = outputs.map(([name, source]) => [name, resolveSource(run, state, source)] as const)
  const report =
    state.status === 'succeeded'
      ? produced(run.cause, { ...Object.fromEntries(values), run: run.runId })
      : attemptFailed(
          run.cause,
          {
            code: 'workflow.failed',
            message: `the run ${run.runId} of ${run.workflow} has ${state.status}: ${state.failure?.message ?? ''}`,
          },
          state.status === 'failed',
        )
  await env.WORKFLOW_RUN.getByName(run.cause.runId).report([report])
}
