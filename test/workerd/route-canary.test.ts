import { createExecutionContext } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { app } from '../../workers/api/app.ts'
import type { Env } from '../../workers/env.ts'
import { lineage } from '../../workers/lineage/db.ts'
import { findArtifact } from '../../workers/registry/artifacts.ts'
import { stepCanary } from '../../workers/routing/step-canary.ts'
import { canaryOf, deploy, read, registry, step, type OneRoute, type Stepped } from './canary-routes.ts'
import { ask } from './gateway-routes.ts'
import { rowsOf } from './gated-workflow.ts'
import { ADMIN_KEY, env, get, makeKey, post } from './support.ts'

/** The API where the lineage database does not answer. */
function withoutLineage(path: string, init: RequestInit = {}): Promise<Response> {
  const down = () => {
    throw new Error('D1 is down')
  }
  const broken = { prepare: down, batch: down, exec: down } as unknown as D1Database
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' }
  const request = new Request(`http://sluice.test/api/v1${path}`, { ...init, headers })
  const given = { ...env, LINEAGE: broken } as Env
  return Promise.resolve(app.fetch(request, given, createExecutionContext()))
}

beforeAll(async () => {
  await canaryOf('steps')
})

test('a canary is stepped up, and rolled back whole from any step', async () => {
  const { before, canary } = await canaryOf('up')
  const first = await step('up', { share: 0.2, expect: canary })
  expect(first).toMatchObject({ status: 200, body: { from: canary, share: 0.2 } })
  const second = await step('up', { share: 0.5 })
  expect(second.body.epoch).toBe(first.body.epoch + 1)
  const stepped = await read('up')
  expect(stepped).toMatchObject({ version: second.body.version, previous: before })
  expect(stepped.spec.canary!.share).toBe(0.5)
  expect(stepped.targets.map(({ id, role, share }) => [id, role, share])).toEqual([
    ['good', 'live', 0.5],
    ['echo', 'canary', 0.5],
  ])
  const back = await post<Stepped>('/api/v1/routes/up/rollback', { reason: 'no' })
  expect(back).toMatchObject({ status: 200, body: { version: before } })
  await expect
    .poll(() => rowsOf("SELECT kind, run_id, actor FROM deployments WHERE route = 'up' ORDER BY epoch"))
    .toEqual([
      { kind: 'deploy', run_id: 'run_up', actor: 'test' },
      { kind: 'deploy', run_id: 'run_up', actor: 'test' },
      { kind: 'canary', run_id: 'run_up', actor: 'key_bootstrap' },
      { kind: 'canary', run_id: 'run_up', actor: 'key_bootstrap' },
      { kind: 'rollback', run_id: null, actor: 'key_bootstrap' },
    ])
  const artifact = await findArtifact(lineage(env.LINEAGE), 'default', second.body.version)
  expect(artifact).toMatchObject({ kind: 'route', createdBy: 'key_bootstrap', manifest: stepped.spec })
})

test('a share of 0 takes the canary away: what stood before it is in force again', async () => {
  const { before } = await canaryOf('down')
  const { body } = await step('down', { share: 0.2 })
  expect((await step('down', { share: 0 })).body.version).toBe(before)
  await expect
    .poll(() =>
      rowsOf("SELECT run_id, route_version FROM deployments WHERE kind = 'canary' AND route = 'down'"),
    )
    .toEqual([
      { run_id: 'run_down', route_version: body.version },
      { run_id: null, route_version: before },
    ])
  expect((await read('down')).spec).not.toHaveProperty('canary')
  expect(await step('down', { share: 0.1 })).toMatchObject({
    status: 409,
    body: { code: 'route.no_canary', detail: expect.stringContaining('a deploy stage with canary.share') },
  })
})

test('a larger share never moves a user back', async () => {
  await canaryOf('sticky', 0.1)
  const users = Array.from({ length: 40 }, (_, i) => `user-${i}`)
  const inForce = async () => (await read('sticky')).version
  const sides = async () => {
    const version = await inForce()
    await expect
      .poll(async () => (await ask('sticky')).header('x-sluice-route-version'), { timeout: 5_000 })
      .toBe(version)
    const answers = await Promise.all(
      users.map(async (user) => (await ask('sticky', { user })).header('x-sluice-target')),
    )
    return users.filter((_, i) => answers[i] === 'echo')
  }
  const few = await sides()
  await step('sticky', { share: 0.5 })
  const more = await sides()
  expect(more).toEqual(expect.arrayContaining(few))
  expect(more.length).toBeGreaterThan(few.length)
})

test('a step to the share that is there moves nothing, and takes the lock from nobody', async () => {
  const { canary } = await canaryOf('same')
  const lock = env.GATE_LOCK.getByName('default/route:same')
  const holder = { runId: 'run_1', stage: 'deploy', attempt: 1 }
  const { token } = (await lock.acquire(holder)) as { token: number }
  const { epoch } = await read('same')
  const again = await step('same', { share: 0.05 })
  expect(again).toMatchObject({ status: 200, body: { version: canary, from: canary } })
  expect((await read('same')).version).toBe(canary)
  expect(again.body.epoch).toBeGreaterThanOrEqual(epoch)
  expect((await step('same', { share: 1 })).status).toBe(400)
  expect(await lock.holds(holder, token)).toBe(true)
})

test.each([
  [
    { share: 1 },
    400,
    'share: must be at most 0.5: a model goes to everybody by a deploy stage, through its gates',
  ],
  [{ share: -0.1 }, 400, 'share: '],
  [{ share: 0.1, reason: '' }, 400, 'reason: '],
  [{ share: 0.1, expect: 'route:steps@other' }, 409, 'not at route:steps@other: look again'],
])('the step %j is refused with %i', async (body, status, detail) => {
  const { version } = await read('steps')
  const answer = await step('steps', body)
  expect(answer.status).toBe(status)
  expect(answer.body.detail).toContain(detail)
  expect((await read('steps')).version).toBe(version)
})

test('only who may approve steps a canary, and only of a route that is there', async () => {
  const { key } = await makeKey(['read', 'run'])
  expect((await step('steps', { share: 0.1 }, key)).status).toBe(403)
  expect((await step('nowhere', { share: 0.1 })).status).toBe(404)
  expect((await get('/api/v1/routes/nowhere')).status).toBe(404)
})

test('a deployment that held the lock finds its token refused; a step that comes late is refused, too', async () => {
  const { canary } = await canaryOf('race')
  const lock = env.GATE_LOCK.getByName('default/route:race')
  const holder = { runId: 'run_2', stage: 'deploy', attempt: 1 }
  const { token } = (await lock.acquire(holder)) as { token: number }
  const stepped = await step('race', { share: 0.3 })
  expect(stepped.status).toBe(200)
  expect(await lock.holds(holder, token)).toBe(false)
  await expect(deploy('race', token)).rejects.toThrow('not younger')

  // Somebody deploys while the step is on its way.
  const overtaken = {
    getByName: () => ({
      snapshot: () => registry().snapshot(),
      activate: async (activation: Parameters<ReturnType<typeof registry>['activate']>[0]) => {
        await deploy('race', activation.fence - 0.5)
        return registry().activate(activation)
      },
    }),
  } as unknown as Env['ROUTE_REGISTRY']
  const late = { project: 'default', route: 'race', share: 0.4, reason: 'r', actor: 'key_1' }
  await expect(stepCanary({ ...env, ROUTE_REGISTRY: overtaken }, late)).rejects.toMatchObject({
    code: 'route.moved',
  })
  expect((await read('race')).spec).not.toHaveProperty('canary')
  expect((await lock.inspect()).holders).toEqual([])
  expect(canary).not.toBe(stepped.body.version)
})

test('of two steps at once one is in force, and both say which', async () => {
  await canaryOf('twice')
  const both = await Promise.all([step('twice', { share: 0.2 }), step('twice', { share: 0.4 })])
  const { version } = await read('twice')
  const done = both.filter(({ status }) => status === 200)
  expect(done.map(({ body }) => body.version)).toContain(version)
  for (const { status, body } of both)
    if (status !== 200) expect(body.code).toMatch(/^(route.moved|fence.stale)$/)
})

test('without the lineage database no step is made, and a route can be read and rolled back', async () => {
  const { before, canary } = await canaryOf('d1-down')
  const body = JSON.stringify({ share: 0.2, reason: 'up' })
  const refused = await withoutLineage('/routes/d1-down/canary', { method: 'POST', body })
  expect([refused.status, await refused.json()]).toEqual([
    503,
    expect.objectContaining({
      code: 'lineage.unavailable',
      detail: expect.stringContaining('nothing moved'),
    }),
  ])
  const shown = (await (await withoutLineage('/routes/d1-down')).json()) as OneRoute
  expect(shown).toMatchObject({ version: canary, previous: before })
  expect(shown.targets.map(({ gates }) => gates)).toEqual([null, null])
  const back = await withoutLineage('/routes/d1-down/rollback', {
    method: 'POST',
    body: JSON.stringify({ reason: 'back' }),
  })
  expect(back.status).toBe(200)
  expect((await read('d1-down')).version).toBe(before)
})
