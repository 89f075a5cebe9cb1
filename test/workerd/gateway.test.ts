import { beforeAll, expect, test } from 'vitest'
import type { RouteVersion } from '../../domain/routing/route.ts'
import { env, get, post, request } from './support.ts'

const target = (host: string) => ({
  id: host,
  model: `model:m@${'a'.repeat(64)}`,
  baseUrl: `http://${host}/v1`,
  servedModel: 'm-1',
  secret: 'GPU_ENDPOINT_KEY',
})
const routes: Record<string, string[]> = {
  healthy: ['good.test'],
  'fails-over-500': ['broken.test', 'previous.test'],
  'fails-over-401': ['locked.test', 'previous.test'],
  'fails-over-silence': ['silent.test', 'previous.test'],
  'bad-request': ['strict.test', 'previous.test'],
  dead: ['broken.test', 'locked.test'],
}

beforeAll(async () => {
  for (const [index, [route, hosts]] of Object.entries(routes).entries()) {
    const spec: RouteVersion = {
      route,
      targets: hosts.map(target),
      prompt: `prompt:p@${'b'.repeat(64)}`,
      timeouts: { headersMs: 300, totalMs: 2_000 },
    }
    const answer = await env.ROUTE_REGISTRY.getByName('default').activate({
      project: 'default',
      route,
      expect: null,
      version: `route:${route}@${String(index).repeat(64)}`,
      spec,
      fence: 1,
      kind: 'deploy',
      actor: 'test',
      runId: null,
      reason: 'test',
    })
    if (!answer.ok) throw new Error(answer.detail)
  }
})

interface Answer {
  choices?: { message: { content: string } }[]
  error?: { message: string; type: string; param: string | null; code: string }
}

async function ask(model: string) {
  const response = await request('/v1/chat/completions', {
    method: 'POST',
    headers: { 'x-sluice-cohort': 'vip', traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01` },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Where is it?' }] }),
  })
  return { response, body: (await response.json()) as Answer }
}

test('a route answers with its first target, and says which version and target it was', async () => {
  const { response, body } = await ask('healthy')
  expect(response.status).toBe(200)
  expect(body.choices?.[0]?.message.content).toMatch(/three days/)
  expect(response.headers.get('x-sluice-target')).toBe('good.test')
  expect(response.headers.get('x-sluice-attempts')).toBe('1')
  expect(response.headers.get('x-sluice-route-version')).toMatch(/^route:healthy@/)
  expect(response.headers.get('x-sluice-trace-id')).toBe('c'.repeat(32))
  expect(response.headers.has('x-sluice-fallback-reason')).toBe(false)
})

test.for([
  // What may be a passing fault is tried once more on the same target.
  ['fails-over-500', 'HTTP 500', '3'],
  ['fails-over-401', 'HTTP 401', '2'],
  ['fails-over-silence', 'no answer in time', '2'],
])('%s: the next target answers, and the header says why', async ([route, reason, attempts]) => {
  const { response, body } = await ask(route!)
  expect(response.status).toBe(200)
  expect(body.choices?.[0]?.message.content).toMatch(/previous model/)
  expect(response.headers.get('x-sluice-attempts')).toBe(attempts)
  expect(response.headers.get('x-sluice-fallback-reason')).toBe(reason)
})

test('a fault of the caller is passed through as it came, and no other target is bothered', async () => {
  const { response, body } = await ask('bad-request')
  expect(response.status).toBe(400)
  expect(body.error?.code).toBe('context_length_exceeded')
  expect(response.headers.get('x-sluice-attempts')).toBe('1')
})

test('when no target answers there is one clear error in the shape that OpenAI clients know', async () => {
  const { response, body } = await ask('dead')
  expect(response.status).toBe(502)
  expect(body.error).toMatchObject({ type: 'server_error', code: 'upstream.failed' })
  expect(body.error?.message).toMatch(
    /broken\.test: HTTP 500; broken\.test: HTTP 500; locked\.test: HTTP 401/,
  )
  expect(response.headers.get('x-should-retry')).toBe('false')
})

test('an unknown route is 404 and a broken body 400, in OpenAI’s shape', async () => {
  const unknown = await ask('nothing')
  expect(unknown.response.status).toBe(404)
  expect(unknown.body.error).toMatchObject({
    type: 'invalid_request_error',
    param: 'model',
    message: 'There is no route nothing',
  })
  const broken = await request('/v1/chat/completions', { method: 'POST', body: '{"model":' })
  expect(broken.status).toBe(400)
  expect(await broken.json()).toMatchObject({ error: { message: 'The body is not JSON' } })
  const { body } = await post<Answer>('/v1/chat/completions', { model: 'healthy', messages: [] })
  expect(body.error).toMatchObject({ param: 'messages' })
})

test('models are the routes', async () => {
  const { body } = await get<{ data: { id: string }[] }>('/v1/models')
  expect(body.data.map(({ id }) => id).toSorted()).toEqual(Object.keys(routes).toSorted())
})

test('a request leaves a trace with its cohort and attempts', async () => {
  await expect
    .poll(
      async () => {
        const { body } = await get<{ traces: { cohort: string; fallbackReason: string | null }[] }>(
          '/api/v1/routes/healthy/traces',
        )
        return body.traces[0]
      },
      { timeout: 10_000 },
    )
    .toMatchObject({
      cohort: 'vip',
      fallbackReason: null,
      status: 'ok',
      routeVersion: expect.stringMatching(/^route:healthy@/),
    })
})

test('a rollback is in force for the next second’s requests', async () => {
  const registry = env.ROUTE_REGISTRY.getByName('default')
  const lock = env.GATE_LOCK.getByName('default/route:healthy')
  await lock.preempt('before')
  const { token } = await lock.preempt('test')
  const before = (await registry.snapshot())!.routes.find(({ route }) => route === 'healthy')!
  const changed = await registry.activate({
    project: 'default',
    route: 'healthy',
    expect: before.version,
    version: `route:healthy@${'9'.repeat(64)}`,
    spec: { ...before.spec, targets: [target('previous.test')] },
    fence: token,
    kind: 'deploy',
    actor: 'test',
    runId: null,
    reason: 'test',
  })
  expect(changed.ok).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  expect((await ask('healthy')).response.headers.get('x-sluice-target')).toBe('previous.test')
  const { status, body } = await post<{ version: string }>('/api/v1/routes/healthy/rollback', {
    reason: 'test',
  })
  expect([status, body.version]).toEqual([200, before.version])
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  expect((await ask('healthy')).response.headers.get('x-sluice-target')).toBe('good.test')
  const again = await post<{ code: string }>('/api/v1/routes/healthy/rollback', { reason: 'test' })
  expect(again).toMatchObject({ status: 409, body: { code: 'route.no_rollback' } })
})
