import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env as bound } from 'cloudflare:workers'
import { beforeAll, expect, test } from 'vitest'
import { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import { planOf, type RunRecord } from '../../domain/workflow/plan.ts'
import type { WorkflowRun } from '../../durable-objects/workflow-run.ts'
import { env, request } from './support.ts'

const namespace = (bound as unknown as { WORKFLOW_RUN: DurableObjectNamespace<WorkflowRun> }).WORKFLOW_RUN

let dataset: string
beforeAll(async () => {
  const response = await request('/api/v1/datasets/rows/versions', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: JSON.stringify({ id: 'a', data: { split: 'train' } }),
  })
  dataset = ((await response.json()) as { ref: string }).ref
})

/** A run whose only stage trains at an endpoint that takes five seconds to take the job. */
function record(runId: string): RunRecord {
  const definition = WorkflowDefinition.parse({
    name: 'one',
    inputs: { dataset: { kind: 'dataset' } },
    stages: {
      train: {
        kind: 'train',
        owner: 'ml',
        inputs: { dataset: 'inputs.dataset' },
        with: { endpoint: 'silent-gpu', model: 'm', baseModel: 'none' },
      },
    },
  })
  return {
    project: 'default',
    runId,
    workflow: 'one',
    workflowVersion: 'v',
    definition,
    plan: planOf(definition),
    pinned: { 'inputs.dataset': dataset },
    author: 'test',
    codeSha: 'x',
    createdAt: 1,
  }
}

const outbox = (runId: string) =>
  runInDurableObject(namespace.getByName(runId), (_object, state) =>
    state.storage.sql
      .exec<{ type: string; sends: number; due_at: number }>('SELECT type, sends, due_at FROM outbox')
      .toArray(),
  )

test('creating a run twice is creating it once, and it outlives an eviction', async () => {
  const run = env.WORKFLOW_RUN.getByName('run_twice')
  await run.create(record('run_twice'))
  await run.create(record('run_twice'))
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
  await run.create(record('run_events'))
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
  await env.WORKFLOW_RUN.getByName('run_lost').create(record('run_lost'))
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

test('a run that is not known takes no report', async () => {
  expect(await env.WORKFLOW_RUN.getByName('run_unknown').report([])).toEqual({ known: false })
})
