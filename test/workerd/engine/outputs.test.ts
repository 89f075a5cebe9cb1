import { expect, test } from 'vitest'
import { rowsOf } from '../gated-workflow.ts'
import { ingestRows } from '../support.ts'
import { startTasks, task, untilRun } from './tasks.ts'

const made = (ref: string) => task({ outputs: { rows: ref } }, { outputs: { rows: 'dataset' } })

test.for<[string, string, RegExp]>([
  ['an alias', 'dataset:rows@golden', /^The output rows must name a version, not an alias: "dataset:rows@/],
  ['nothing that is registered', `dataset:rows@${'0'.repeat(64)}`, /^The output rows is not registered: /],
  ['another kind', `model:m@${'0'.repeat(64)}`, /^The output rows must be a dataset ref, not "model:m@/],
])('a task that gives %s where a dataset is due fails for good', async ([name, ref, message]) => {
  const runId = await startTasks(`gives-${name.replaceAll(' ', '-')}`, { a: made(ref) })
  const { failure } = await untilRun(runId, 'failed')
  expect(failure).toMatchObject({ code: 'task.outputs', message: expect.stringMatching(message) })
})

test('a task that gives a registered version gives it to who reads it', async () => {
  const ref = await ingestRows('made-outside', [{ id: 'a', data: {} }])
  const runId = await startTasks('gives-version', { a: made(ref) })
  expect((await untilRun(runId, 'succeeded')).stages[0]!.outputs).toEqual({ rows: ref })
})

test('outputs of a run that are too large together fail the stage that goes too far', async () => {
  const large = task({ do: 'large', bytes: 250_000 })
  const stages = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, large]))
  const runId = await startTasks('too-much', stages)
  const run = await untilRun(runId, 'failed')
  expect(run.failure).toMatchObject({
    code: 'task.outputs',
    message: expect.stringMatching(
      /^The outputs of the run would be 125\d{4} bytes of JSON; at most 1200000 /,
    ),
  })
  expect(run.stages.filter(({ status }) => status === 'passed')).toHaveLength(4)
})

test('an input that is too long for a list is shown as where it comes from', async () => {
  const [large, small] = ['x'.repeat(30_000), 'x']
  const inputs = { large: { kind: 'value', default: large }, small: { kind: 'value', default: small } }
  const takes = task({ value: 1 }, { inputs: { large: 'inputs.large', small: 'inputs.small' } })
  const runId = await startTasks('long-input', { a: takes }, { inputs })
  await untilRun(runId, 'succeeded')
  const shown = async () => {
    const [row] = await rowsOf("SELECT inputs FROM stage_runs WHERE run_id = ? AND status = 'passed'", runId)
    return row && JSON.parse(row.inputs as string)
  }
  await expect.poll(shown, { timeout: 10_000 }).toEqual({ large: 'inputs.large', small })
})
