import { expect, test } from 'vitest'
import { post, type Problem } from '../support.ts'
import { startTasks, task, untilRun } from './tasks.ts'

type Answer = Problem & { runId: string }
const send = async (path: string, body: object, key: string) =>
  await post<Answer>(`/api/v1/${path}`, body, { headers: { 'idempotency-key': key } })

test.for(['rerun', 'reproduce'])('one key makes one %s of a run, however often it is sent', async (how) => {
  const runId = await startTasks(`once-${how}`, { a: task({ value: 1 }) })
  await untilRun(runId, 'succeeded')
  const path = `runs/${runId}/${how}`
  const together = await Promise.all([send(path, {}, 'k'), send(path, {}, 'k')])
  const again = await send(path, {}, 'k')
  expect(again.status).toBe(201)
  expect(new Set([...together, again].map(({ body }) => body.runId)).size).toBe(1)
  expect((await send(path, {}, 'other')).body.runId).not.toBe(again.body.runId)
})

test('a key is of one run and one wish: it does not answer for another', async () => {
  const [one, two] = [
    await startTasks('first-of-two', { a: task({ value: 1 }) }),
    await startTasks('second-of-two', { a: task({ value: 1 }) }),
  ]
  for (const runId of [one, two]) await untilRun(runId, 'succeeded')
  const paths = [`runs/${one}/rerun`, `runs/${two}/rerun`, `runs/${one}/reproduce`]
  const answers = await Promise.all(paths.map((path) => send(path, {}, 'same')))
  const started = await send('workflows/first-of-two/runs', {}, 'same')
  expect(new Set([...answers, started].map(({ body }) => body.runId)).size).toBe(4)
})

test('a key that comes with another wish to do work anew is refused', async () => {
  await startTasks('forced', { a: task({ value: 1 }), b: task({ value: 2 }) })
  const path = 'workflows/forced/runs'
  const first = await send(path, { force: ['a'] }, 'f')
  expect((await send(path, { force: ['a'] }, 'f')).body.runId).toBe(first.body.runId)
  for (const body of [{}, { force: ['b'] }, { force: true }, { force: ['a'], priority: 3 }])
    expect(await send(path, body, 'f')).toMatchObject({ status: 422, body: { code: 'key.reused' } })
})
