import { expect, test } from 'vitest'
import { post, type Problem } from '../support.ts'
import { startTasks, task, tasksOf, untilRun } from './tasks.ts'

const taking = task({}, { inputs: { value: 'inputs.constructor' } })

test('a name that every object inherits is unknown where nothing has it', async () => {
  const runId = await startTasks('usual', { a: task({ value: 1 }) })
  await untilRun(runId, 'succeeded')
  const refused = async (path: string, body: object) =>
    (await post<Problem>(`/api/v1/${path}`, body)) as { status: number; body: Problem }
  expect(await refused(`runs/${runId}/rerun`, { from: ['constructor'] })).toMatchObject({
    status: 422,
    body: { field: 'from', detail: 'The run has no stage constructor' },
  })
  expect(await refused('workflows/usual/runs', { force: ['constructor'] })).toMatchObject({
    status: 422,
    body: { field: 'force', detail: 'There is no stage constructor to force' },
  })
  expect(await refused('workflows/usual/runs', { inputs: { constructor: 1 } })).toMatchObject({
    status: 422,
    body: { field: 'inputs.constructor', detail: 'The workflow has no input constructor; it has: none' },
  })
})

test.for(['value', 'dataset'])('a %s input of such a name needs its value like any other', async (kind) => {
  const inputs = { constructor: { kind } }
  const name = `named-${kind}`
  await post('/api/v1/workflows', { name, inputs, stages: { a: taking } })
  expect(await post<Problem>(`/api/v1/workflows/${name}/runs`, {})).toMatchObject({
    status: 422,
    body: { field: 'inputs.constructor', detail: 'The input constructor has no value and no default' },
  })
})

test('an output of such a name is missing when the task does not give it', async () => {
  const runId = await startTasks('gives-none', { a: task({}, { outputs: { constructor: 'value' } }) })
  expect((await untilRun(runId, 'failed')).failure).toMatchObject({
    code: 'task.outputs',
    message: 'The output constructor is missing',
  })
})

test('stages, inputs and outputs may have such names, also when they are run again', async () => {
  const stages = {
    constructor: task(
      { outputs: { constructor: 5 } },
      { inputs: { constructor: 'inputs.constructor' }, outputs: { constructor: 'value' } },
    ),
    'to-string': task({}, { inputs: { value: 'constructor.constructor' } }),
  }
  const inputs = { constructor: { kind: 'value' } }
  const start = { inputs: { constructor: 4 } }
  const runId = await startTasks('so-named', stages, { inputs, start })
  const run = await untilRun(runId, 'succeeded')
  expect(JSON.stringify(run.stages.map(({ outputs }) => outputs))).toBe('[{"constructor":5},{"value":5}]')
  expect((await tasksOf(runId))[0]!.inputs).toEqual({ constructor: 4 })

  const { body } = await post<{ runId: string }>(`/api/v1/runs/${runId}/rerun`, { from: ['to-string'] })
  const again = await untilRun(body.runId, 'succeeded')
  expect(again.stages.map(({ status }) => status)).toEqual(['cached', 'passed'])
})
