import { runInDurableObject } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { sha256Hex } from '../../domain/hash.ts'
import type { TrainingJob } from '../../domain/training/contract.ts'
import type { RunView } from '../../workers/api/run-view.ts'
import { adapter, callBack, jobsAtEndpoint, sendSigned, succeeded, upload } from './endpoint.ts'
import { env, get, post, request, type Problem } from './support.ts'
import { workflowRuns } from './training-run.ts'

const trainOnly = {
  name: 'train-only',
  inputs: { dataset: { kind: 'dataset' } },
  stages: {
    train: {
      kind: 'train',
      owner: 'ml',
      // Each test wants a job of its own.
      cache: false,
      inputs: { dataset: 'inputs.dataset' },
      with: { endpoint: 'test-gpu', model: 'tiny', baseModel: 'none' },
    },
  },
}

let dataset: string
beforeAll(async () => {
  await post('/api/v1/workflows', trainOnly)
  const response = await request('/api/v1/datasets/rows/versions', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: JSON.stringify({ id: 'a', data: { split: 'train' } }),
  })
  dataset = ((await response.json()) as { ref: string }).ref
})

const readRun = async (runId: string) => (await get<RunView>(`/api/v1/runs/${runId}`)).body
const trainOf = async (runId: string) => (await readRun(runId)).stages[0]!

/** A run whose training job has reached the endpoint, and that job as the endpoint got it. */
async function dispatched(): Promise<{ runId: string; job: TrainingJob }> {
  const { body } = await post<{ runId: string }>('/api/v1/workflows/train-only/runs', { inputs: { dataset } })
  await expect.poll(async () => (await trainOf(body.runId)).status, { timeout: 10_000 }).toBe('waiting')
  const jobs = await jobsAtEndpoint()
  return { runId: body.runId, job: jobs.find(({ job_id }) => job_id.startsWith(body.runId))! }
}

test('an endpoint gets its rows, uploads its artifact and calls back; the model version is the artifact’s hash', async () => {
  const { runId, job } = await dispatched()
  expect(job.dataset).toMatchObject({ ref: dataset, rows: 1 })
  const shard = await request(new URL(job.dataset.shards[0]!.url).pathname, { key: job.token })
  const bytes = new Uint8Array(await shard.arrayBuffer())
  expect(sha256Hex(bytes)).toBe(job.dataset.shards[0]!.sha256)
  expect(
    (await callBack(job, { type: 'training.heartbeat', progress: 0.5, message: 'half' }, { id: 'beat' }))
      .status,
  ).toBe(200)
  expect((await trainOf(runId)).progress).toMatchObject({ progress: 0.5, message: 'half' })

  expect((await upload(job, adapter)).status).toBe(201)
  expect((await callBack(job, succeeded())).status).toBe(200)
  await expect.poll(async () => (await readRun(runId)).status).toBe('succeeded')
  expect((await trainOf(runId)).outputs.model).toBe(`model:tiny@${sha256Hex(adapter)}`)

  // Calling back again changes nothing, under the same message id or another.
  expect((await callBack(job, succeeded())).status).toBe(200)
  expect((await callBack(job, succeeded(), { id: 'msg_2' })).status).toBe(200)
  const { body } = await get<{ events: { event: { type: string } }[] }>(`/api/v1/runs/${runId}/events`)
  expect(body.events.filter(({ event }) => event.type === 'stage.produced')).toHaveLength(1)
  const { body: models } = await get<{ artifacts: unknown[] }>('/api/v1/artifacts/model/tiny')
  expect(models.artifacts).toHaveLength(1)
})

test('a callback that the endpoint did not sign, or without its token, is refused and changes nothing', async () => {
  const { runId, job } = await dispatched()
  await upload(job, adapter)
  const forged = await callBack(job, succeeded(), {
    secret: 'whsec_Zm9yZ2VkLWZvcmdlZC1mb3JnZWQtZm9yZ2VkLWZvcmdlZA==',
  })
  expect([forged.status, ((await forged.json()) as { code: string }).code]).toEqual([
    401,
    'signature.invalid',
  ])
  const foreign = await callBack(job, succeeded(), { token: 'not.a.token' })
  expect([foreign.status, ((await foreign.json()) as { code: string }).code]).toEqual([401, 'token.invalid'])
  expect((await trainOf(runId)).status).toBe('waiting')
})

test('an upload that does not match its stated hash is refused', async () => {
  const { job } = await dispatched()
  const answer = await upload(job, adapter, 'f'.repeat(64))
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
    422,
    'artifact.mismatch',
  ])
})

test('an endpoint that names an artifact it never uploaded fails the stage, and the run says why', async () => {
  const { runId, job } = await dispatched()
  expect((await callBack(job, succeeded('e'.repeat(64)))).status).toBe(200)
  await expect.poll(async () => (await readRun(runId)).status).toBe('failed')
  expect((await readRun(runId)).failure).toMatchObject({
    code: 'artifact.mismatch',
    stage: 'train',
    message: /never uploaded/,
  })
})

test('a failure of the endpoint is the run’s, in its words', async () => {
  const { runId, job } = await dispatched()
  await callBack(job, {
    type: 'training.failed',
    error: { code: 'gpu.lost', message: 'the GPU fell off the bus', retryable: false },
  })
  await expect
    .poll(async () => (await readRun(runId)).failure)
    .toMatchObject({ code: 'gpu.lost', message: 'the GPU fell off the bus' })
})

test('cancelling a run reaches the endpoint, and its late callback is recorded and ignored', async () => {
  const { runId, job } = await dispatched()
  expect((await post(`/api/v1/runs/${runId}/cancel`, { reason: 'changed my mind' })).status).toBe(202)
  await expect
    .poll(async () => {
      const calls = (await (await fetch('http://calls.test/')).json()) as { method: string; path: string }[]
      return calls.some(
        ({ method, path }) => method === 'DELETE' && decodeURIComponent(path).endsWith(job.job_id),
      )
    })
    .toBe(true)
  // Nothing of an attempt that is over gets in: no bytes, no sign of life, no model.
  const unseen = new TextEncoder().encode('an adapter that came too late')
  const late = [
    await upload(job, unseen),
    await callBack(job, { type: 'training.heartbeat', progress: 1, message: 'done' }, { id: 'beat' }),
    await callBack(job, succeeded(sha256Hex(unseen))),
    await callBack(job, succeeded(sha256Hex(unseen)), { id: 'msg_2' }),
  ]
  expect(late.map(({ status }) => status)).toEqual([409, 409, 409, 409])
  expect(await late[2]!.json()).toMatchObject({ code: 'run.terminal', detail: 'Attempt 1 of train is over' })
  expect((await get(`/api/v1/artifacts/model/tiny/${sha256Hex(unseen)}`)).status).toBe(404)
  expect(await env.ARTIFACTS.head(`default/models/tiny/${sha256Hex(unseen)}.safetensors`)).toBeNull()

  expect((await readRun(runId)).status).toBe('cancelled')
  const { body } = await get<{
    events: { event: { type: string; error?: { code: string } }; ignored: string | null }[]
  }>(`/api/v1/runs/${runId}/events`)
  expect(body.events.filter(({ event }) => event.error?.code === 'callback.late')).toEqual([
    expect.objectContaining({ ignored: expect.stringContaining('cancelled') }),
  ])
})

test('a signed callback that cannot be read is refused by what is wrong with it', async () => {
  const { runId, job } = await dispatched()
  const unknown = await callBack(job, { type: 'training.exploded' })
  expect([unknown.status, ((await unknown.json()) as Problem).code]).toEqual([400, 'request.invalid'])
  const negative = await callBack(job, { type: 'training.heartbeat', progress: -1, message: 'm' })
  expect([negative.status, ((await negative.json()) as Problem).detail]).toEqual([
    400,
    expect.stringMatching(/^progress: /),
  ])
  const text = await sendSigned(job, 'done!')
  expect([text.status, ((await text.json()) as Problem).detail]).toEqual([400, 'The body is not JSON'])
  expect((await trainOf(runId)).status).toBe('waiting')
})

test('an attempt that has ended takes nothing more, while the next one is under way', async () => {
  const retried = { ...trainOnly.stages.train, retry: { attempts: 2, backoffSeconds: 0 } }
  await post('/api/v1/workflows', { ...trainOnly, name: 'retried', stages: { train: retried } })
  const { body } = await post<{ runId: string }>('/api/v1/workflows/retried/runs', { inputs: { dataset } })
  const job = async (attempt: number) => {
    const find = async () =>
      (await jobsAtEndpoint()).find(({ job_id }) => job_id === `${body.runId}.train.${attempt}`)
    await expect.poll(find).toBeDefined()
    return (await find())!
  }
  const first = await job(1)
  await callBack(first, {
    type: 'training.failed',
    error: { code: 'gpu.lost', message: 'the GPU fell off the bus', retryable: true },
  })
  const second = await job(2)
  expect((await callBack(first, succeeded())).status).toBe(409)
  expect((await upload(second, adapter)).status).toBe(201)
  expect((await callBack(second, succeeded())).status).toBe(200)
  await expect.poll(async () => (await readRun(body.runId)).status).toBe('succeeded')
  expect((await trainOf(body.runId)).attempt).toBe(2)
})

test('a run says which input is missing, unknown or of the wrong kind, and the same key starts one run', async () => {
  const start = (inputs: Record<string, string>, headers = {}) =>
    post<{ runId: string; code: string; detail: string }>(
      '/api/v1/workflows/train-only/runs',
      { inputs },
      { headers },
    )
  expect((await start({})).body).toMatchObject({
    code: 'run.inputs',
    detail: 'The input dataset has no value and no default',
  })
  expect((await start({ dataset, rows: dataset })).body.detail).toMatch(/no input rows; it has: dataset/)
  expect((await start({ dataset: `model:tiny@${'a'.repeat(64)}` })).body.detail).toMatch(/takes a dataset/)
  expect((await start({ dataset: `dataset:rows@${'a'.repeat(64)}` })).status).toBe(404)
  const first = await start({ dataset }, { 'idempotency-key': 'once' })
  const second = await start({ dataset }, { 'idempotency-key': 'once' })
  expect(second.body.runId).toBe(first.body.runId)
})

/** The failure of a run whose endpoint and patience are these. */
async function failureWith(change: Record<string, unknown>, endpoint: string) {
  const name = `with-${endpoint}`
  const train = { ...trainOnly.stages.train, with: { ...trainOnly.stages.train.with, endpoint }, ...change }
  await post('/api/v1/workflows', { ...trainOnly, name, stages: { train } })
  const { body } = await post<{ runId: string }>(`/api/v1/workflows/${name}/runs`, { inputs: { dataset } })
  await expect.poll(async () => (await readRun(body.runId)).status, { timeout: 10_000 }).toBe('failed')
  return readRun(body.runId)
}

test('an endpoint that is down is tried as often as the policy says, and the run says what it answered', async () => {
  const run = await failureWith({ retry: { attempts: 2, backoffSeconds: 0 } }, 'down-gpu')
  expect(run.stages[0]!.attempt).toBe(2)
  expect(run.failure).toMatchObject({
    code: 'training.endpoint',
    message: expect.stringContaining('HTTP 502'),
  })
})

test('an endpoint that takes a job and is never heard of again runs into the timeout', async () => {
  const run = await failureWith({ timeoutSeconds: 1 }, 'test-gpu')
  expect(run.failure).toMatchObject({ code: 'stage.timed_out', message: 'no result within 1 s' })
})

test('an endpoint that nobody configured is named, with those that are', async () => {
  const run = await failureWith({}, 'other-gpu')
  expect(run.failure).toMatchObject({
    code: 'not.found',
    message: expect.stringMatching(/no endpoint other-gpu.*test-gpu/),
  })
  // It cannot be told to stop, either: that is given up, and kept as a dead letter.
  const outbox = () =>
    runInDurableObject(workflowRuns.getByName(run.runId), (_object, state) =>
      state.storage.sql.exec('SELECT effect FROM outbox').toArray(),
    )
  await expect.poll(outbox, { timeout: 20_000 }).toEqual([])
  const letters = await env.LINEAGE.prepare('SELECT body FROM dead_letters').all<{ body: string }>()
  expect(letters.results.map(({ body }) => JSON.parse(body) as object)).toEqual([
    expect.objectContaining({ runId: run.runId, stage: 'train', action: 'cancel' }),
  ])
})

test('an attempt that was given up is stopped at its endpoint, though the next has started already', async () => {
  const run = await failureWith({ timeoutSeconds: 1, retry: { attempts: 2, backoffSeconds: 0 } }, 'test-gpu')
  const stopped = async () => {
    const calls = (await (await fetch('http://calls.test/')).json()) as { method: string; path: string }[]
    return calls
      .filter(({ method, path }) => method === 'DELETE' && path.includes(run.runId))
      .map(({ path }) => decodeURIComponent(path).split('.').at(-1))
      .toSorted()
  }
  await expect.poll(stopped, { timeout: 5_000 }).toEqual(['1', '2'])
})
