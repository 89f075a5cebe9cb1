import { expect, test } from 'vitest'
import { post, type Problem } from '../support.ts'
import { readRun, startAgain, startTasks, task, tasksOf, untilRun } from './tasks.ts'

test('equal work is taken over from an earlier run, which is said; force does it anew, which is recorded', async () => {
  const stages = { a: task({ value: 1 }, { cache: true }), b: task({}, { inputs: { value: 'a.value' } }) }
  const first = await startTasks('cached', stages)
  await untilRun(first, 'succeeded')
  await expect
    .poll(async () => {
      const again = await untilRun(await startAgain('cached'), 'succeeded')
      return again.stages.map(({ status, cachedFrom, outputs }) => ({ status, cachedFrom, outputs }))
    })
    .toEqual([
      { status: 'cached', cachedFrom: { runId: first, stage: 'a' }, outputs: { value: 1 } },
      { status: 'passed', cachedFrom: null, outputs: { value: 1 } },
    ])
  const forced = await untilRun(await startAgain('cached', { force: ['a'] }), 'succeeded')
  expect(forced).toMatchObject({ force: ['a'], stages: [{ status: 'passed' }, { status: 'passed' }] })
  const other = await startTasks('cached', { ...stages, a: task({ value: 2 }, { cache: true }) })
  expect((await untilRun(other, 'succeeded')).stages[0]!.status).toBe('passed')
  const wrong = await post<Problem>('/api/v1/workflows/cached/runs', { force: ['c'] })
  expect(wrong).toMatchObject({
    status: 422,
    body: { field: 'force', detail: 'There is no stage c to force' },
  })
})

test('a rerun does what had not passed, and takes over what had', async () => {
  const stages = {
    a: task({ value: 'a' }),
    b: task({ do: 'fail' }, { inputs: { value: 'a.value' } }),
    c: task({}, { inputs: { value: 'b.value' } }),
  }
  const failed = await startTasks('again', stages)
  await untilRun(failed, 'failed')
  const { body } = await post<{ runId: string }>(`/api/v1/runs/${failed}/rerun`, {})
  const run = await untilRun(body.runId, 'failed')
  expect(run).toMatchObject({ cause: { by: 'rerun', runId: failed } })
  expect(run.stages[0]).toMatchObject({ status: 'cached', cachedFrom: { runId: failed, stage: 'a' } })
  expect((await tasksOf(body.runId)).map(({ stage }) => stage)).toEqual(['b'])
  const whole = await post<{ runId: string }>(`/api/v1/runs/${failed}/rerun`, { from: ['a'] })
  await untilRun(whole.body.runId, 'failed')
  expect((await tasksOf(whole.body.runId)).map(({ stage }) => stage)).toEqual(['a', 'b'])
  expect((await post<Problem>(`/api/v1/runs/${failed}/rerun`, { from: ['x'] })).body.detail).toBe(
    'The run has no stage x',
  )
})

test('a run that has not ended is not rerun', async () => {
  const runId = await startTasks('under-way', { a: task({ do: 'later' }) })
  expect(await post<Problem>(`/api/v1/runs/${runId}/rerun`, {})).toMatchObject({
    status: 409,
    body: { code: 'run.live' },
  })
})

test('a new version of a workflow does not change a run in flight', async () => {
  const runId = await startTasks('versioned', { go: task({ value: 'old' }, { waitFor: ['go'] }) })
  const before = await readRun(runId)
  await post('/api/v1/workflows', { name: 'versioned', inputs: {}, stages: { go: task({ value: 'new' }) } })
  await post(`/api/v1/runs/${runId}/signals/go`, {})
  const run = await untilRun(runId, 'succeeded')
  expect(run.stages[0]!.outputs).toEqual({ value: 'old' })
  expect(run.workflowVersion).toBe(before.workflowVersion)
})

test('an idempotency key that comes with another request is refused', async () => {
  await startTasks(
    'keyed',
    { a: task({}, { inputs: { value: 'inputs.n' } }) },
    { inputs: { n: { kind: 'value', default: 1 } } },
  )
  const send = (n: number) =>
    post<{ runId: string; code: string }>(
      '/api/v1/workflows/keyed/runs',
      { inputs: { n } },
      { headers: { 'idempotency-key': 'k' } },
    )
  const first = await send(1)
  expect((await send(1)).body.runId).toBe(first.body.runId)
  expect(await send(2)).toMatchObject({ status: 422, body: { code: 'key.reused' } })
})
