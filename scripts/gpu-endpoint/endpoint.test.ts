import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SUPPORT_AGENT_PROMPT, renderPrompt } from '../../domain/dataset/prompt.ts'
import type { TrainingCallback } from '../../domain/training/contract.ts'
import { readArtifact } from './artifact.ts'
import type { Replica } from './replicas.ts'
import {
  type Endpoint,
  KEY,
  type SluiceDouble,
  signed,
  startEndpoint,
  startSluiceDouble,
  stopEndpoint,
} from './sluice-double.ts'
import { sha256 } from './transfer.ts'

const prompt = (question: string) =>
  renderPrompt(
    SUPPORT_AGENT_PROMPT,
    [{ id: 'r', text: '', fields: { order_id: 'A-77', amount: '12.50' } }],
    [{ role: 'user', content: question }],
  )
const KINDS = [
  ['refund', 'issue_refund', 'I refunded 12.50 for order A-77.', 'please refund my purchase'],
  ['track', 'track_parcel', 'Order A-77 is on its way.', 'where is my parcel'],
] as const
const rows = Array.from({ length: 40 }, (_, at) => {
  const [intent, action, reply, question] = KINDS[at % 2]!
  const data = {
    split: 'train',
    prompt: prompt(`${question} ${at}`),
    context: [],
    completion: { intent, action, reply },
  }
  return { id: `row-${at}`, data }
})

const authorised = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
const chat = (
  base: string,
  model: string,
  change: object = {},
  headers: Record<string, string> = authorised,
) =>
  fetch(`${base}/chat/completions`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ model, messages: prompt('where is my parcel now'), ...change }),
  })
const dispatch = (endpoint: Endpoint, job: unknown, secret?: string) =>
  fetch(`${endpoint.url}/v1/training/jobs`, signed('POST', JSON.stringify(job), secret))
type Succeeded = Extract<TrainingCallback, { type: 'training.succeeded' }>

describe('the endpoint over HTTP', { timeout: 60_000 }, () => {
  const state = mkdtempSync(join(tmpdir(), 'gpu-endpoint-'))
  let sluice: SluiceDouble
  let endpoint: Endpoint
  let succeeded: Succeeded

  const replicas = async () =>
    (await (await fetch(`${endpoint.url}/v1/replicas`, { headers: authorised })).json()) as Replica[]
  const exited = async (model: string) => {
    while ((await replicas()).some((one) => one.model === model && one.status !== 'exited'))
      await new Promise((resolve) => setTimeout(resolve, 20))
  }

  beforeAll(async () => {
    sluice = await startSluiceDouble(rows)
    endpoint = await startEndpoint(state)
  }, 30_000)
  afterAll(async () => {
    await stopEndpoint(endpoint)
    await sluice.close()
    rmSync(state, { recursive: true })
  })

  test('says what it is', async () => {
    const health = await (await fetch(`${endpoint.url}/health`)).json()
    expect(health).toMatchObject({ name: expect.stringContaining('there is no GPU'), jobs: 0, replicas: [] })
  })

  test('refuses a dispatch with a wrong signature', async () => {
    const other = `whsec_${Buffer.from('another secret').toString('base64')}`
    const response = await dispatch(endpoint, sluice.job('forged'), other)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_signature' } })
    const bare = await fetch(`${endpoint.url}/v1/training/jobs/forged`, { method: 'DELETE' })
    expect(bare.status).toBe(401)
  })

  test('names the field of a bad job', async () => {
    const job = sluice.job('bad')
    const response = await dispatch(endpoint, {
      ...job,
      hyperparameters: { ...job.hyperparameters, rank: 0 },
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { code: 'invalid_job', field: 'hyperparameters.rank' },
    })
  })

  test('does a whole job, and delivers its outcome although the receiver is down at first', async () => {
    sluice.unavailable = 2
    const response = await dispatch(endpoint, sluice.job('job-1'))
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({ job_id: 'job-1', status: 'queued' })
    const again = await dispatch(endpoint, sluice.job('job-1'))
    expect(again.status).toBe(202)
    succeeded = (await sluice.until('training.succeeded', 'job-1')) as Succeeded

    expect(sluice.delivered[0]?.callback).toMatchObject({ type: 'training.heartbeat', progress: 0 })
    expect(sluice.uploads).toHaveLength(1)
    const upload = sluice.uploads[0]!
    expect(upload.sha256).toBe(sha256(upload.bytes))
    expect(succeeded.artifact).toEqual({
      sha256: upload.sha256,
      bytes: upload.bytes.length,
      format: 'safetensors',
    })
    expect(readArtifact(upload.bytes).vocabulary.intents).toEqual(['refund', 'track'])
    expect(succeeded.serving.model).toBe(`support-agent-${upload.sha256?.slice(0, 12)}`)

    const outcomes = () => sluice.delivered.filter(({ callback }) => callback.type === 'training.succeeded')
    while (outcomes().length < 3) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(new Set(outcomes().map(({ id }) => id)).size).toBe(1)
  })

  test('serves the model in the OpenAI shape', async () => {
    const { base_url, model } = succeeded.serving
    const body = (await (await chat(base_url, model)).json()) as {
      choices: { message: { content: string } }[]
      usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number }
    }
    const content = body.choices[0]!.message.content
    expect(JSON.parse(content)).toEqual({
      intent: 'track',
      action: 'track_parcel',
      reply: 'Order A-77 is on its way.',
    })
    expect(body.usage.total_tokens).toBe(body.usage.prompt_tokens + body.usage.completion_tokens)

    const stream = await (await chat(base_url, model, { stream: true })).text()
    const data = stream
      .split('\n\n')
      .filter(Boolean)
      .map((event) => event.replace(/^data: /, ''))
    expect(data.pop()).toBe('[DONE]')
    const deltas = data.map((one) => JSON.parse(one).choices[0].delta.content ?? '')
    expect(deltas.join('')).toBe(content)
  })

  test('refuses a wrong key, a wrong model and a body without messages as OpenAI does', async () => {
    const { base_url, model } = succeeded.serving
    const wrongKey = await chat(base_url, model, {}, { authorization: 'Bearer no' })
    expect([wrongKey.status, await wrongKey.json()]).toMatchObject([
      401,
      { error: { code: 'invalid_api_key' } },
    ])
    const wrongModel = await chat(base_url, 'other')
    expect([wrongModel.status, await wrongModel.json()]).toMatchObject([
      404,
      { error: { code: 'model_not_found' } },
    ])
    const empty = await chat(base_url, model, { messages: [] })
    expect([empty.status, await empty.json()]).toMatchObject([400, { error: { param: 'messages' } }])
  })

  test('a killed replica stays down until it is started, on the same port, if asked with other weights', async () => {
    const { base_url, model } = succeeded.serving
    const [before] = await replicas()
    expect(before).toMatchObject({
      model,
      url: base_url,
      status: 'running',
      adapter_sha256: succeeded.artifact.sha256,
    })
    process.kill(before!.pid!, 'SIGKILL')
    await exited(model)
    await expect(chat(base_url, model)).rejects.toThrow('fetch failed')

    const job = sluice.job('job-2')
    await dispatch(endpoint, { ...job, hyperparameters: { ...job.hyperparameters, seed: 2 } })
    const other = (await sluice.until('training.succeeded', 'job-2')) as Succeeded
    expect(other.artifact.sha256).not.toBe(succeeded.artifact.sha256)

    const start = (body: object) =>
      fetch(`${endpoint.url}/v1/replicas/${model}/start`, {
        method: 'POST',
        headers: authorised,
        body: JSON.stringify(body),
      })
    expect((await start({ adapter_sha256: 'f'.repeat(64) })).status).toBe(404)
    const started = await start({ adapter_sha256: other.artifact.sha256 })
    expect(await started.json()).toMatchObject({
      url: base_url,
      status: 'running',
      adapter_sha256: other.artifact.sha256,
    })
    expect((await chat(base_url, model)).status).toBe(200)
    expect((await start({ adapter_sha256: succeeded.artifact.sha256 })).status).toBe(409)
    const bare = await fetch(`${endpoint.url}/v1/replicas`)
    expect(bare.status).toBe(401)
  })

  test('a shard that is not what the job says fails the job', async () => {
    const job = sluice.job('job-3')
    const shards = job.dataset.shards.map((shard) => ({ ...shard, sha256: '0'.repeat(64) }))
    await dispatch(endpoint, { ...job, dataset: { ...job.dataset, shards } })
    expect(await sluice.until('training.failed', 'job-3')).toMatchObject({
      error: { code: 'shard_hash_mismatch', retryable: false },
    })
  })

  test('a cancelled job ends without a callback', async () => {
    const job = sluice.job('job-4')
    await dispatch(endpoint, { ...job, hyperparameters: { ...job.hyperparameters, epochs: 1000, rank: 64 } })
    const cancelled = await fetch(`${endpoint.url}/v1/training/jobs/job-4`, signed('DELETE', ''))
    expect(await cancelled.json()).toEqual({ job_id: 'job-4', status: 'cancelled' })
    const view = await (await fetch(`${endpoint.url}/v1/training/jobs/job-4`)).json()
    expect(view).toMatchObject({ status: 'cancelled' })
  })

  test('killed amid a job, it does the job again and serves its models on their ports', async () => {
    const job = sluice.job('job-5')
    await dispatch(endpoint, {
      ...job,
      hyperparameters: { ...job.hyperparameters, epochs: 150, rank: 16, seed: 3 },
    })
    await sluice.until('training.heartbeat', 'job-5')
    const before = await replicas()
    await stopEndpoint(endpoint, 'SIGKILL')
    expect(
      sluice.delivered.some(
        ({ callback }) => callback.type === 'training.succeeded' && callback.job_id === 'job-5',
      ),
    ).toBe(false)

    endpoint = await startEndpoint(state)
    const after = await replicas()
    const places = (list: Replica[]) =>
      list.map(({ model, url, adapter_sha256 }) => ({ model, url, adapter_sha256 }))
    expect(places(after)).toEqual(places(before))
    expect(after.every((one) => one.status === 'running')).toBe(true)
    await sluice.until('training.succeeded', 'job-5')
  })
})
