import { expect, test } from 'vitest'
import {
  callBackTask,
  readRun,
  stageOf,
  startTasks,
  stoppedTasks,
  task,
  tasksOf,
  untilRun,
  untilStage,
} from './tasks.ts'
import { post } from '../support.ts'

test('a task that answers at once gives its outputs to the stages that read them', async () => {
  const runId = await startTasks('at-once', {
    first: task({ value: 41 }),
    second: task({}, { inputs: { value: 'first.value' } }),
  })
  const run = await untilRun(runId, 'succeeded')
  expect(run.stages.map(({ outputs }) => outputs)).toEqual([{ value: 41 }, { value: 41 }])
  const [first, second] = await tasksOf(runId)
  expect(first).toMatchObject({ task_id: `${runId}.first.1`, inputs: {}, params: { value: 41 } })
  expect(second!.inputs).toEqual({ value: 41 })
  expect(run.storedBytes).toBeGreaterThan(0)
})

test('a task that takes its time calls back: with signs of life, and then its result, which counts once', async () => {
  const runId = await startTasks('later', {
    wait: task({ do: 'later' }),
    after: task({}, { inputs: { value: 'wait.value' } }),
  })
  await untilStage(runId, 'wait', 'waiting')
  const [sent] = await tasksOf(runId)
  const beat = await callBackTask(sent!, { type: 'task.heartbeat', progress: 0.5, message: 'half' })
  expect(beat.status).toBe(200)
  expect((await stageOf(runId, 'wait')).progress).toMatchObject({ progress: 0.5, message: 'half' })
  for (const value of [1, 2])
    expect((await callBackTask(sent!, { type: 'task.succeeded', outputs: { value } })).status).toBe(200)
  const run = await untilRun(runId, 'succeeded')
  expect(run.stages.map(({ outputs }) => outputs.value)).toEqual([1, 1])
})

test('a callback with the token of another task, or a wrong signature, is refused', async () => {
  const runId = await startTasks('forged', { a: task({ do: 'later' }), b: task({ do: 'later' }) })
  await untilStage(runId, 'a', 'waiting')
  await untilStage(runId, 'b', 'waiting')
  const [sent] = await tasksOf(runId)
  const forged = { ...sent!, token: `${sent!.token}x` }
  expect((await callBackTask(forged, { type: 'task.succeeded', outputs: { value: 1 } })).status).toBe(401)
  expect((await readRun(runId)).stages.map(({ status }) => status)).toEqual(['waiting', 'waiting'])
})

test.for<[string, Record<string, unknown>, RegExp]>([
  ['an output that is missing', { outputs: { value: undefined } }, /output other is missing/],
  ['an answer with an error of the client', { do: 'refused' }, /HTTP 404/],
])('%s fails the stage for good', async ([name, params, message]) => {
  const runId = await startTasks(`wrong-${name.length}`, {
    bad: task(params, {
      outputs: { value: 'value', other: 'value' },
      retry: { attempts: 3, backoffSeconds: 0 },
    }),
  })
  const run = await untilRun(runId, 'failed')
  expect(run.stages[0]!.attempt).toBe(1)
  expect(run.failure.message).toMatch(message)
})

test('an output that is no ref of its kind is refused', async () => {
  const runId = await startTasks('no-ref', {
    bad: task({ value: 'rows' }, { outputs: { value: 'dataset' } }),
  })
  const run = await untilRun(runId, 'failed')
  expect(run.failure).toMatchObject({
    code: 'task.outputs',
    message: 'The output value must be a dataset ref, not "rows"',
  })
})

test('an error is tried again as often as the policy says, and one that is final is not', async () => {
  const retry = { attempts: 3, backoffSeconds: 0 }
  const flaky = await startTasks('flaky', { one: task({ do: 'fail-first', times: 2 }, { retry }) })
  expect((await untilRun(flaky, 'succeeded')).stages[0]).toMatchObject({ attempt: 3, outputs: { value: 3 } })
  const final = await startTasks('final', {
    one: task({ do: 'fail' }, { retry: { ...retry, final: ['told'] } }),
  })
  expect((await untilRun(final, 'failed')).stages[0]).toMatchObject({ attempt: 1, error: { code: 'told' } })
  const broken = await startTasks('broken', {
    one: task({ do: 'broken' }, { retry: { ...retry, attempts: 2 } }),
  })
  expect((await untilRun(broken, 'failed')).stages[0]).toMatchObject({
    attempt: 2,
    error: { code: 'task.endpoint' },
  })
})

test('cancelling a run reaches the endpoint', async () => {
  const runId = await startTasks('stopped', { wait: task({ do: 'later' }) })
  await untilStage(runId, 'wait', 'waiting')
  await post(`/api/v1/runs/${runId}/cancel`, { reason: 'a test' })
  await untilRun(runId, 'cancelled')
  await expect.poll(() => stoppedTasks(runId), { timeout: 5_000 }).toEqual([`${runId}.wait.1`])
})

test('a task that is not heard of for too long is lost, and tried again', async () => {
  const runId = await startTasks('silent', {
    wait: task({ do: 'later' }, { heartbeatSeconds: 5, retry: { attempts: 2, backoffSeconds: 0 } }),
  })
  await untilStage(runId, 'wait', 'waiting')
  await expect.poll(async () => (await stageOf(runId, 'wait')).attempt, { timeout: 12_000 }).toBe(2)
  expect((await stageOf(runId, 'wait')).error).toMatchObject({
    code: 'stage.lost',
    message: 'no sign of life for 5 s',
  })
  expect(await stoppedTasks(runId)).toEqual([`${runId}.wait.1`])
})

test('a run that takes too long as a whole fails', async () => {
  const runId = await startTasks('endless', { wait: task({ do: 'later' }) }, { timeoutSeconds: 1 })
  const run = await untilRun(runId, 'failed')
  expect(run.failure).toMatchObject({ code: 'run.timed_out', message: 'the run had not ended after 1 s' })
})
