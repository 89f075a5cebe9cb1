import { expect, test } from 'vitest'
import { post, type Problem } from '../support.ts'
import { readRun, stageOf, startTasks, task, tasksOf, untilRun, untilStage } from './tasks.ts'

test('a stage whose condition does not hold is skipped, with those that need it', async () => {
  const runId = await startTasks('branches', {
    score: task({ value: 0.4 }),
    good: task(
      {},
      { when: { source: 'score.value', is: 'above', value: 0.5 }, inputs: { value: 'score.value' } },
    ),
    celebrate: task({}, { inputs: { value: 'good.value' } }),
    bad: task(
      {},
      { when: { source: 'score.value', is: 'below', value: 0.5 }, inputs: { value: 'score.value' } },
    ),
  })
  const run = await untilRun(runId, 'succeeded')
  expect(run.stages.map(({ stage, status, skipped }) => [stage, status, skipped])).toEqual([
    ['score', 'passed', null],
    ['good', 'skipped', 'not so: score.value is above 0.5'],
    ['celebrate', 'skipped', 'good was skipped'],
    ['bad', 'passed', null],
  ])
})

test('a paused run starts nothing more until it is resumed; what is under way goes on', async () => {
  const runId = await startTasks('paused', {
    first: task({ do: 'later' }),
    second: task({}, { inputs: { value: 'first.value' } }),
  })
  await untilStage(runId, 'first', 'waiting')
  expect((await post(`/api/v1/runs/${runId}/pause`, { reason: 'lunch' })).status).toBe(202)
  const [sent] = await tasksOf(runId)
  const { callBackTask } = await import('./tasks.ts')
  await callBackTask(sent!, { type: 'task.succeeded', outputs: { value: 7 } })
  await untilStage(runId, 'first', 'passed')
  expect(await readRun(runId)).toMatchObject({ status: 'waiting', paused: { reason: 'lunch' } })
  expect((await stageOf(runId, 'second')).status).toBe('pending')
  expect((await post(`/api/v1/runs/${runId}/resume`, {})).status).toBe(202)
  expect((await untilRun(runId, 'succeeded')).stages[1]!.outputs).toEqual({ value: 7 })
})

test('a stage waits for its signal, and reads what came with it', async () => {
  const runId = await startTasks('signalled', {
    go: task({}, { waitFor: ['budgetApproved'], inputs: { value: 'signals.budgetApproved' } }),
  })
  await untilRun(runId, 'waiting')
  expect((await stageOf(runId, 'go')).waitingFor).toBe('the signal budgetApproved')
  const unknown = await post<Problem>(`/api/v1/runs/${runId}/signals/other`, { payload: 1 })
  expect(unknown).toMatchObject({
    status: 404,
    body: { detail: expect.stringMatching(/wait for: budgetApproved/) },
  })
  for (const payload of [500, 900])
    expect((await post(`/api/v1/runs/${runId}/signals/budgetApproved`, { payload })).status).toBe(202)
  expect((await untilRun(runId, 'succeeded')).stages[0]!.outputs).toEqual({ value: 500 })
  expect((await post(`/api/v1/runs/${runId}/pause`, { reason: 'late' })).status).toBe(409)
})

test('what had passed is undone in reverse order by its rollback stages, and then the stages for a failed run run', async () => {
  const undoes = (of: string) => task({}, { inputs: { value: `${of}.value` } })
  const runId = await startTasks('undone', {
    a: task({ value: 'a' }, { rollback: 'undo-a' }),
    b: task({ value: 'b' }, { inputs: { before: 'a.value' }, rollback: 'undo-b' }),
    c: task({ do: 'fail' }, { needs: ['b'] }),
    'undo-a': undoes('a'),
    'undo-b': undoes('b'),
    tell: task({ value: 'told' }, { onFailure: true }),
  })
  const run = await untilRun(runId, 'rolled_back')
  const order = (await tasksOf(runId)).map(({ stage }) => stage)
  expect(order).toEqual(['a', 'b', 'c', 'undo-b', 'undo-a', 'tell'])
  expect((await tasksOf(runId)).find(({ stage }) => stage === 'undo-b')!.inputs).toEqual({ value: 'b' })
  expect(run.failure).toMatchObject({ stage: 'c', code: 'told' })
})

test('a run that succeeds runs neither', async () => {
  const runId = await startTasks('not-undone', {
    a: task({}, { rollback: 'undo-a' }),
    'undo-a': task(),
    tell: task({}, { onFailure: true }),
  })
  const run = await untilRun(runId, 'succeeded')
  expect(run.stages.map(({ status, skipped }) => [status, skipped])).toEqual([
    ['passed', null],
    ['skipped', 'nothing failed'],
    ['skipped', 'nothing failed'],
  ])
})

test('a rollback stage that fails is said, and the rest is undone', async () => {
  const runId = await startTasks('half-undone', {
    a: task({}, { rollback: 'undo-a' }),
    b: task({}, { needs: ['a'], rollback: 'undo-b' }),
    c: task({ do: 'fail' }, { needs: ['b'] }),
    'undo-a': task(),
    'undo-b': task({ do: 'fail' }),
  })
  const run = await untilRun(runId, 'failed')
  expect(run.failure).toMatchObject({
    code: 'rollback.failed',
    message: expect.stringMatching(/b was not undone/),
  })
  expect(await stageOf(runId, 'undo-a')).toMatchObject({ status: 'passed' })
})

test('another workflow is a stage, and gives what it says it gives', async () => {
  await post('/api/v1/workflows', {
    name: 'inner',
    inputs: { value: { kind: 'value' } },
    outputs: { doubled: 'work.value' },
    stages: { work: task({}, { inputs: { value: 'inputs.value' } }) },
  })
  const stages = {
    sub: {
      kind: 'workflow',
      owner: 'ops',
      inputs: { value: 'inputs.value' },
      outputs: { doubled: 'value' },
      with: { workflow: 'inner' },
    },
    after: task({}, { inputs: { value: 'sub.doubled' } }),
  }
  const inputs = { value: { kind: 'value' } }
  const runId = await startTasks('outer', stages, { inputs, start: { inputs: { value: 21 } } })
  const run = await untilRun(runId, 'succeeded')
  expect(run.stages[1]!.outputs).toEqual({ value: 21 })
  const child = await readRun(run.stages[0]!.outputs.run as string)
  expect(child).toMatchObject({
    workflow: 'inner',
    status: 'succeeded',
    cause: { by: 'stage', runId, stage: 'sub' },
  })
})

test('a workflow that calls itself is stopped', async () => {
  const sub = { kind: 'workflow', owner: 'ops', with: { workflow: 'selfish' } }
  const runId = await startTasks('selfish', { sub })
  const run = await untilRun(runId, 'failed')
  expect(run.failure.message).toMatch(/8 deep/)
})

test('runs of a workflow beyond its limit are queued, and the one that matters most goes first', async () => {
  const stages = { work: task({ do: 'later' }) }
  const first = await startTasks('one-at-a-time', stages, { concurrency: 1 })
  await untilStage(first, 'work', 'waiting')
  const { startAgain, callBackTask } = await import('./tasks.ts')
  const second = await startAgain('one-at-a-time')
  const third = await startAgain('one-at-a-time', { priority: 10 })
  expect((await readRun(second)).status).toBe('queued')
  expect((await readRun(third)).status).toBe('queued')
  await callBackTask((await tasksOf(first))[0]!, { type: 'task.succeeded', outputs: { value: 1 } })
  await untilStage(third, 'work', 'waiting')
  expect((await readRun(second)).status).toBe('queued')
})

test('stages that share a pool take turns', async () => {
  const stage = task({ do: 'later' }, { pool: 'gpu' })
  const { callBackTask } = await import('./tasks.ts')
  const runId = await startTasks('pooled', { a: stage, b: stage })
  await expect.poll(async () => (await tasksOf(runId)).length).toBe(1)
  const [sent] = await tasksOf(runId)
  const other = sent!.stage === 'a' ? 'b' : 'a'
  expect((await untilStage(runId, other, 'waiting')).waitingFor).toMatch(
    /a slot of the pool gpu, place 1 of 1/,
  )
  await callBackTask(sent!, { type: 'task.succeeded', outputs: { value: 1 } })
  await expect.poll(async () => (await tasksOf(runId)).length, { timeout: 10_000 }).toBe(2)
})
