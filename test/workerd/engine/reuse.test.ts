import { expect, test } from 'vitest'
import { earlierResult } from '../../../workers/stages/earlier-result.ts'
import type { Env } from '../../../workers/env.ts'
import { env, post } from '../support.ts'
import { startAgain, startTasks, task, tasksOf, untilRun } from './tasks.ts'

test('what was made before is not taken over by a Worker of another version than the run was started with', async () => {
  const stages = { a: task({ value: 1 }, { cache: true }) }
  const first = await startTasks('other-code', stages)
  await untilRun(first, 'succeeded')
  const second = await startAgain('other-code')
  await untilRun(second, 'succeeded')
  const job = (await env.WORKFLOW_RUN.getByName(second).context('a', 1))!
  const foundBy = async (change: Partial<Env>) => (await earlierResult({ ...env, ...change }, job))?.runId
  await expect.poll(() => foundBy({}), { timeout: 10_000 }).toBe(first)
  expect(await foundBy({ CODE_SHA: 'f'.repeat(40) })).toBeUndefined()
  expect(await foundBy({ CODE_SHA: 'unknown' })).toBeUndefined()
})

test('a rerun does again what the failed run undid, and so what comes after it', async () => {
  const runId = await startTasks('undone-then-rerun', {
    before: task({ value: 0 }),
    make: task({ value: 1 }, { needs: ['before'], rollback: 'undo' }),
    use: task({}, { inputs: { value: 'make.value' } }),
    last: task({ do: 'fail' }, { needs: ['use'] }),
    undo: task({ value: 'undone' }),
  })
  await untilRun(runId, 'rolled_back')
  const { body } = await post<{ runId: string }>(`/api/v1/runs/${runId}/rerun`, {})
  await untilRun(body.runId, 'rolled_back')
  expect((await tasksOf(body.runId)).map(({ stage }) => stage)).toEqual(['make', 'use', 'last', 'undo'])
})

test('a reproduction does not run other workflows, which may change production', async () => {
  await post('/api/v1/workflows', { name: 'called', inputs: {}, stages: { work: task({ value: 1 }) } })
  const runId = await startTasks('calls', {
    a: task({ value: 1 }),
    sub: { kind: 'workflow', owner: 'ops', needs: ['a'], with: { workflow: 'called' } },
    after: task({ value: 2 }, { needs: ['sub'] }),
  })
  await untilRun(runId, 'succeeded')
  const { body } = await post<{ runId: string }>(`/api/v1/runs/${runId}/reproduce`, {})
  const run = await untilRun(body.runId, 'succeeded')
  expect(run.stages.map(({ stage, status }) => [stage, status])).toEqual([['a', 'passed']])
})
