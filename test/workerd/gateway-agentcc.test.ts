import { beforeAll, expect, test } from 'vitest'
import { ask, route, spanOf } from './gateway-routes.ts'
import { request } from './support.ts'

const SDK = { 'x-agentcc-sdk-version': '0.1.0' }

beforeAll(async () => {
  await route('echo', ['echo'])
  await route('after', ['e500', 'good'], { retry: { sameTarget: 0 } } as never)
  await route('shared', [{ id: 'good', weight: 1 }])
  await route('kept', ['good'], { cache: { ttlSeconds: 60 } })
  await ask('echo')
})

test('session, cohort and metadata of FutureAGI’s client are in the trace', async () => {
  const { traceId } = await ask(
    'echo',
    {},
    {
      headers: {
        ...SDK,
        'x-agentcc-session-id': 's1',
        'x-agentcc-metadata': '{"cohort":"eu","prompt_version":"3","tags":["a"]}',
        'x-agentcc-config': '{"retry":{"max_retries":9},"timeout":{"total":0.001}}',
        'x-agentcc-cache-ttl': '60',
      },
    },
  )
  expect(await spanOf(traceId)).toMatchObject({
    status: 'ok',
    cohort: 'eu',
    metadata: { cohort: 'eu', prompt_version: '3' },
    attributes: { 'gen_ai.conversation.id': 's1' },
  })
})

test('its trace id is the trace’s where no traceparent is sent, and broken metadata hurts nobody', async () => {
  const id = '7dab0854-870e-4069-8a78-35b0e9c50f26'
  const { response, header } = await ask(
    'echo',
    { metadata: { cohort: 'body' } },
    {
      headers: { ...SDK, traceparent: 'none', 'x-agentcc-trace-id': id, 'x-agentcc-metadata': '{"cohort":' },
    },
  )
  expect(response.status).toBe(200)
  const traceId = id.replaceAll('-', '')
  expect([header('x-agentcc-trace-id'), header('x-sluice-trace-id')]).toEqual([traceId, traceId])
  expect(await spanOf(traceId)).toMatchObject({ cohort: 'body' })
})

test('what is meant for the gateway is not sent on, and other clients’ bodies are not touched', async () => {
  const sentOn = async (body: object, headers: Record<string, string>) => {
    const { response } = await ask('echo', { ...body, max_tokens: 3 }, { headers })
    const { choices } = (await response.json()) as { choices: [{ message: { content: string } }] }
    const { text } = JSON.parse(choices[0].message.content) as { text: string }
    return JSON.parse(text) as Record<string, unknown>
  }
  const body = { metadata: { ci: true }, sessionId: 'wire' }
  expect(await sentOn(body, SDK)).not.toMatchObject(body)
  expect(await sentOn(body, SDK)).toMatchObject({ model: 'served-echo', max_tokens: 3 })
  expect(await sentOn({ ...body, store: true }, SDK)).toMatchObject({ metadata: { ci: true } })
  expect(await sentOn(body, {})).toMatchObject(body)
})

test('a fallback, a way of sharing and the cache are told as it knows them', async () => {
  const told = async (name: string) => {
    const { header, response } = await ask(name, {}, { headers: SDK })
    await response.text()
    return ['fallback-used', 'routing-strategy', 'cache'].map((field) => header(`x-agentcc-${field}`))
  }
  expect(await told('after')).toEqual(['true', 'fallback', 'skip'])
  expect(await told('shared')).toEqual(['false', 'weighted', 'skip'])
  expect(await told('kept')).toEqual(['false', 'fallback', 'miss'])
  await expect.poll(() => told('kept')).toEqual(['false', 'fallback', 'hit'])
})

test('a refusal has its ids, and only for its client', async () => {
  const refused = async (headers: Record<string, string>) => {
    const asked = { method: 'POST', headers: { 'x-request-id': 'mine', ...headers }, body: '{}' }
    const response = await request('/v1/chat/completions', asked)
    expect([response.status, response.headers.get('x-request-id')]).toEqual([400, 'mine'])
    return ['request-id', 'trace-id'].map((field) => response.headers.get(`x-agentcc-${field}`))
  }
  const trace = 'a'.repeat(32)
  expect(await refused({ ...SDK, 'x-agentcc-trace-id': trace })).toEqual(['mine', trace])
  expect(await refused({ 'x-agentcc-trace-id': trace })).toEqual([null, null])
})
