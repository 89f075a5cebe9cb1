import { beforeAll, expect, test } from 'vitest'
import { ask, askJson, askStream, route, spanOf } from './gateway-routes.ts'
import { get, request } from './support.ts'

beforeAll(async () => {
  await route('good', ['good'])
  await route('claude', [
    { id: 'claude', provider: 'anthropic', price: { inputPerMTok: 1, outputPerMTok: 2 } },
  ])
  await route('mixed', [{ id: 'claude', provider: 'anthropic' }, 'good'])
  await route('cut', ['cut'])
  await ask('good')
})

test('embeddings take a string or an array', async () => {
  const path = '/v1/embeddings'
  const one = await askJson('good', { input: 'hello' }, { path })
  expect(one.body.data).toHaveLength(1)
  const many = await askJson('good', { input: ['foo', 'bar', 'baz'] }, { path })
  expect(many.body.data).toHaveLength(3)
  expect((await askJson('good', { input: [] }, { path })).body.error?.param).toBe('input')
  expect(await spanOf(many.traceId)).toMatchObject({
    inputTokens: 3,
    outputTokens: 0,
    messages: [],
    attributes: { 'gen_ai.operation.name': 'embeddings' },
  })
})

test('legacy completions', async () => {
  const { body, traceId } = await askJson('good', { prompt: 'Say hi' }, { path: '/v1/completions' })
  expect(body.choices?.[0]?.text).toBe('good says three days')
  expect(await spanOf(traceId)).toMatchObject({
    messages: [{ role: 'user', content: 'Say hi' }],
    response: 'good says three days',
  })
})

test('a target that speaks Anthropic’s API answers in OpenAI’s', async () => {
  const { body, traceId } = await askJson('claude')
  expect(body.choices?.[0]?.message.content).toBe('Three days.')
  expect(await spanOf(traceId)).toMatchObject({
    inputTokens: 10,
    outputTokens: 5,
    costUsd: 0.00002,
    response: 'Three days.',
    attributes: { 'gen_ai.provider.name': 'anthropic' },
  })
  const stream = await askStream('claude', { stream_options: { include_usage: true } })
  expect(stream.data.at(-1)).toBe('[DONE]')
  expect(await spanOf(stream.traceId)).toMatchObject({
    outcome: 'done',
    response: 'Three days.',
    outputTokens: 5,
  })
})

test('what one provider cannot be asked, the next one may', async () => {
  const { header } = await askJson('mixed', { input: 'hello' }, { path: '/v1/embeddings' })
  expect([header('x-sluice-target'), header('x-sluice-attempts')]).toEqual(['good', '2'])
  const { status, body } = await askJson('claude', { input: 'hello' }, { path: '/v1/embeddings' })
  expect([status, body.error?.type]).toEqual([400, 'invalid_request_error'])
})

test('responses are answered by way of a chat, whole and as a stream', async () => {
  const path = '/v1/responses'
  const { response } = await ask('good', { input: 'Where is it?' }, { path })
  expect(await response.json()).toMatchObject({
    object: 'response',
    status: 'completed',
    output: [{ type: 'message', content: [{ type: 'output_text', text: 'good says three days' }] }],
  })
  const stream = await ask('good', { input: 'Where is it?', stream: true }, { path })
  const text = await stream.response.text()
  expect(text).toContain('event: response.output_text.delta')
  expect(text).toContain('event: response.completed')
  expect(await spanOf(stream.traceId)).toMatchObject({
    outcome: 'done',
    response: 'Parcels take three days.',
    outputTokens: 5,
  })
  const broken = await ask('cut', { input: 'Where is it?', stream: true }, { path })
  expect(await broken.response.text()).toContain('event: response.failed')
  const stateful = await askJson('good', { input: 'x', previous_response_id: 'resp_1' }, { path })
  expect([stateful.status, stateful.body.error?.param]).toEqual([400, 'previous_response_id'])
})

test('models are routes, one by one too', async () => {
  const one = await get<{ id: string; object: string }>('/v1/models/good')
  expect([one.status, one.body.id, one.body.object]).toEqual([200, 'good', 'model'])
  const none = await get<{ error: { code: string } }>('/v1/models/none')
  expect([none.status, none.body.error.code]).toEqual([404, 'model_not_found'])
})

test('what is not offered is 501, in OpenAI’s shape', async () => {
  for (const [method, path] of [
    ['POST', '/v1/audio/speech'],
    ['POST', '/v1/audio/transcriptions'],
    ['POST', '/v1/rerank'],
    ['POST', '/v1/images/generations'],
    ['POST', '/v1/moderations'],
    ['GET', '/v1/batches?limit=5'],
  ] as const) {
    const response = await request(path, { method })
    expect(response.status).toBe(501)
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', code: 'not.offered' },
    })
  }
  expect((await request('/v1/nothing')).status).toBe(404)
})

test('health is told without a key', async () => {
  expect(await (await request('/healthz', { key: null })).json()).toEqual({ status: 'ok' })
})
