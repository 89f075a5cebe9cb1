import { expect, test } from 'vitest'
import { env, post } from '../support.ts'
import {
  callBackTask,
  stageOf,
  startTasks,
  stoppedTasks,
  task,
  tasksOf,
  untilRun,
  untilStage,
} from './tasks.ts'

const items = (value: unknown) => ({ items: { kind: 'value', default: value } })
const over = (rest = {}) => ({ map: { over: 'inputs.items', ...rest } })

test('a mapped stage does each item once, in bounded numbers, and gives the lists of what they gave', async () => {
  const list = Array.from({ length: 250 }, (_, index) => index * 2)
  const runId = await startTasks(
    'mapped',
    { each: task({}, over({ parallel: 30 })) },
    { inputs: items(list) },
  )
  const run = await untilRun(runId, 'succeeded')
  const { value, items: n, failed, results } = run.stages[0]!.outputs
  expect({ value, n, failed }).toEqual({ value: list, n: 250, failed: 0 })
  const tasks = await tasksOf(runId)
  expect(new Set(tasks.map(({ task_id }) => task_id)).size).toBe(250)
  expect(tasks).toHaveLength(250)
  const { objects } = await env.ARTIFACTS.list({ prefix: results as string })
  expect(objects).toHaveLength(1)
})

test('a list without items is done at once', async () => {
  const runId = await startTasks('nothing', { each: task({}, over()) }, { inputs: items([]) })
  expect((await untilRun(runId, 'succeeded')).stages[0]!.outputs).toMatchObject({ value: [], items: 0 })
})

test('an item is tried again alone; those that fail may be as many as the stage allows', async () => {
  const list = [{ fails: 0 }, { fails: 1 }, { fails: 9 }]
  const stage = (maxFailures: number) =>
    task({ do: 'fail-item' }, { ...over({ maxFailures }), retry: { attempts: 2, backoffSeconds: 0 } })
  const lenient = await startTasks('lenient', { each: stage(1) }, { inputs: items(list) })
  expect((await untilRun(lenient, 'succeeded')).stages[0]!.outputs).toMatchObject({
    value: [0, 1, null],
    failed: 1,
  })
  const strict = await startTasks('strict', { each: stage(0) }, { inputs: items(list) })
  expect((await untilRun(strict, 'failed')).failure).toMatchObject({
    code: 'flaky',
    message: expect.stringMatching(/1 of 3 items failed, 0 may; the first was item 2: not yet/),
  })
})

test('items may call back, and are stopped at the endpoint with their run', async () => {
  const runId = await startTasks(
    'items-later',
    { each: task({ do: 'later' }, over()) },
    { inputs: items(['a', 'b', 'c']) },
  )
  await expect.poll(async () => (await tasksOf(runId)).length, { timeout: 10_000 }).toBe(3)
  const [first] = await tasksOf(runId)
  for (let time = 0; time < 2; time++)
    expect((await callBackTask(first!, { type: 'task.succeeded', outputs: { value: 1 } })).status).toBe(200)
  const { runId: id, stage, attempt } = { runId, stage: 'each', attempt: 1 }
  await expect
    .poll(() => env.MAP_RUN.getByName(`${id}/${stage}/${attempt}`).progress())
    .toMatchObject({ done: 1 })
  await post(`/api/v1/runs/${runId}/cancel`, { reason: 'a test' })
  await untilRun(runId, 'cancelled')
  const rest = (await tasksOf(runId)).slice(1).map(({ task_id }) => task_id)
  await expect
    .poll(async () => (await stoppedTasks(runId)).toSorted(), { timeout: 5_000 })
    .toEqual(rest.toSorted())
})

test('what is mapped over must be a list, and what it gives must fit', async () => {
  const text = await startTasks('no-list', { each: task({}, over()) }, { inputs: items('abc') })
  expect((await untilRun(text, 'failed')).failure).toMatchObject({
    code: 'map.items',
    message: 'inputs.items is not a list',
  })
  const long = Array.from({ length: 30 }, () => 'x'.repeat(10_000))
  const large = await startTasks('large', { each: task({}, over()) }, { inputs: items(long) })
  expect((await untilRun(large, 'failed')).failure.message).toMatch(/at most 256000 are taken in all/)
})

test('a mapped stage shows how far it is', async () => {
  const runId = await startTasks(
    'progress',
    { each: task({ do: 'later' }, over()) },
    { inputs: items([1, 2]) },
  )
  await untilStage(runId, 'each', 'waiting')
  await expect.poll(async () => (await stageOf(runId, 'each')).progress?.message).toBe('0 of 2 items done')
})
