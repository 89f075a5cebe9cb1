import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env as bound } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { MapRun } from '../../../durable-objects/map-run.ts'
import { env, post } from '../support.ts'
import { callBackTask, callsOf, startTasks, task, tasksOf, untilRun, untilStage } from './tasks.ts'

/** Objects as the helpers of `cloudflare:test` want them. */
const mapRuns = (bound as unknown as { MAP_RUN: DurableObjectNamespace<MapRun> }).MAP_RUN

/** Starts a run whose one stage, `each`, goes over a list. */
function startItems(
  name: string,
  list: unknown[],
  params: Record<string, unknown>,
  { map = {}, ...rest }: Record<string, unknown> = {},
) {
  const each = task(params, { map: { over: 'inputs.items', ...(map as object) }, ...rest })
  return startTasks(name, { each }, { inputs: { items: { kind: 'value', default: list } } })
}

const idsOf = async (runId: string) => (await tasksOf(runId)).map(({ task_id }) => task_id)
const failed = {
  type: 'task.failed',
  error: { code: 'flaky', message: 'not now', retryable: true },
}
const retry = (attempts: number) => ({ retry: { attempts, backoffSeconds: 0 } })

test('an item that failed is tried again under another id, and a failure that is said three times is one', async () => {
  const runId = await startItems('said-thrice', ['a'], { do: 'later' }, retry(3))
  await expect.poll(() => idsOf(runId), { timeout: 10_000 }).toEqual([`${runId}.each.1.0.1`])
  const [first] = await tasksOf(runId)
  for (let time = 0; time < 3; time++) await callBackTask(first!, failed)
  await expect
    .poll(() => idsOf(runId), { timeout: 10_000 })
    .toEqual([`${runId}.each.1.0.1`, `${runId}.each.1.0.2`])
  const [, second] = await tasksOf(runId)
  await callBackTask(second!, { type: 'task.succeeded', outputs: { value: 7 } })
  expect((await untilRun(runId, 'succeeded')).stages[0]!.outputs).toMatchObject({ value: [7], failed: 0 })
  expect(await idsOf(runId)).toHaveLength(2)
})

test('that an endpoint has taken an item, said after the item failed, does not keep it from being tried again', async () => {
  const runId = await startItems('late-accepted', ['a'], { do: 'later' }, retry(2))
  await expect.poll(() => idsOf(runId), { timeout: 10_000 }).toHaveLength(1)
  const error = { code: 'flaky', message: 'not now' }
  await env.MAP_RUN.getByName(`${runId}/each/1`).report([
    { index: 0, attempt: 1, result: { status: 'failed', error, retryable: true } },
    { index: 0, attempt: 1, result: { status: 'accepted' } },
  ])
  await expect.poll(() => idsOf(runId), { timeout: 10_000 }).toHaveLength(2)
})

test('while every place is taken, the object looks again only when something may be lost', async () => {
  const runId = await startItems('full', ['a', 'b', 'c'], { do: 'later' }, { map: { parallel: 1 } })
  await untilStage(runId, 'each', 'waiting')
  const stub = mapRuns.getByName(`${runId}/each/1`)
  const underWay = () =>
    runInDurableObject(stub, (_object, state) =>
      state.storage.sql.exec('SELECT item FROM item WHERE sends > 0 AND due_at IS NULL').toArray(),
    )
  await expect.poll(underWay, { timeout: 10_000 }).toEqual([{ item: 0 }])
  await runDurableObjectAlarm(stub)
  const next = await runInDurableObject(stub, (_object, state) => state.storage.getAlarm())
  expect(next).toBeGreaterThan(Date.now() + 5_000)
  expect(await idsOf(runId)).toHaveLength(1)
})

test('items whose task was on its way when the run was cancelled are stopped once they have arrived', async () => {
  const runId = await startItems('under-way', ['a', 'b'], { do: 'later-slowly' })
  await expect.poll(() => idsOf(runId), { timeout: 10_000 }).toHaveLength(2)
  await post(`/api/v1/runs/${runId}/cancel`, { reason: 'a test' })
  const saidOf = async (item: number) => {
    const all = await callsOf(runId)
    const said = all.filter(({ path }) => path.endsWith(`.each.1.${item}.1`)).map(({ method }) => method)
    return said.slice(said.indexOf('ACCEPTED'))
  }
  for (const item of [0, 1])
    await expect.poll(() => saidOf(item), { timeout: 10_000 }).toEqual(['ACCEPTED', 'DELETE'])
})
