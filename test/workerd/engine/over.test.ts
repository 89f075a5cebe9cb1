import { createMessageBatch, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { StageAction } from '../../../domain/run/effect.ts'
import worker from '../../../workers/index.ts'
import { startRun } from '../../../workers/runs/start-run.ts'
import { lockFor } from '../../../workers/stages/gate-lock.ts'
import { runStage } from '../../../workers/stages/run-stage.ts'
import { rowsOf } from '../gated-workflow.ts'
import { workflowRuns } from '../training-run.ts'
import { env, get, post } from '../support.ts'
import { evaluated, startPromotion } from './promotion.ts'
import { readRun, stageOf, startTasks, stoppedTasks, task, tasksOf, untilRun, untilStage } from './tasks.ts'

const cancel = (runId: string) => post(`/api/v1/runs/${runId}/cancel`, { reason: 'a test' })
const execute = (runId: string) =>
  ({ runId, effectId: 999, action: 'execute', stage: 'a', attempt: 1 }) as const
/** Long enough for what a test does while the stage is at work. */
const slowly = { do: 'later-slowly', ms: 3_000 }

/** A run whose one task was sent, and stopped when the run was cancelled. */
async function cancelledRun(name: string): Promise<string> {
  const runId = await startTasks(name, { a: task({ do: 'later' }) })
  await untilStage(runId, 'a', 'waiting')
  await cancel(runId)
  await expect.poll(() => stoppedTasks(runId), { timeout: 10_000 }).toEqual([`${runId}.a.1`])
  return runId
}

test('work that is asked for after its run was cancelled is not begun, and what may have begun is stopped once more', async () => {
  const runId = await cancelledRun('late-execute')
  await runStage(env, execute(runId))
  await expect.poll(() => stoppedTasks(runId), { timeout: 10_000 }).toHaveLength(2)
  expect(await tasksOf(runId)).toHaveLength(1)
})

test('what says that it waits after its run was cancelled is stopped: it has only just begun', async () => {
  const runId = await cancelledRun('late-waiting')
  const event = { type: 'stage.waiting', stage: 'a', attempt: 1, waitingFor: 'a test' } as const
  await env.WORKFLOW_RUN.getByName(runId).report([{ dedupeKey: 'late', event }])
  await expect.poll(() => stoppedTasks(runId), { timeout: 10_000 }).toHaveLength(2)
})

test('neither gates nor a question nor a commit are begun once the run was cancelled', async () => {
  await evaluated('late-commit')
  const gates = [{ gate: 'approval', params: { question: 'Does it ship?' } }]
  const { runId } = await startPromotion('late-commit', { gates })
  const run = env.WORKFLOW_RUN.getByName(runId)
  await expect
    .poll(async () => (await stageOf(runId, 'promote')).waitingFor, { timeout: 10_000 })
    .toMatch(/approval/)
  expect(await run.begin('approval', 'promote', 1)).toMatchObject({ status: 'gating' })
  await cancel(runId)
  for (const action of ['execute', 'gates', 'approval', 'commit'] satisfies StageAction[])
    expect(await run.begin(action, 'promote', 1)).toBeUndefined()
})

test('a run that a stage started is not left behind, though the stage was over before it had started', async () => {
  await post('/api/v1/workflows', { name: 'child', inputs: {}, stages: { work: task({ do: 'later' }) } })
  const sub = { kind: 'workflow', owner: 'ops', needs: ['a'], with: { workflow: 'child' } }
  const runId = await startTasks('parent', { a: task({ do: 'later' }), sub })
  await untilStage(runId, 'a', 'waiting')
  await cancel(runId)
  await untilRun(runId, 'cancelled')
  const child = await startRun(
    env,
    { project: 'default', keyId: 'key_1' },
    {
      workflow: 'child',
      inputs: {},
      key: `stage/${runId}/sub/1`,
      cause: { by: 'stage', runId, stage: 'sub', attempt: 1 },
    },
  )
  const event = { type: 'stage.waiting', stage: 'sub', attempt: 1, waitingFor: 'the run' } as const
  await env.WORKFLOW_RUN.getByName(runId).report([{ dedupeKey: 'late', event }])
  expect((await untilRun(child.runId, 'cancelled')).failure.message).toMatch(/its stage sub is over/)
})

test('a run that is cancelled as soon as it has started leaves no run of a stage behind', async () => {
  await post('/api/v1/workflows', { name: 'inner', inputs: {}, stages: { work: task({ do: 'later' }) } })
  const sub = { kind: 'workflow', owner: 'ops', with: { workflow: 'inner' } }
  const runId = await startTasks('outer', { sub })
  await cancel(runId)
  await untilRun(runId, 'cancelled')
  const inner = () => rowsOf("SELECT status FROM runs WHERE workflow = 'inner' AND status <> 'cancelled'")
  await expect.poll(inner, { timeout: 10_000 }).toEqual([])
})

test('a fault in our own house fails no attempt: the queue tries again, and in the end says what it was', async () => {
  const runId = await startTasks('faulty', { a: task(slowly) })
  await untilStage(runId, 'a', 'running')
  await expect(runStage({ ...env, TASK_ENDPOINTS: '{' }, execute(runId))).rejects.toThrow(/JSON/)
  expect(await stageOf(runId, 'a')).toMatchObject({ status: 'running', attempt: 1, error: null })

  const letter = { id: 'faulty', timestamp: new Date(), attempts: 1, body: execute(runId) }
  await worker.queue(createMessageBatch('sluice-dead-letters', [letter]), env)
  const { failure } = await untilRun(runId, 'failed')
  expect(failure).toMatchObject({
    code: 'queue.dead_letter',
    message: expect.stringMatching(/^the queue gave up: execute: .*JSON.*; .* as dead letter dl_faulty$/),
  })
  const { body } = await get<{ lines: { level: string; message: string }[] }>(`/api/v1/runs/${runId}/logs`)
  expect(body.lines).toEqual([
    expect.objectContaining({ level: 'error', message: expect.stringMatching(/^execute: /) }),
  ])
})

test('a lease that cannot be tended does not keep the others from being renewed and given back', async () => {
  const runId = await startTasks('leases', { a: task(slowly) })
  await untilStage(runId, 'a', 'running')
  const stub = workflowRuns.getByName(runId)
  const target = 'model:leased@production'
  await env.GATE_LOCK.getByName(`default/${target}`).acquire({ runId, stage: 'a', attempt: 1 })
  await runInDurableObject(stub, (_object, state) => {
    // A pool that is not there any more, before and after the lock.
    for (const [kind, of] of [
      ['slot', 'pool/gone'],
      ['lock', target],
      ['slot', 'pool/lost'],
    ] as const)
      state.storage.sql.exec('INSERT INTO lease VALUES (?, ?, ?, 1, 0)', kind, of, 'a')
  })
  await runDurableObjectAlarm(stub)
  const { leases } = (await env.WORKFLOW_RUN.getByName(runId).describe())!
  expect(leases.find((lease) => lease.target === target)!.renewAt).toBeGreaterThan(Date.now() + 5_000)
  await cancel(runId)
  const holders = async () => (await env.GATE_LOCK.getByName(`default/${target}`).inspect()).holders
  await expect.poll(holders, { timeout: 10_000 }).toEqual([])
})

test('an attempt that is over gets no lock, and leaves none behind', async () => {
  const runId = await startTasks('too-late', { a: task({ do: 'later' }) })
  await untilStage(runId, 'a', 'waiting')
  const run = env.WORKFLOW_RUN.getByName(runId)
  const job = (await run.context('a', 1))!
  await cancel(runId)
  await untilRun(runId, 'cancelled')
  const target = 'model:late@production'
  expect(await run.keepLease('lock', 'a', 1, target)).toBe(false)
  await expect(lockFor(env, job, target)).rejects.toMatchObject({ code: 'run.terminal' })
  expect((await env.GATE_LOCK.getByName(`default/${target}`).inspect()).holders).toEqual([])
  expect((await run.describe())!.leases).toEqual([])
  expect((await readRun(runId)).status).toBe('cancelled')
})
