import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { ask, askJson, askStream, callsOf, route, spanOf } from './gateway-routes.ts'
import { env, makeKey, request } from './support.ts'

beforeAll(async () => {
  for (const behaviour of ['good', 'slow', 'stall', 'echo']) await route(behaviour, [behaviour])
  const breaker = { inARow: 3, cooldownMs: 300, probes: 1 }
  await route('outage', ['outage', 'good'], { retry: { sameTarget: 0 }, breaker } as never)
  await route('all-out', ['outage'], { retry: { sameTarget: 0 }, breaker } as never)
  await route('probe-left', ['hang', 'good'], {
    breaker: { inARow: 1, cooldownMs: 200, probes: 1 } as never,
    timeouts: { headersMs: 1_000, totalMs: 20_000 },
  })
  await ask('good')
})
afterEach(() => {
  vi.restoreAllMocks()
})

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('no span is lost when the queue fails once, or stays away for a while', async () => {
  const send = vi.spyOn(env.SPANS, 'sendBatch')
  send.mockRejectedValueOnce(new Error('queue down'))
  const { traceId: once } = await askJson('good')
  expect(await spanOf(once)).toMatchObject({ status: 'ok' })
  expect(send.mock.calls.length).toBeGreaterThan(1)
  send.mockRejectedValue(new Error('queue down'))
  const { traceId: kept, status } = await askJson('good')
  expect(status).toBe(200)
  await wait(600)
  send.mockRestore()
  const { traceId: next } = await askJson('good')
  expect(await spanOf(next)).toMatchObject({ status: 'ok' })
  expect(await spanOf(kept)).toMatchObject({ status: 'ok' })
})

test('without the registry the last routes serve on', async () => {
  vi.spyOn(env.ROUTE_REGISTRY, 'getByName').mockImplementation(() => {
    throw new Error('registry down')
  })
  await wait(1_200)
  expect((await askJson('good')).status).toBe(200)
  vi.mocked(env.ROUTE_REGISTRY.getByName).mockReturnValue({
    snapshot: () => wait(3_000).then(() => Promise.reject(new Error('registry slow'))),
  } as never)
  await wait(1_200)
  const started = Date.now()
  expect((await askJson('good')).status).toBe(200)
  expect((await askJson('good')).status).toBe(200)
  expect(Date.now() - started).toBeLessThan(900)
})

test('without the database, known keys are still served', async () => {
  const { key } = await makeKey(['gateway'])
  const headers = { authorization: `Bearer ${key}` }
  const body = JSON.stringify({ model: 'good', messages: [{ role: 'user', content: 'hi' }] })
  const asked = () => request('/v1/chat/completions', { method: 'POST', key, headers, body })
  expect((await asked()).status).toBe(200)
  const { now } = Date
  vi.spyOn(env.LINEAGE, 'prepare').mockImplementation(() => {
    throw new Error('D1 down')
  })
  // What was read of the key is not fresh any more.
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000)
  expect((await asked()).status).toBe(200)
  const unknown = await request('/v1/chat/completions', { method: 'POST', key: 'sk_sluice_unknown', body })
  expect(unknown.status).toBe(503)
  expect(await unknown.json()).toMatchObject({ error: { type: 'server_error', code: 'key.unchecked' } })
})

test('a caller who leaves a stream is recorded, and the upstream is told', async () => {
  const leaving = new AbortController()
  const traceId = 'e'.repeat(32)
  const response = await request('/v1/chat/completions', {
    method: 'POST',
    headers: { traceparent: `00-${traceId}-${'d'.repeat(16)}-01` },
    body: JSON.stringify({ model: 'stall', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    signal: leaving.signal,
  })
  const reader = response.body!.getReader()
  await reader.read()
  await reader.cancel()
  leaving.abort()
  expect(await spanOf(traceId)).toMatchObject({ outcome: 'client_gone', status: 'ok', response: null })
})

test('a target in an outage is left alone, found again by a probe, and used again', async () => {
  for (let i = 0; i < 3; i++) expect((await askJson('outage')).header('x-sluice-target')).toBe('good')
  const opened = await callsOf('outage', 'outage')
  const skipped = await askJson('outage')
  expect([skipped.header('x-sluice-attempts'), skipped.header('x-sluice-fallback-reason')]).toEqual([
    '1',
    'its breaker is open',
  ])
  expect(await callsOf('outage', 'outage')).toHaveLength(opened.length)
  // Ten at once after the cooldown: one of them probes.
  await wait(350)
  await Promise.all(Array.from({ length: 10 }, () => askJson('outage')))
  expect((await callsOf('outage', 'outage')).length - opened.length).toBe(1)
  await wait(700)
  await askJson('outage')
  await wait(1_300)
  expect((await askJson('outage')).header('x-sluice-target')).toBe('good')
  await wait(2_500)
  await askJson('outage')
  expect((await askJson('outage')).header('x-sluice-target')).toBe('outage')
})

test('a probe whose caller leaves makes room for the next one', async () => {
  const opened = await askJson('probe-left')
  expect(opened.header('x-sluice-target')).toBe('good')
  await wait(250)
  const leaving = new AbortController()
  const left = request('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'probe-left', messages: [{ role: 'user', content: 'hi' }] }),
    signal: leaving.signal,
  }).catch(() => undefined)
  await wait(150)
  expect(await callsOf('probe-left', 'hang')).toHaveLength(2)
  leaving.abort()
  await left
  const { header } = await askJson('probe-left')
  expect([header('x-sluice-target'), header('x-sluice-attempts')]).toEqual(['good', '2'])
  expect(await callsOf('probe-left', 'hang')).toHaveLength(3)
})

test('when all targets were down and recover, traffic flows again', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 8; i++) statuses.push((await askJson('all-out')).status)
  // Six failures in a row, each tried in spite of the open breaker, then answers.
  expect(statuses).toEqual([502, 502, 502, 502, 502, 502, 200, 200])
})

test('what reaches the upstream is what the caller sent, but for the model', async () => {
  const sent = `{"model":"echo", "messages":[{"role":"user","content":"\\u00fc \\"model\\": 1.0"}],"seed":12345678901234567890,"temperature":1.0}`
  const response = await request('/v1/chat/completions', { method: 'POST', body: sent })
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
  const { text, headers } = JSON.parse(choices[0]!.message.content) as {
    text: string
    headers: Record<string, string>
  }
  expect(text).toBe(sent.replace('"echo"', '"served-echo"'))
  expect(headers.authorization).toBe('Bearer test-gpu-key')
  expect(headers.traceparent).toBe(response.headers.get('traceparent'))
  // A second model, spelt with escapes, would be what some upstreams read.
  const hidden = `{"model":"echo","messages":[{"role":"user","content":"hi"}],"mod\\u0065l":"echo"}`
  const answer = await request('/v1/chat/completions', { method: 'POST', body: hidden })
  const [choice] = ((await answer.json()) as { choices: { message: { content: string } }[] }).choices
  const reached = (JSON.parse(choice!.message.content) as { text: string }).text
  expect(reached).toBe('{"model":"served-echo","messages":[{"role":"user","content":"hi"}]}')
  // Where `model` does not come first, or twice, the body is written anew.
  for (const body of [
    { messages: [], tools: [{ model: 'echo' }], model: 'echo' },
    { model: 'echo', messages: [], metadata: { model: 'echo' } },
  ]) {
    const { body: answer } = await askJson('echo', { ...body, messages: [{ role: 'user', content: 'hi' }] })
    const echoed = JSON.parse(
      (JSON.parse(answer.choices![0]!.message.content) as { text: string }).text,
    ) as object
    expect(echoed).toEqual({ ...body, messages: [{ role: 'user', content: 'hi' }], model: 'served-echo' })
  }
})

test('streams and answers are found under the trace, cohort and metadata of the caller', async () => {
  const traceId = 'b'.repeat(32)
  const { response } = await ask(
    'good',
    {},
    {
      headers: {
        'x-agentcc-sdk-version': '0.1.0',
        'x-agentcc-trace-id': traceId,
        'x-agentcc-session-id': 's1',
        'x-agentcc-metadata': '{"cohort":"eu","prompt_version":"3"}',
        'x-request-id': 'req-1',
        traceparent: '',
      },
    },
  )
  const header = (name: string) => response.headers.get(name)
  expect(await spanOf(traceId)).toMatchObject({
    cohort: 'eu',
    metadata: { cohort: 'eu', prompt_version: '3' },
    requestId: 'req-1',
    attributes: { 'gen_ai.conversation.id': 's1', 'gen_ai.operation.name': 'chat' },
  })
  expect(header('x-agentcc-request-id')).toBe('req-1')
  expect(header('x-agentcc-trace-id')).toBe(traceId)
  expect(header('x-agentcc-provider')).toBe('openai')
  expect(header('x-agentcc-model-used')).toBe('served-good')
  expect(header('x-agentcc-fallback-used')).toBe('false')
  expect(header('x-agentcc-routing-strategy')).toBe('fallback')
  expect(Number(header('x-agentcc-latency-ms'))).toBeGreaterThanOrEqual(0)
  expect((await askStream('good')).header('x-agentcc-provider')).toBeNull()
})
