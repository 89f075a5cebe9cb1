import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { sha256Hex } from '../../domain/hash.ts'
import { RouteVersion } from '../../domain/routing/route.ts'
import { ask, askJson, route, target } from './gateway-routes.ts'
import { env, get, makeKey, post, request } from './support.ts'

const MINUTE = 60_000
const version = (name: string) => `route:back@${sha256Hex(name)}`

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** What the clock is ahead. */
let ahead = 0
const { now } = Date

beforeAll(async () => {
  await route('good', ['good'])
  await route('burst', ['good'], { limits: { requestsPerMinute: 5, tokensPerDay: 1_000_000 } })
  await route('alone', ['good'], { limits: { tokensPerDay: 20 } })
  await route('failed', ['e500'], { limits: { tokensPerMinute: 5 } })
  await ask('good')
})
beforeEach(() => {
  vi.spyOn(Date, 'now').mockImplementation(() => now() + ahead)
})
afterEach(() => {
  ahead = 0
  vi.restoreAllMocks()
})

function databaseDown() {
  return vi.spyOn(env.LINEAGE, 'prepare').mockImplementation(() => {
    throw new Error('D1 down')
  })
}

test('a revoked key stops within 30 seconds, however busy it is', async () => {
  const { keyId, key } = await makeKey(['gateway'])
  expect((await ask('good', {}, { key })).response.status).toBe(200)
  await request(`/api/v1/keys/${keyId}`, { method: 'DELETE' })
  const statuses: number[] = []
  for (ahead = 0; ahead <= 30_000; ahead += 1_000) {
    statuses.push((await ask('good', {}, { key })).response.status)
    // What is read behind a request has time to come back.
    await wait(5)
  }
  expect([statuses[0], statuses.at(-1)]).toEqual([200, 401])
})

test('a busy key is read again behind its requests, not by them', async () => {
  const { key } = await makeKey(['gateway'])
  await ask('good', {}, { key })
  const { prepare } = env.LINEAGE
  vi.spyOn(env.LINEAGE, 'prepare').mockImplementation((sql) => {
    const statement = prepare.call(env.LINEAGE, sql)
    return sql.includes('api_keys') ? slow(statement, 400) : statement
  })
  ahead = 21_000
  const started = now()
  expect((await ask('good', {}, { key })).response.status).toBe(200)
  expect(now() - started).toBeLessThan(350)
})

function slow(statement: D1PreparedStatement, ms: number): D1PreparedStatement {
  return new Proxy(statement, {
    get(of, name) {
      const value = Reflect.get(of, name) as unknown
      if (name === 'bind')
        return (...values: unknown[]) => slow((value as D1PreparedStatement['bind']).apply(of, values), ms)
      if (typeof value !== 'function') return value
      return async (...given: unknown[]) => {
        await new Promise((resolve) => setTimeout(resolve, ms))
        return (value as (...given: unknown[]) => unknown).apply(of, given)
      }
    },
  })
}

test('without the database a known key is believed for an hour, and no other is', async () => {
  const { key } = await makeKey(['gateway'])
  await ask('good', {}, { key })
  databaseDown()
  for (ahead of [MINUTE, 10 * MINUTE, 59 * MINUTE])
    expect((await ask('good', {}, { key })).response.status).toBe(200)
  ahead = 61 * MINUTE
  const tooOld = await askJson('good', {}, { key })
  expect([tooOld.status, tooOld.body.error?.code]).toEqual([503, 'key.unchecked'])
  const unknown = await askJson('good', {}, { key: 'sk_sluice_nobody' })
  expect([unknown.status, unknown.body.error]).toEqual([
    503,
    {
      message: expect.stringContaining('the database that knows it does not answer'),
      type: 'server_error',
      param: null,
      code: 'key.unchecked',
    },
  ])
  // The bootstrap key is a secret of the Worker.
  expect((await ask('good')).response.status).toBe(200)
  // And it is let in again, once the database is back.
  vi.mocked(env.LINEAGE.prepare).mockRestore()
  expect((await ask('good', {}, { key })).response.status).toBe(200)
})

test('a database that hangs is not waited for longer than two seconds', async () => {
  vi.spyOn(env.LINEAGE, 'prepare').mockImplementation(
    () => ({ bind: () => ({ raw: () => new Promise(() => undefined) }) }) as never,
  )
  const started = now()
  expect((await ask('good', {}, { key: 'sk_sluice_hanging' })).response.status).toBe(503)
  expect(now() - started).toBeLessThan(3_500)
})

test('without the registry a route that was never read is one clear error', async () => {
  const { key } = await makeKey(['gateway'], 'new-project')
  vi.spyOn(env.ROUTE_REGISTRY, 'getByName').mockImplementation(() => {
    throw new Error('registry down')
  })
  const { status, body } = await askJson('good', {}, { key })
  expect([status, body.error?.type, body.error?.code]).toEqual([503, 'server_error', 'route.unavailable'])
})

test('an answer of the registry that comes late brings no older routes back', async () => {
  const { epoch, routes } = (await env.ROUTE_REGISTRY.getByName('default').snapshot())!
  const later = (ms: number, snapshot: object | null) => wait(ms).then(() => snapshot)
  const snapshot = vi
    .fn<() => Promise<object | null>>()
    .mockReturnValueOnce(later(300, { epoch: epoch + 101, routes: [] }))
    .mockReturnValueOnce(later(50, { epoch: epoch + 102, routes }))
    .mockImplementation(() => Promise.resolve(null))
  vi.spyOn(env.ROUTE_REGISTRY, 'getByName').mockReturnValue({ snapshot } as never)
  ahead = 2_000
  const epochs = await Promise.all([1, 2].map(async () => (await ask('good')).header('x-sluice-route-epoch')))
  expect(epochs).toEqual([String(epoch + 102), String(epoch + 102)])
  expect((await ask('good')).header('x-sluice-route-epoch')).toBe(String(epoch + 102))
  expect(snapshot.mock.calls.length).toBeGreaterThanOrEqual(2)
})

test('a route is rolled back without database and queue, and both are told later', async () => {
  const move = (name: string, expect: string | null, fence: number) =>
    env.ROUTE_REGISTRY.getByName('default').activate({
      project: 'default',
      route: 'back',
      expect,
      version: version(name),
      spec: RouteVersion.parse({
        route: 'back',
        targets: [target('back', name)],
        prompt: `prompt:p@${'b'.repeat(64)}`,
      }),
      fence,
      kind: 'deploy',
      actor: 'test',
      runId: null,
      reason: 'test',
    })
  const token = async () => (await env.GATE_LOCK.getByName('default/route:back').preempt('test')).token
  await move('good', null, await token())
  await move('echo', version('good'), await token())
  await env.GATE_LOCK.getByName('default/route:back').release('test')
  expect((await ask('back')).header('x-sluice-target')).toBe('echo')

  databaseDown()
  vi.spyOn(env.LINEAGE, 'batch').mockRejectedValue(new Error('D1 down'))
  vi.spyOn(env.SPANS, 'sendBatch').mockRejectedValue(new Error('queue down'))
  vi.spyOn(env.STAGES, 'send').mockRejectedValue(new Error('queue down'))
  vi.spyOn(env.STAGES, 'sendBatch').mockRejectedValue(new Error('queue down'))
  const { status, body } = await post<{ version: string }>('/api/v1/routes/back/rollback', {
    reason: 'the new one is wrong',
  })
  expect([status, body.version]).toEqual([200, version('good')])
  await expect
    .poll(async () => (await ask('back')).header('x-sluice-target'), { timeout: 2_000 })
    .toBe('good')

  vi.restoreAllMocks()
  const kinds = async () =>
    (await get<{ deployments: { kind: string }[] }>('/api/v1/routes/back/deployments')).body.deployments.map(
      ({ kind }) => kind,
    )
  await expect.poll(kinds, { timeout: 10_000 }).toEqual(['rollback', 'deploy', 'deploy'])
})

test('who comes while the first one asks for the budget is counted, too', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => ask('burst')))
  expect(answers.filter(({ response }) => response.status === 200)).toHaveLength(5)
})

test('without the registry the budget of a day holds in each isolate', async () => {
  const { addUse, snapshot } = env.ROUTE_REGISTRY.getByName('default')
  expect(addUse).toBeDefined()
  vi.spyOn(env.ROUTE_REGISTRY, 'getByName').mockReturnValue({
    snapshot,
    addUse: () => Promise.reject(new Error('registry down')),
  } as never)
  const statuses = []
  for (let i = 0; i < 4; i++) statuses.push((await ask('alone')).response.status)
  expect(statuses).toEqual([200, 200, 429, 429])
})

test('a request that nobody answered used up no tokens', async () => {
  for (let i = 0; i < 3; i++) expect((await ask('failed')).response.status).toBe(502)
})
