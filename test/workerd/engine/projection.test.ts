import { expect, test, vi } from 'vitest'
import { rowsOf } from '../gated-workflow.ts'
import { env } from '../support.ts'
import { callBackTask, readRun, startTasks, task, tasksOf, untilRun, untilStage } from './tasks.ts'

/** A run's stages as the lineage database has them. */
async function stored(runId: string): Promise<unknown[]> {
  const rows = await rowsOf(
    'SELECT stage, status, attempt, outputs, error FROM stage_runs WHERE run_id = ? ORDER BY position',
    runId,
  )
  return rows.map((row) => ({
    ...row,
    outputs: JSON.parse(row.outputs as string),
    error: JSON.parse((row.error as string | null) ?? 'null'),
  }))
}

const storedRun = async (runId: string) =>
  (await rowsOf('SELECT status FROM runs WHERE run_id = ?', runId))[0]

/** The same, as the run itself has them. */
const known = async (runId: string) =>
  (await readRun(runId)).stages.map(({ stage, status, attempt, outputs, error }) => ({
    stage,
    status,
    attempt,
    outputs,
    error,
  }))

test('the lineage database has every stage as the run has it, however fast they follow each other', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `s${index}`)
  const retry = { attempts: 2, backoffSeconds: 0 }
  const stages = Object.fromEntries(
    names.map((name, index) => [
      name,
      task(index % 3 === 0 ? { do: 'fail-first' } : { value: index }, {
        retry,
        needs: index < 10 ? [] : [`s${index - 10}`],
      }),
    ]),
  )
  const runId = await startTasks('many-stages', stages)
  await untilRun(runId, 'succeeded')
  await expect.poll(() => storedRun(runId), { timeout: 10_000 }).toEqual({ status: 'succeeded' })
  expect(await stored(runId)).toEqual(await known(runId))
})

test('what the lineage database refused is written when it takes it, though other stages have changed since', async () => {
  const runId = await startTasks('refused', {
    a: task({ do: 'later' }),
    b: task({}, { inputs: { value: 'a.value' } }),
    c: task({ do: 'later' }, { needs: ['b'] }),
  })
  await untilStage(runId, 'a', 'waiting')
  await env.LINEAGE.exec(
    `CREATE TRIGGER closed BEFORE UPDATE ON stage_runs WHEN NEW.run_id = '${runId}' BEGIN SELECT RAISE(ABORT, 'closed'); END`,
  )
  const said = vi.spyOn(console, 'error').mockReturnValue()
  const [first] = await tasksOf(runId)
  await callBackTask(first!, { type: 'task.succeeded', outputs: { value: 1 } })
  await untilStage(runId, 'c', 'waiting')
  const refusal = expect.objectContaining({ error: expect.stringMatching(/closed/) })
  await expect.poll(() => said.mock.calls, { timeout: 10_000 }).toContainEqual([refusal])
  said.mockRestore()
  expect(await stored(runId)).not.toContainEqual(expect.objectContaining({ status: 'passed' }))
  await env.LINEAGE.exec('DROP TRIGGER closed')
  await expect.poll(() => stored(runId), { timeout: 10_000 }).toEqual(await known(runId))
})
