import { evictDurableObject } from 'cloudflare:test'
import { env as bound } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { Activation, RouteRegistry } from '../../durable-objects/route-registry.ts'
import { env } from './support.ts'

const namespace = (bound as unknown as { ROUTE_REGISTRY: DurableObjectNamespace<RouteRegistry> })
  .ROUTE_REGISTRY
const version = (name: string) => `route:r@${name.repeat(64)}`

/** Each test has a project, and so a registry, of its own. */
function registryOf(project: string) {
  const registry = env.ROUTE_REGISTRY.getByName(project)
  const change = (fence: number) => ({
    project,
    route: 'r',
    fence,
    actor: 'test',
    runId: null,
    reason: 'test',
  })
  const deploy = (name: string, expect: string | null, fence: number) => {
    const activation: Activation = {
      ...change(fence),
      expect: expect === null ? null : version(expect),
      version: version(name),
      kind: 'deploy',
      spec: {
        route: 'r',
        targets: [
          {
            id: name,
            model: `model:m@${name.repeat(64)}`,
            baseUrl: 'http://good.test/v1',
            servedModel: name,
            secret: 'GPU_ENDPOINT_KEY',
          },
        ],
        prompt: `prompt:p@${'0'.repeat(64)}`,
        timeouts: { headersMs: 100, totalMs: 1000 },
      },
    }
    return registry.activate(activation)
  }
  const current = async () => (await registry.snapshot())!.routes.find(({ route }) => route === 'r')
  return { registry, change, deploy, current }
}

async function recorded(project: string) {
  const deployments = await env.LINEAGE.prepare(
    'SELECT kind, route_version, previous_version FROM deployments WHERE project_id = ? ORDER BY epoch',
  )
    .bind(project)
    .all()
  const audit = await env.LINEAGE.prepare(
    'SELECT action, from_version, to_version, fence FROM audit_entries WHERE project_id = ? ORDER BY fence',
  )
    .bind(project)
    .all()
  return { deployments: deployments.results, audit: audit.results }
}

test('a route goes from version to version and back step by step, each with the targets it had', async () => {
  const { registry, change, deploy, current } = registryOf('steps')
  expect(await deploy('a', null, 1)).toEqual({ ok: true, epoch: 1, previous: null })
  expect(await deploy('b', 'a', 2)).toEqual({ ok: true, epoch: 2, previous: version('a') })
  expect(await deploy('c', 'b', 3)).toMatchObject({ ok: true, epoch: 3 })
  expect(await registry.rollback(change(4))).toMatchObject({ ok: true, version: version('b') })
  expect(await registry.rollback(change(5))).toMatchObject({ ok: true, version: version('a') })
  expect((await current())!.spec.targets[0]!.servedModel).toBe('a')
  const refused = await registry.rollback(change(6))
  expect(refused).toMatchObject({ ok: false, code: 'route.no_rollback' })
  expect((await current())!.version).toBe(version('a'))
  expect(await registry.rollback({ ...change(1), route: 'nowhere' })).toMatchObject({ code: 'not.found' })
})

test('a change by a mover that believes something else, or whose token is not younger, is refused', async () => {
  const { deploy, current, registry, change } = registryOf('refusals')
  await deploy('a', null, 5)
  const believes = await deploy('c', 'b', 6)
  expect(believes).toMatchObject({ ok: false, code: 'route.moved' })
  expect(believes).toHaveProperty('detail', `r points at ${version('a')}, not at ${version('b')}`)
  expect(await deploy('b', null, 6)).toMatchObject({ ok: false, code: 'route.moved' })
  expect(await deploy('b', 'a', 5)).toMatchObject({ ok: false, code: 'fence.stale' })
  expect(await deploy('b', 'a', 4)).toMatchObject({ ok: false, code: 'fence.stale' })
  await deploy('b', 'a', 6)
  expect(await registry.rollback(change(6))).toMatchObject({ ok: false, code: 'fence.stale' })
  expect((await current())!.version).toBe(version('b'))
})

test('a deployment that is delivered twice is one, and D1 has each change once', async () => {
  const { registry, change, deploy } = registryOf('once')
  await Promise.all([deploy('a', null, 1), deploy('a', null, 1)])
  await deploy('b', 'a', 2)
  expect(await deploy('b', 'a', 2)).toMatchObject({ ok: true, epoch: 2 })
  await registry.rollback(change(3))
  await expect.poll(async () => (await recorded('once')).deployments.length).toBe(3)
  expect(await recorded('once')).toEqual({
    deployments: [
      { kind: 'deploy', route_version: version('a'), previous_version: null },
      { kind: 'deploy', route_version: version('b'), previous_version: version('a') },
      { kind: 'rollback', route_version: version('a'), previous_version: version('b') },
    ],
    audit: [
      { action: 'route.deploy', from_version: null, to_version: version('a'), fence: 1 },
      { action: 'route.deploy', from_version: version('a'), to_version: version('b'), fence: 2 },
      { action: 'route.rollback', from_version: version('b'), to_version: version('a'), fence: 3 },
    ],
  })
})

test('a first deployment can be taken away; its late redelivery does not bring it back', async () => {
  const { registry, change, deploy, current } = registryOf('withdrawn')
  await deploy('a', null, 1)
  const moved = await registry.withdraw({ ...change(2), expect: version('b') })
  expect(moved).toMatchObject({ ok: false, code: 'route.moved' })
  expect(await registry.withdraw({ ...change(2), expect: version('a') })).toMatchObject({
    ok: true,
    epoch: 2,
  })
  expect(await current()).toBeUndefined()
  // Undoing is delivered at least once, too.
  expect(await registry.withdraw({ ...change(2), expect: version('a') })).toMatchObject({
    ok: true,
    epoch: 2,
  })

  expect(await deploy('a', null, 1)).toMatchObject({ ok: false, code: 'fence.stale' })
  expect(await current()).toBeUndefined()
  expect(await deploy('b', null, 3)).toMatchObject({ ok: true, epoch: 3, previous: null })

  await expect.poll(async () => (await recorded('withdrawn')).audit.length).toBe(3)
  expect((await recorded('withdrawn')).audit[1]).toEqual({
    action: 'route.withdraw',
    from_version: version('a'),
    to_version: null,
    fence: 2,
  })
})

test('a snapshot is sent only to who has an older one, and outlives an eviction', async () => {
  const { registry, deploy } = registryOf('snapshots')
  expect(await registry.snapshot()).toEqual({ epoch: 0, routes: [] })
  await deploy('a', null, 1)
  const snapshot = (await registry.snapshot(0))!
  expect(snapshot.epoch).toBe(1)
  expect(await registry.snapshot(1)).toBeNull()
  await evictDurableObject(namespace.getByName('snapshots'))
  expect(await registry.snapshot(0)).toEqual(snapshot)
  expect(await registry.snapshot(1)).toBeNull()
})
