import { Webhook } from 'standardwebhooks'
import { expect } from 'vitest'
import type { Task } from '../../../domain/task/contract.ts'
import type { RunView } from '../../../workers/api/run-view.ts'
import { get, post, request } from '../support.ts'

const SECRET = 'whsec_c2x1aWNlLXRlc3Qtc2VjcmV0LXNsdWljZS10ZXN0LXNlYw=='

/** A stage that asks the task endpoint of the world outside; `params.do` says how that behaves. */
export function task(params: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) {
  return {
    kind: 'task',
    owner: 'ops',
    outputs: { value: 'value' },
    with: { endpoint: 'tasks', params },
    ...rest,
  }
}

/** Applies a workflow of these stages and starts a run of it. */
export async function startTasks(
  name: string,
  stages: Record<string, unknown>,
  {
    inputs = {},
    start = {},
    key,
    ...rest
  }: {
    inputs?: Record<string, unknown>
    start?: Record<string, unknown>
    key?: string
    [field: string]: unknown
  } = {},
): Promise<string> {
  const applied = await post('/api/v1/workflows', { name, inputs, stages, ...rest })
  expect(applied).toMatchObject({ status: 201 })
  return startAgain(name, start, key)
}

export async function startAgain(
  name: string,
  start: Record<string, unknown> = {},
  key?: string,
): Promise<string> {
  const started = await post<{ runId: string }>(`/api/v1/workflows/${name}/runs`, start, key ? { key } : {})
  expect(started).toMatchObject({ status: 201 })
  return started.body.runId
}

export const readRun = async (runId: string) => (await get<RunView>(`/api/v1/runs/${runId}`)).body

export async function stageOf(runId: string, name: string) {
  return (await readRun(runId)).stages.find(({ stage }) => stage === name)!
}

export async function untilRun(runId: string, status: string): Promise<RunView> {
  await expect.poll(async () => (await readRun(runId)).status, { timeout: 20_000 }).toBe(status)
  return readRun(runId)
}

export async function untilStage(runId: string, stage: string, status: string) {
  await expect.poll(async () => (await stageOf(runId, stage)).status, { timeout: 20_000 }).toBe(status)
  return stageOf(runId, stage)
}

interface Call {
  host: string
  method: string
  path: string
  body: string
}

async function calls(): Promise<Call[]> {
  return (await (await fetch('http://calls.test/')).json()) as Call[]
}

/** Tasks of a run that reached the endpoint, in order. */
export async function tasksOf(runId: string): Promise<Task[]> {
  return (await calls())
    .filter(({ host, method, body }) => host === 'tasks.test' && method === 'POST' && body.includes(runId))
    .map(({ body }) => JSON.parse(body) as Task)
}

/** What the endpoint was asked about single tasks of a run, and when it took one, in order. */
export async function callsOf(runId: string): Promise<Call[]> {
  return (await calls()).filter(({ host, path }) => host === 'tasks.test' && path.includes(runId))
}

/** Ids of the tasks of a run that the endpoint was told to stop. */
export async function stoppedTasks(runId: string): Promise<string[]> {
  return (await callsOf(runId))
    .filter(({ method }) => method === 'DELETE')
    .map(({ path }) => decodeURIComponent(path.slice('/v1/tasks/'.length)))
}

/** What the endpoint calls back with for a task that it took. */
export function callBackTask(task: Task, callback: Record<string, unknown>, id = crypto.randomUUID()) {
  const body = JSON.stringify({ task_id: task.task_id, ...callback })
  const now = new Date()
  return request('/api/v1/callbacks/tasks', {
    method: 'POST',
    key: task.token,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(SECRET).sign(id, now, body),
    },
    body,
  })
}
