import { beforeAll, expect, test } from 'vitest'
import type { SpanMessage } from '../../workers/ingest/spans.ts'
import { readNdjson } from '../../workers/registry/ndjson.ts'
import { activateRoute, env, makeKey, request } from './support.ts'

const routes: Record<string, string[]> = {
  healthy: ['good.test'],
  failing: ['broken.test', 'previous.test'],
  dead: ['broken.test', 'locked.test'],
  streaming: ['streaming.test'],
  cut: ['cut.test', 'previous.test'],
}
beforeAll(async () => {
  for (const [route, hosts] of Object.entries(routes)) await activateRoute(route, hosts)
})

let traces = 0

/** Asks a route; answers with the id of the trace that this leaves. */
async function ask(model: string, body: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  const traceId = String(++traces).padStart(32, 'a')
  const response = await request('/v1/chat/completions', {
    method: 'POST',
    headers: { traceparent: `00-${traceId}-${'d'.repeat(16)}-01`, ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Where is it?' }], ...body }),
  })
  return { traceId, response }
}

/** The row of a trace, and its span as it is stored. */
async function traceOf(traceId: string): Promise<{ row: Record<string, unknown>; span: SpanMessage }> {
  const read = () =>
    env.LINEAGE.prepare('SELECT * FROM traces WHERE trace_id = ?')
      .bind(traceId)
      .first<Record<string, unknown>>()
  await expect.poll(read, { timeout: 10_000 }).not.toBeNull()
  const row = await read()
  const spans = await readNdjson<SpanMessage>(env.ARTIFACTS, String(row!.object_key))
  return { row: row!, span: spans.find((one) => one.traceId === traceId)! }
}

test('a trace names cohort, tokens and every attempt with what became of it', async () => {
  const { traceId, response } = await ask('failing', {}, { 'x-sluice-cohort': 'vip' })
  await response.text()
  const { row, span } = await traceOf(traceId)
  expect(row).toMatchObject({
    route: 'failing',
    cohort: 'vip',
    status: 'ok',
    target: 'previous.test',
    fallback_reason: 'HTTP 500',
    input_tokens: 10,
    output_tokens: 5,
  })
  expect(span.attempts).toEqual([
    { target: 'broken.test', status: 500, reason: 'HTTP 500', ms: expect.any(Number) },
    { target: 'broken.test', status: 500, reason: 'HTTP 500', ms: expect.any(Number) },
    { target: 'previous.test', status: 200, reason: null, ms: expect.any(Number) },
  ])
  expect(span.messages).toEqual([{ role: 'user', content: 'Where is it?' }])
  expect(span.response).toMatch(/previous model/)
})

test('a request that no target answered leaves a trace, too', async () => {
  const { traceId, response } = await ask('dead')
  expect(response.status).toBe(502)
  const { row, span } = await traceOf(traceId)
  expect(row).toMatchObject({ status: 'error', target: 'none', cohort: 'none' })
  expect(span.attempts.map(({ reason }) => reason)).toEqual(['HTTP 500', 'HTTP 500', 'HTTP 401'])
})

test('a stream is passed on as it comes, not held until its end', async () => {
  const { traceId, response } = await ask('streaming', { stream: true })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  const first = await reader.read()
  const arrived = Date.now()
  expect(first.value).toContain('Parcels')
  expect(first.value).not.toContain('[DONE]')
  let rest = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) rest += part.value
  expect(rest).toContain('data: [DONE]')
  expect(Date.now() - arrived).toBeGreaterThan(200)
  expect((await traceOf(traceId)).row).toMatchObject({ status: 'ok', target: 'streaming.test' })
})

test('a target that dies while it answers is a failed attempt: the next one answers', async () => {
  const { response } = await ask('cut')
  expect(response.status).toBe(200)
  expect(await response.text()).toMatch(/previous model/)
  expect(response.headers.get('x-sluice-fallback-reason')).toMatch(/unreachable|not JSON/)
})

test('a very long conversation is answered and traced, though a queue message holds 128 KB', async () => {
  const messages = Array.from({ length: 12 }, () => ({ role: 'user', content: 'ü'.repeat(40_000) }))
  const { traceId, response } = await ask('healthy', { messages })
  expect(response.status).toBe(200)
  await response.text()
  const { span } = await traceOf(traceId)
  expect(span.messages.length).toBeGreaterThan(0)
  expect(span.response).toMatch(/three days/)
})

test('every refusal of the gateway has the shape that OpenAI clients read', async () => {
  const { key } = await makeKey(['read'])
  const refusals = await Promise.all([
    request('/v1/chat/completions', { method: 'POST', key: null, body: '{}' }),
    request('/v1/chat/completions', { method: 'POST', key, body: '{}' }),
    request('/v1/no/such/path'),
    request('/v1/chat/completions', { method: 'POST', body: '{"model":"healthy","messages":"hi"}' }),
  ])
  expect(refusals.map(({ status }) => status)).toEqual([401, 403, 404, 400])
  for (const refusal of refusals) {
    expect(await refusal.json()).toEqual({
      error: {
        message: expect.any(String),
        type: 'invalid_request_error',
        param: refusal.status === 400 ? 'messages' : null,
        code: expect.any(String),
      },
    })
  }
})
