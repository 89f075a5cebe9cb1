import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { answer, createClient } from '../../../client/sluice.ts'
import type { WorkflowDraft } from '../../../domain/workflow/definition.ts'
import type { Json } from '../../../domain/json.ts'
import { startStack } from '../../stack/stack.ts'

/** Wait between two looks at which runs have ended. It costs what it measures: the more are under way, the rarer. */
const pollMs = (underWay: number) => Math.max(10, 2 * underWay)
/** Runs of a page, newest first: those under way, and as many that were started since. */
const pageOf = (underWay: number) => String(Math.min(200, 2 * underWay + 2))
export const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled', 'rolled_back'])

export type Client = ReturnType<typeof createClient>

/** A stack of its own, with the workflows of the benchmark. */
export interface BenchStack {
  client: Client
  start(workflow: string, inputs?: Record<string, Json>): Promise<string>
  /**
   * Starts runs of a workflow, so many of them under way at the same time, and waits until each has succeeded.
   *
   * @returns the seconds of all of them, and their ids
   */
  run(
    workflow: string,
    batch: { runs: number; concurrency: number },
  ): Promise<{ seconds: number; runIds: string[] }>
  stop(): Promise<void>
}

export async function startBenchStack(workflows: readonly WorkflowDraft[]): Promise<BenchStack> {
  const stateDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  const { url, settings, stop } = await startStack({
    stateDir,
    log: (line) => process.env.BENCH_LOG && console.error(line),
    dashboard: false,
  })
  const client = createClient({ url, key: settings.adminKey })
  for (const workflow of workflows)
    await answer(client.workflows.$post({ query: {}, json: workflow as unknown as Record<string, never> }))
  const start = async (workflow: string, inputs: Record<string, Json> = {}) => {
    const request = { param: { workflow }, header: {}, json: { inputs } }
    return (await answer(client.workflows[':workflow'].runs.$post(request))).runId
  }
  const ends = watchEnds(client)
  return {
    client,
    start,
    async run(workflow, { runs, concurrency }) {
      const runIds: string[] = []
      const started = performance.now()
      const work = async () => {
        while (runIds.length < runs) {
          const place = runIds.push('') - 1
          const runId = await start(workflow)
          runIds[place] = runId
          const status = await ends(runId)
          if (status !== 'succeeded') throw new Error(`${runId} ended as ${status}`)
        }
      }
      await Promise.all(Array.from({ length: concurrency }, work))
      return { seconds: (performance.now() - started) / 1000, runIds }
    },
    async stop() {
      await stop()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

export async function statusOf(client: Client, runId: string): Promise<string> {
  return (await answer(client.runs[':runId'].$get({ param: { runId } }))).status
}

/** Resolves to the status of a run once it has ended. All that wait share one request. */
function watchEnds(client: Client): (runId: string) => Promise<string> {
  const waiting = new Map<string, { resolve: (status: string) => void; reject: (error: unknown) => void }>()
  let polling = false
  const poll = async () => {
    if (polling) return
    polling = true
    try {
      while (waiting.size > 0) {
        const { runs } = await answer(client.runs.$get({ query: { limit: pageOf(waiting.size) } }))
        const statuses = new Map<string, string>(runs.map(({ runId, status }) => [runId, status]))
        for (const [runId, { resolve }] of waiting) {
          // One that is slower than all that were started since has left the page.
          const status = statuses.get(runId) ?? (await statusOf(client, runId))
          if (!ENDED.has(status)) continue
          waiting.delete(runId)
          resolve(status)
        }
        await sleep(pollMs(waiting.size))
      }
    } catch (error) {
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    } finally {
      polling = false
    }
  }
  return (runId) =>
    new Promise((resolve, reject) => {
      waiting.set(runId, { resolve, reject })
      void poll()
    })
}
