import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { env } from './support.ts'
import { trainingRun as record, workflowRuns as namespace } from './training-run.ts'

const outbox = (runId: string) =>
  runInDurableObject(namespace.getByName(runId), (_object, state) =>
    state.storage.sql
      .exec<{ type: string; sends: number; due_at: number }>('SELECT type, sends, due_at FROM outbox')
      .toArray(),
  )

test('creating a run twice is creating it once, and it outlives an eviction', async () => {
  const run = env.WORKFLOW_RUN.getByName('run_twice')
  await run.create(await record('run_twice'))
  await run.create(await record('run_twice'))
  await evictDurableObject(namespace.getByName('run_twice'))
  const events = await run.events(0)
  expect(events.filter(({ event }) => event.type === 'run.started')).toHaveLength(1)
  const row = await env.LINEAGE.prepare('SELECT count(*) AS n FROM runs WHERE run_id = ?')
    .bind('run_twice')
    .first()
  expect(row).toEqual({ n: 1 })
})

test('an event that is reported twice is recorded once; one of an old attempt is recorded and ignored', async () => {
  const run = env.WORKFLOW_RUN.getByName('run_events')
  await run.create(await record('run_events'))
  const waiting = {
    dedupeKey: 'w',
    event: { type: 'stage.waiting', stage: 'train', attempt: 1, waitingFor: 'a test' },
  } as const
  await run.report([waiting, waiting])
  await run.report([waiting])
  const late = {
    dedupeKey: 'late',
    event: { type: 'stage.produced', stage: 'train', attempt: 0, outputs: { model: 'x' } },
  } as const
  await run.report([late])
  const events = await run.events(0)
  expect(events.filter(({ dedupeKey }) => dedupeKey === 'w')).toHaveLength(1)
  expect(events.find(({ dedupeKey }) => dedupeKey === 'late')?.ignored).toMatch(/superseded/)
  expect((await run.describe())!.state.stages.train!.outputs).toEqual({})
})

test('work whose outcome has not come is sent again, and not before its time', async () => {
  const stub = namespace.getByName('run_lost')
  await env.WORKFLOW_RUN.getByName('run_lost').create(await record('run_lost'))
  const execute = async () => (await outbox('run_lost')).filter(({ type }) => type === 'stage_action')
  await expect.poll(async () => (await execute()).map(({ sends }) => sends)).toEqual([1])
  expect((await execute())[0]!.due_at).toBeGreaterThan(Date.now() + 10_000)
  await runInDurableObject(
    stub,
    (_object, state) =>
      void state.storage.sql.exec("UPDATE outbox SET due_at = 0 WHERE type = 'stage_action'"),
  )
  await runDurableObjectAlarm(stub)
  expect((await execute()).map(({ sends }) => sends)).toEqual([2])
})

test('the alarm that comes before work is due sends nothing, and a sign of life puts the work off', async () => {
  const stub = namespace.getByName('run_alive')
  const run = env.WORKFLOW_RUN.getByName('run_alive')
  await run.create(await record('run_alive'))
  const execute = async () => (await outbox('run_alive')).find(({ type }) => type === 'stage_action')!
  await expect.poll(async () => (await execute()).sends).toBe(1)
  await run.poke()
  await runDurableObjectAlarm(stub)
  expect((await execute()).sends).toBe(1)

  const soon = Date.now() + 1_000
  await runInDurableObject(
    stub,
    (_object, state) =>
      void state.storage.sql.exec("UPDATE outbox SET due_at = ? WHERE type = 'stage_action'", soon),
  )
  await run.heartbeat('train', 1, 0.25, 'a quarter')
  expect((await execute()).due_at).toBeGreaterThan(soon + 10_000)
  expect((await run.describe())!.progress).toEqual([
    expect.objectContaining({ stage: 'train', attempt: 1, progress: 0.25, message: 'a quarter' }),
  ])
})

test('what the object knows reaches D1, also when the alarm was lost', async () => {
  const run = env.WORKFLOW_RUN.getByName('run_projected')
  await run.create(await record('run_projected'))
  const row = () =>
    env.LINEAGE.prepare(
      'SELECT r.status, s.status AS train, s.error FROM runs r JOIN stage_runs s USING (run_id) WHERE run_id = ?',
    )
      .bind('run_projected')
      .first<{ status: string; train: string; error: string | null }>()
  expect(await row()).toMatchObject({ status: 'running' })
  const failed = {
    type: 'stage.attempt_failed',
    stage: 'train',
    attempt: 1,
    error: { code: 'gpu.lost', message: 'no more' },
    retryable: false,
  } as const
  await run.report([{ dedupeKey: 'f', event: failed }])
  await runInDurableObject(namespace.getByName('run_projected'), (_object, state) =>
    state.storage.deleteAlarm(),
  )
  await run.poke()
  await expect.poll(row).toMatchObject({ status: 'failed', train: 'failed' })
  expect(JSON.parse((await row())!.error!)).toEqual({ code: 'gpu.lost', message: 'no more' })
})

test('a run that is not known takes no report', async () => {
  expect(await env.WORKFLOW_RUN.getByName('run_unknown').report([])).toEqual({ known: false })
})
