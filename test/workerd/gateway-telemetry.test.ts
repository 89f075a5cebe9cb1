import { createMessageBatch } from 'cloudflare:test'
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
    for (const { traceId: id } of [...messages].flatMap(({ body }) => body.spans as SpanMessage[]))
      sent.set(id, (sent.get(id) ?? 0) + 1)
    return Promise.resolve({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } } as never)
  })
  await expect.poll(() => sent.has(ids.at(-1)!), { timeout: 15_000 }).toBe(true)
  await wait(300)
  expect(sent.size).toBe(2_000)
  expect(Math.max(...sent.values())).toBe(1)
  expect(ids.slice(-1_900).every((id) => sent.has(id))).toBe(true)
})

test('a span that is too large for a message is sent without its texts, beside the others', async () => {
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

/** Delivers messages; answers with the wait before they are all delivered again, if they are. */
async function consume(bodies: readonly unknown[], attempts = 1): Promise<number | undefined> {
  const messages = bodies.map((body) => ({
    id: `m-${JSON.stringify(body)}`,
    timestamp: new Date(),
    attempts,
    body,
  }))
  const batch = createMessageBatch('sluice-spans', messages)
  const retryAll = vi.spyOn(batch, 'retryAll')
  await worker.queue(batch, env)
  return retryAll.mock.calls[0]?.[0]?.delaySeconds
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
  const waits = []
  for (const attempts of [1, 4, 20]) waits.push(await consume(bodies, attempts))
  expect(waits).toEqual([1, 8, 300])
  prepare.mockRestore()
  for (const attempts of [21, 22]) expect(await consume(bodies, attempts)).toBeUndefined()
  // What is no span did not keep the others.
  expect((await stored()).map(({ trace_id }) => trace_id)).toEqual([traceId(1), traceId(2)])
  expect(await objects()).toHaveLength(1)
})

test('what is no span in a message does not spoil the others of it', async () => {
  const own = (n: number) => ({ ...span(n), route: 'beside-poison' })
  await consume([{ project: 'default', spans: [own(701), { not: 'a span' }, null, own(702)] }, own(703)])
  const { results } = await env.LINEAGE.prepare(
    `SELECT trace_id FROM traces WHERE route = 'beside-poison'`,
  ).all()
  expect(results).toHaveLength(3)
})

test('a batch of many thousand calls is stored, in statements that D1 takes', async () => {
  const calls = (from: number) => ({
    project: 'default',
    spans: Array.from({ length: 500 }, (_, i) => ({ ...span(from + i), route: 'many' })),
  })
  const bind = vi.spyOn(Object.getPrototypeOf(env.LINEAGE.prepare('SELECT 1')), 'bind')
  expect(await consume([0, 1, 2, 3, 4].map((i) => calls(1_000 + 500 * i)))).toBeUndefined()
  const longest = Math.max(...bind.mock.calls.flat().map((value) => String(value).length))
  expect(longest).toBeGreaterThan(10_000)
  expect(longest).toBeLessThan(1_500_000)
  const count = env.LINEAGE.prepare(`SELECT count(*) AS n FROM traces WHERE route = 'many'`)
  expect(await count.first('n')).toBe(2_500)
})

test('delivered again with other messages, every row still points at an object that has its span', async () => {
  await consume([span(3), span(4)])
  await consume([span(3), span(5)])
  for (const { trace_id, object_key } of await stored()) {
    const spans = await readNdjson<SpanMessage>(env.ARTIFACTS, object_key)
    expect(spans.map((one) => one.traceId)).toContain(trace_id)
  }
  expect((await stored()).map(({ trace_id }) => trace_id)).toEqual([1, 2, 3, 4, 5].map(traceId))
})
