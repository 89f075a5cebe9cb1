import { attemptFailed, produced } from '../../domain/run/report.ts'
import { resolveSource } from '../../domain/workflow/plan.ts'
import type { RunDescription } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { succeeded } from '../tasks/send-task.ts'
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
  const { runId, stage, attempt } = run.cause
  const parent = env.WORKFLOW_RUN.getByName(runId)
  if (state.status !== 'succeeded') {
    const message = `the run ${run.runId} of ${run.workflow} has ${state.status}: ${state.failure?.message ?? ''}`
    const error = { code: 'workflow.failed', message }
    return void (await parent.report([attemptFailed(run.cause, error, state.status === 'failed')]))
  }
  const job = await parent.context(stage, attempt)
  if (!job) return
  const given = Object.entries(run.definition.outputs ?? {}).map(([name, source]) => [
    name,
    resolveSource(run, state, source),
  ])
  const result = await succeeded(env, job, Object.fromEntries(given))
  if (result.status === 'failed') await parent.report([attemptFailed(run.cause, result.error, false)])
  else if (result.status === 'succeeded')
    await parent.report([produced(run.cause, { ...result.outputs, run: run.runId })])
}
