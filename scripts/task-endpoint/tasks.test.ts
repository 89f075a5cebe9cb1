import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Task, TaskCallback } from '../../domain/task/contract.ts'
import { listen, type Listening } from '../gpu-endpoint/bridge.ts'
import { createCallbackSender } from '../gpu-endpoint/callbacks.ts'
import { openLedger } from './ledger.ts'
import { taskEndpointApp } from './server.ts'
import { createTasks, type Tasks } from './tasks.ts'

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes!!!!').toString('base64')}`
const webhook = new Webhook(SECRET)

let directory: string
let receiver: Listening
let callbacks: TaskCallback[]
let tokens: string[]
const endpoints: Tasks[] = []

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'task-endpoint-'))
  callbacks = []
  tokens = []
  receiver = await listen(async (request) => {
    const body = await request.text()
    webhook.verify(body, Object.fromEntries(request.headers))
    tokens.push(request.headers.get('authorization') ?? '')
    callbacks.push(JSON.parse(body) as TaskCallback)
    return new Response('{}')
  }, 0)
})
afterEach(async () => {
  for (const tasks of endpoints.splice(0)) tasks.close()
  await receiver.close()
  rmSync(directory, { recursive: true, force: true })
})

/** An endpoint on the ledger of this test: the second one is the first after a restart. */
function endpoint() {
  const tasks = createTasks({
    ledger: openLedger(join(directory, 'ledger.jsonl')),
    callbacks: createCallbackSender(SECRET, () => new Date()),
    now: Date.now,
    log: () => undefined,
  })
  endpoints.push(tasks)
  tasks.resume()
  const app = taskEndpointApp({ tasks, signingSecret: SECRET })
  const send = (method: string, path: string, body: string) => {
    const at = new Date()
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': webhook.sign('msg_1', at, body),
    }
    return app.request(path, { method, headers, ...(body === '' ? {} : { body }) })
  }
  return {
    tasks,
    app,
    perform: async (task: Task) => {
      const response = await send('POST', '/v1/tasks', JSON.stringify(task))
      return { status: response.status, answer: await response.json() }
    },
    cancel: (taskId: string) => send('DELETE', `/v1/tasks/${taskId}`, ''),
  }
}

function task(params: Task['params'], { stage = 'work', attempt = 1 } = {}): Task {
  return {
    task_id: `run_1.${stage}.${attempt}`,
    run_id: 'run_1',
    stage,
    attempt,
    inputs: { value: 7 },
    params,
    callback_url: `${receiver.url}/callbacks`,
    token: 'a-token',
  }
}

test('a no-op is answered at once with what it was given', async () => {
  const { perform } = endpoint()
  expect(await perform(task({ mode: 'noop' }))).toEqual({
    status: 200,
    answer: { status: 'succeeded', outputs: { value: 7 } },
  })
})

test('a request that is not signed is refused', async () => {
  const { app } = endpoint()
  const response = await app.request('/v1/tasks', { method: 'POST', body: JSON.stringify(task({})) })
  expect(response.status).toBe(401)
})

test('a flaky task fails its first attempts and may be tried again', async () => {
  const { perform } = endpoint()
  const params = { mode: 'flaky', failures: 2 }
  const second = await perform(task(params, { attempt: 2 }))
  expect(second.answer).toMatchObject({ status: 'failed', error: { code: 'task.flaky', retryable: true } })
  expect((await perform(task(params, { attempt: 3 }))).answer).toMatchObject({ status: 'succeeded' })
})

test('an effect takes place once, however often its task is sent, and over a restart', async () => {
  const first = endpoint()
  await first.perform(task({ mode: 'apply' }))
  await first.perform(task({ mode: 'apply' }))
  expect(first.tasks.counts().effects).toBe(1)
  const second = endpoint()
  await second.perform(task({ mode: 'apply' }))
  expect(second.tasks.counts().effects).toBe(1)
  const applied = openLedger(join(directory, 'ledger.jsonl')).past.filter(({ type }) => type === 'applied')
  expect(applied).toHaveLength(1)
})

test('a later task is accepted and calls back, also when the endpoint was killed in between', async () => {
  const first = endpoint()
  const { status } = await first.perform(task({ mode: 'later', delayMs: 50 }))
  expect(status).toBe(202)
  first.tasks.close()
  endpoint()
  await expect.poll(() => callbacks.find(({ type }) => type === 'task.succeeded')).toBeDefined()
  expect(tokens).toContain('Bearer a-token')
})

test('an effect is taken back by the undo task of its run, and by cancelling its own', async () => {
  const { tasks, perform, cancel } = endpoint()
  await perform(task({ mode: 'apply' }))
  await perform(task({ mode: 'apply' }, { stage: 'other' }))
  await perform(task({ mode: 'undo', of: 'work' }, { stage: 'undo-work' }))
  expect(tasks.counts().effects).toBe(1)
  await cancel('run_1.other.1')
  expect(tasks.counts().effects).toBe(0)
})

test('a task that was cancelled before it came has no effect', async () => {
  const { tasks, perform, cancel } = endpoint()
  await cancel('run_1.work.1')
  const { answer } = await perform(task({ mode: 'apply' }))
  expect(answer).toMatchObject({ status: 'failed', error: { code: 'task.cancelled', retryable: false } })
  expect(tasks.counts().effects).toBe(0)
})

test('parameters that it does not know are refused by field', async () => {
  const { perform } = endpoint()
  expect((await perform(task({ mode: 'dance' }))).answer).toMatchObject({
    status: 'failed',
    error: { code: 'task.params', retryable: false, message: expect.stringMatching(/^params\.mode: /) },
  })
})
