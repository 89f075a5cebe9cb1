import { setTimeout as sleep } from 'node:timers/promises'
import { answer } from '../../client/sluice.ts'
import { mapConcurrently } from '../../workers/concurrency.ts'
import { watchWorkerd } from './engine/memory.ts'
import { ENDED, startBenchStack, statusOf, type BenchStack } from './engine/sluice.ts'
import { chain, mapped } from './engine/workflow.ts'
import { figure, type Bench } from './harness.ts'

const RUNS = 1_000
const ITEMS = 10_000
/** Starts that are sent at the same time. */
const STARTING = 16
const POLL_MS = 1_000
const TIMEOUT_MS = 900_000

/**
 * 1,000 runs that are all under way at the same time, and one run with a mapped stage of 10,000 items: how long they take,
 * how much memory workerd needs, and that every run succeeded and every item has its one result.
 */
export const engineScale: Bench = async () => {
  const stack = await startBenchStack([chain, mapped])
  const memory = watchWorkerd()
  try {
    await stack.run(chain.name, { runs: 20, concurrency: 8 })
    const before = memory.peak()
    const runs = await manyRuns(stack)
    const runsPeak = memory.peak()
    const items = await manyItems(stack)
    const itemsPeak = memory.peak()
    return {
      ok: runs.succeeded === RUNS && items.exact,
      ratios: {},
      figures: {
        runs_succeeded: figure([runs.succeeded]),
        runs_most_under_way: figure([runs.underWay]),
        runs_start_seconds: figure([runs.startSeconds]),
        runs_seconds: figure([runs.seconds]),
        items_with_result: figure([items.results]),
        items_seconds: figure([items.seconds]),
        rss_before_mb: figure([before]),
        rss_runs_mb: figure([runsPeak]),
        rss_items_mb: figure([itemsPeak]),
      },
      notRun: [],
    }
  } finally {
    memory.stop()
    await stack.stop()
  }
}

async function manyRuns(stack: BenchStack) {
  const started = performance.now()
  const runIds = await mapConcurrently(Array.from({ length: RUNS }), STARTING, () => stack.start(chain.name))
  const startSeconds = (performance.now() - started) / 1000
  let underWay = 0
  const deadline = Date.now() + TIMEOUT_MS
  for (let open = RUNS; open > 0 && Date.now() < deadline; await sleep(POLL_MS)) {
    open = await countOpen(stack)
    underWay = Math.max(underWay, open)
  }
  const seconds = (performance.now() - started) / 1000
  const statuses = await mapConcurrently(runIds, STARTING, (runId) => statusOf(stack.client, runId))
  return {
    succeeded: statuses.filter((status) => status === 'succeeded').length,
    underWay,
    startSeconds,
    seconds,
  }
}

/** Runs that have not ended, by the list: asking each would cost as much as what is measured. */
async function countOpen({ client }: BenchStack): Promise<number> {
  let open = 0
  for (let before: number | null | undefined; before !== null;) {
    const query = { limit: '200', ...(before === undefined ? {} : { before: String(before) }) }
    const page: { runs: { status: string }[]; next: number | null } = await answer(
      client.runs.$get({ query }),
    )
    open += page.runs.filter(({ status }) => !ENDED.has(status)).length
    before = page.next
  }
  return open
}

async function manyItems(stack: BenchStack) {
  const started = performance.now()
  const items = Array.from({ length: ITEMS }, (_, index) => index)
  const runId = await stack.start(mapped.name, { items })
  const deadline = Date.now() + TIMEOUT_MS
  while (!ENDED.has(await statusOf(stack.client, runId)) && Date.now() < deadline) await sleep(POLL_MS)
  const seconds = (performance.now() - started) / 1000
  const { stages } = await answer(stack.client.runs[':runId'].$get({ param: { runId } }))
  const given: unknown = stages[0]!.outputs.value
  const results = Array.isArray(given) ? given.length : 0
  return { results, exact: JSON.stringify(given) === JSON.stringify(items), seconds }
}
