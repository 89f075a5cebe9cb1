import { mapConcurrently, MAX_CONNECTIONS } from '../concurrency.ts'
import { cancelTask, sendTask } from '../tasks/send-task.ts'
import { mapRunOf, startMap } from '../tasks/start-map.ts'
import type { StageExecutor } from './executor.ts'

/** Anything, done by an external endpoint: it answers at once, or takes the task and calls back. */
export const task: StageExecutor<'task'> = {
  async execute(env, job) {
    if (job.definition.map) return startMap(env, job)
    const result = await sendTask(env, job)
    switch (result.status) {
      case 'accepted':
        return { status: 'waiting', waitingFor: `the task at ${job.params.endpoint}` }
      case 'succeeded':
        return { status: 'produced', outputs: result.outputs }
      case 'failed':
        return result
    }
  },

  async cancel(env, job) {
    if (!job.definition.map) return cancelTask(env, job)
    const underWay = await mapRunOf(env, { ...job, runId: job.run.runId }).cancel()
    await mapConcurrently(underWay, MAX_CONNECTIONS, (item) => cancelTask(env, job, item))
  },
}
