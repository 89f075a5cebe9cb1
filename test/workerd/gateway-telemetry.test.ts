import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import worker from '../../workers/index.ts'
import type { SpanMessage } from '../../workers/ingest/spans.ts'
import { readNdjson } from '../../workers/registry/ndjson.ts'
import { ask, askJson, route, spanOf } from './gateway-routes.ts'
import { env } from './support.ts'

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const traceId = (n: number) => n.toString(16).padStart(32, 'c')

beforeAll(async () => {
  await route('good', ['good'])
  await ask('good')
})
afterEach(() => {
  vi.restoreAllMocks()
})

test('spans that the queue did not take are sent without another request coming by', async () => {
  const send = vi.spyOn(env.SPANS, 'sendBatch').mockRejectedValue(new Error('queue down'))
  const asked = await Promise.all(Array.from({ length: 30 }, () => askJson('good')))
  expect(asked.every(({ status }) => status === 200)).toBe(true)
  await wait(1_000)
  // Who waits for the queue does it for all.
  expect(send.mock.calls.length).toBeLessThanOrEqual(8)
  send.mockRestore()
  for (const { traceId: id } of asked) expect(await spanOf(id)).toMatchObject({ status: 'ok' })
})

test('while the queue is down two thousand spans are kept, the newest', async () => {
  const send = vi.spyOn(env.SPANS, 'sendBatch').mockRejectedValue(new Error('queue down'))
  const ids: string[] = []
  for (let i = 0; i < 22; i++) {
    const asked = await Promise.all(Array.from({ length: 100 }, () => askJson('good')))
    ids.push(...asked.map((one) => one.traceId))
  }
  await wait(300)
  const sent = new Map<string, number>()
  send.mockImplementation((messages) => {
    for (const { body } of messages) sent.set(body.traceId, (sent.get(body.traceId) ?? 0) + 1)
    return Promise.resolve({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } } as never)
  })
  await expect.poll(() => sent.has(ids.at(-1)!), { timeout: 15_000 }).toBe(true)
  await wait(300)
  expect(sent.size).toBe(2_000)
  expect(Math.max(...sent.values())).toBe(1)
  expect(ids.slice(-1_900).every((id) => sent.has(id))).toBe(true)
})

test('a span that is too large for a message is sent without its texts, beside the others', async () => {
  // What a request says is bounded, but not how often it says it.
  const metadata = Object.fromEntries(
    Array.from({ length: 16 }, (_, i) => [`${i}${'ü'.repeat(120)}`, '\u0000'.repeat(128)]),
  )
  const large = await askJson('good', {
    metadata,
    messages: [{ role: 'user', content: '\u0000'.repeat(200_000) }],
  })
  const beside = await askJson('good')
  expect(await spanOf(beside.traceId)).toMatchObject({ status: 'ok' })
  expect(await spanOf(large.traceId)).toMatchObject({ status: 'ok', route: 'good' })
})

const span = (n: number): SpanMessage => ({
  project: 'default',
  traceId: traceId(n),
  spanId: n.toString(16).padStart(16, '0'),
  route: 'stored',
  routeVersion: 'route:stored@1',
  epoch: 1,
  target: 't',
  model: 'model:m@1',
  promptRef: null,
  cohort: 'all',
  status: 'ok',
  fallbackReason: null,
  attempts: [],
  latencyMs: 1,
  inputTokens: null,
  outputTokens: null,
  messages: [],
  context: [],
  response: 'x',
  at: 1_764_000_000_000 + n,
})

/** What the consumer does with these messages; each has the id of its body's place. */
async function consume(bodies: readonly unknown[], { attempts = 1, from = 0 } = {}) {
  const messages = bodies.map((body, i) => ({
    id: `m${i + from}`,
    timestamp: new Date(),
    attempts,
    body,
  }))
  const batch = createMessageBatch('sluice-spans', messages)
  const ctx = createExecutionContext()
  await worker.queue(batch, env)
  const { retryBatch } = await getQueueResult(batch, ctx)
  return retryBatch
}

async function stored(): Promise<{ trace_id: string; object_key: string }[]> {
  const { results } = await env.LINEAGE.prepare(
    `SELECT trace_id, object_key FROM traces WHERE route = 'stored' ORDER BY trace_id`,
  ).all<{ trace_id: string; object_key: string }>()
  return results
}
const objects = async () =>
  (await env.ARTIFACTS.list()).objects.map(({ key }) => key).filter((key) => key.includes('2025-11'))

test('a batch that D1 does not take is delivered again, later and later, and stored once', async () => {
  const bodies = [span(1), { not: 'a span' }, span(2)]
  const prepare = vi.spyOn(env.LINEAGE, 'prepare').mockImplementation(() => {
    throw new Error('D1 down')
  })
  expect(await consume(bodies)).toEqual({ retry: true, delaySeconds: 1 })
  expect(await consume(bodies, { attempts: 4 })).toEqual({ retry: true, delaySeconds: 8 })
  expect(await consume(bodies, { attempts: 20 })).toEqual({ retry: true, delaySeconds: 300 })
  prepare.mockRestore()
  expect((await consume(bodies, { attempts: 21 })).retry).toBe(false)
  expect((await consume(bodies)).retry).toBe(false)
  // What is no span did not keep the others.
  expect((await stored()).map(({ trace_id }) => trace_id)).toEqual([traceId(1), traceId(2)])
  expect(await objects()).toHaveLength(1)
})

test('delivered again with other messages, every row still points at an object that has its span', async () => {
  expect((await consume([span(3), span(4)], { from: 10 })).retry).toBe(false)
  expect((await consume([span(3), span(5)], { from: 10 })).retry).toBe(false)
  for (const { trace_id, object_key } of await stored()) {
    const spans = await readNdjson<SpanMessage>(env.ARTIFACTS, object_key)
    expect(spans.map((one) => one.traceId)).toContain(trace_id)
  }
  expect((await stored()).map(({ trace_id }) => trace_id)).toEqual([1, 2, 3, 4, 5].map(traceId))
})
