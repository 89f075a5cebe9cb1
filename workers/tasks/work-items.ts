import { mapConcurrently, MAX_CONNECTIONS } from '../concurrency.ts'
import type { Env } from '../env.ts'
import type { ItemsMessage } from './message.ts'
import { sendTask, thrown } from './send-task.ts'

/** Sends the tasks of some items, and reports what came of each. Items that have their result are left alone. */
export async function workItems(
  env: Env,
  { mapId, runId, stage, attempt, items }: ItemsMessage,
): Promise<void> {
  const job = await env.WORKFLOW_RUN.getByName(runId).context(stage, attempt)
  const mapRun = env.MAP_RUN.getByName(mapId)
  if (!job) return void (await mapRun.cancel())
  const work = await mapRun.work(items)
  const results = await mapConcurrently(work, MAX_CONNECTIONS, async (item) => ({
    index: item.index,
    result: await sendTask(env, job, item).catch(thrown),
  }))
  if (results.length > 0) await mapRun.report(results)
}
