import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { workflowRuns } from '../training-run.ts'
import { callBackTask, stageOf, startTasks, task, tasksOf, untilStage } from './tasks.ts'

const TIMER = "effect ->> 'event' = 'stage.heartbeat_missed'"

/** When the stage of a run is given up for its silence; nothing while it owes no sign of life. */
const lostAt = (runId: string) =>
  runInDurableObject(
    workflowRuns.getByName(runId),
    (_object, state) =>
      state.storage.sql.exec<{ due: number }>(`SELECT due_at AS due FROM outbox WHERE ${TIMER}`).toArray()[0]
        ?.due,
  )

test('a stage that waits for its slot is not given up for its silence; then it has the whole time', async () => {
  const holder = await startTasks('slot-holder', { a: task({ do: 'later' }, { pool: 'gpu' }) })
  await untilStage(holder, 'a', 'waiting')
  const runId = await startTasks('slot-waiter', {
    a: task({ do: 'later' }, { pool: 'gpu', heartbeatSeconds: 5 }),
  })
  expect((await untilStage(runId, 'a', 'waiting')).waitingFor).toMatch(/a slot of the pool gpu/)
  const stub = workflowRuns.getByName(runId)
  await runInDurableObject(stub, (_object, state) => {
    state.storage.sql.exec(`UPDATE outbox SET due_at = 0 WHERE ${TIMER}`)
  })
  await runDurableObjectAlarm(stub)
  expect(await stageOf(runId, 'a')).toMatchObject({ status: 'waiting', attempt: 1, error: null })

  const [held] = await tasksOf(holder)
  await callBackTask(held!, { type: 'task.succeeded', outputs: { value: 1 } })
  await expect.poll(async () => (await tasksOf(runId)).length, { timeout: 10_000 }).toBe(1)
  expect(await lostAt(runId)).toBeGreaterThan(Date.now() + 1_000)
})

test('a mapped stage lives while its items are silent: its object says so for them', async () => {
  const each = task({ do: 'later' }, { map: { over: 'inputs.items' }, heartbeatSeconds: 5 })
  const inputs = { items: { kind: 'value', default: ['a'] } }
  const runId = await startTasks('silent-items', { each }, { inputs })
  await untilStage(runId, 'each', 'waiting')
  const first = (await lostAt(runId))!
  // Later than any sign of life that the stage's start gave.
  await expect.poll(() => lostAt(runId), { timeout: 10_000 }).toBeGreaterThan(first + 2_500)
  expect(await stageOf(runId, 'each')).toMatchObject({ status: 'waiting', attempt: 1 })
})
