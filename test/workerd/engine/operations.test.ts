import { createMessageBatch } from 'cloudflare:test'
import { expect, test } from 'vitest'
import worker from '../../../workers/index.ts'
import { env, get, makeKey, post, request, type Problem } from '../support.ts'
import { callBackTask, startTasks, task, tasksOf, untilRun, untilStage } from './tasks.ts'

async function deadLetter(id: string, body: unknown): Promise<void> {
  const batch = createMessageBatch('sluice-dead-letters', [{ id, timestamp: new Date(), attempts: 1, body }])
  await worker.queue(batch, env)
}

interface Letters {
  deadLetters: { deadLetterId: string; queue: string; body: unknown; replayedAt: number | null }[]
}

test('a message that failed every retry is visible to its project, and replayed by one call', async () => {
  const runId = await startTasks('poisoned', {
    a: task({ do: 'later' }, { retry: { attempts: 2, backoffSeconds: 0 } }),
  })
  await untilStage(runId, 'a', 'waiting')
  const message = { runId, effectId: 999, action: 'execute', stage: 'a', attempt: 1 }
  await deadLetter('one', message)
  const letters = await get<Letters>('/api/v1/dead-letters')
  expect(letters.body.deadLetters).toEqual([
    expect.objectContaining({
      deadLetterId: 'dl_one',
      queue: 'sluice-stages',
      body: message,
      replayedAt: null,
    }),
  ])
  const { key } = await makeKey(['admin'], 'elsewhere')
  expect((await get<Letters>('/api/v1/dead-letters', { key })).body.deadLetters).toEqual([])
  expect((await post('/api/v1/dead-letters/dl_one/replay', {}, { key })).status).toBe(404)
  const replayed = await post('/api/v1/dead-letters/dl_one/replay', {})
  expect(replayed).toMatchObject({ status: 202, body: { replayedAt: expect.any(Number) } })
  const audit = await env.LINEAGE.prepare(
    "SELECT action, run_id FROM audit_entries WHERE target = 'dl_one'",
  ).first()
  expect(audit).toEqual({ action: 'dead_letter.replayed', run_id: runId })
})

test('what no queue of ours carries is kept, and cannot be replayed', async () => {
  await deadLetter('odd', { strange: true })
  const replayed = await post<Problem>('/api/v1/dead-letters/dl_odd/replay', {})
  expect(replayed).toMatchObject({ status: 422, body: { code: 'dead_letter.unknown' } })
})

test('a letter of a run that has ended points at the rerun', async () => {
  const runId = await startTasks('ended', { a: task() })
  await untilRun(runId, 'succeeded')
  await deadLetter('late', { runId, effectId: 1, action: 'gates', stage: 'a', attempt: 1 })
  const replayed = await post<Problem>('/api/v1/dead-letters/dl_late/replay', {})
  expect(replayed).toMatchObject({ status: 409, body: { code: 'run.terminal' } })
})

test('a run is followed live: events and log lines come as they happen, and the stream ends with the run', async () => {
  const runId = await startTasks('followed', { a: task({ do: 'later' }) })
  await untilStage(runId, 'a', 'waiting')
  const response = await request(`/api/v1/runs/${runId}/stream`)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const text = response.text()
  const [sent] = await tasksOf(runId)
  await callBackTask(sent!, { type: 'task.heartbeat', progress: 0.5, message: 'half way there' })
  await callBackTask(sent!, { type: 'task.succeeded', outputs: { value: 1 } })
  const messages = (await text).trim().split('\n\n')
  const types = messages.map((message) => /event: (\w+)/.exec(message)![1])
  expect(types.filter((type) => type === 'log')).toHaveLength(1)
  expect(types.at(-1)).toBe('end')
  expect(await text).toContain('half way there')

  const missed = messages.findIndex((message) => message.includes('half way there'))
  const id = /id: (\S+)/.exec(messages[missed]!)![1]!
  const rest = await request(`/api/v1/runs/${runId}/stream`, { headers: { 'last-event-id': id } })
  expect((await rest.text()).trim().split('\n\n')).toEqual(messages.slice(missed + 1))
})

test('logs are kept in R2 after the run', async () => {
  const runId = await startTasks('logged', { a: task({ do: 'later' }) })
  await untilStage(runId, 'a', 'waiting')
  const [sent] = await tasksOf(runId)
  for (const step of [1, 2, 3])
    await callBackTask(sent!, { type: 'task.heartbeat', progress: step / 4, message: `step ${step}` })
  await callBackTask(sent!, { type: 'task.succeeded', outputs: { value: 1 } })
  await untilRun(runId, 'succeeded')
  const prefix = `default/runs/${runId}/`
  await expect.poll(async () => (await env.ARTIFACTS.list({ prefix })).objects.length).toBe(2)
  const { body } = await get<{ lines: { message: string }[] }>(`/api/v1/runs/${runId}/logs`)
  expect(body.lines.map(({ message }) => message)).toEqual(['step 1', 'step 2', 'step 3'])
  const after = await get<{ lines: { line: number }[] }>(`/api/v1/runs/${runId}/logs?after=2`)
  expect(after.body.lines.map(({ line }) => line)).toEqual([3])
})
