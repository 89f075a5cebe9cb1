import { mapConcurrently, MAX_CONNECTIONS } from '../concurrency.ts'
import type { ItemResult } from '../../durable-objects/map-run.ts'
import type { Env } from '../env.ts'
import type { ItemsMessage } from './message.ts'
import { mapRunOf } from './start-map.ts'
import { cancelTask, sendTask, thrown } from './send-task.ts'

const HEARTBEAT_MS = 5_000
/** Results are reported together, but not later than this. */
const REPORT_MS = 1_000

/** Sends the tasks of some items, and reports what came of each. Items that have their result are left alone. */
export async function workItems(env: Env, { runId, stage, attempt, items }: ItemsMessage): Promise<void> {
  const job = await env.WORKFLOW_RUN.getByName(runId).context(stage, attempt)
  const mapRun = mapRunOf(env, { runId, stage, attempt })
  if (!job) return void (await mapRun.cancel())
  const work = await mapRun.work(items)
  const open = new Set(work.map(({ index }) => index))
  const alive = setInterval(() => void mapRun.heartbeat([...open]), HEARTBEAT_MS)
  let unsaid: ItemResult[] = []
  let saidAt = Date.now()
  const report = async () => {
    const results = unsaid
    unsaid = []
    saidAt = Date.now()
    if (results.length === 0 || (await mapRun.report(results)).taken) return
    // The stage has ended meanwhile: what endpoints have taken for it is stopped.
    const accepted = results.filter(({ result }) => result.status === 'accepted')
    for (const item of accepted) await cancelTask(env, job, item)
  }
  try {
    await mapConcurrently(work, MAX_CONNECTIONS, async (item) => {
      const result = await sendTask(env, job, item).catch(thrown)
      open.delete(item.index)
      unsaid.push({ index: item.index, attempt: item.attempt, result })
      if (Date.now() - saidAt > REPORT_MS) await report()
    })
    await report()
  } finally {
    clearInterval(alive)
  }
}
