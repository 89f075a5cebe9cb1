import { expect, test } from 'vitest'
import { env } from './support.ts'

const version = (name: string) => `route:r@${name.repeat(64)}`
const target = (id: string) => ({
  id,
  model: `model:m@${id.repeat(64)}`,
  baseUrl: 'http://good.test/v1',
  servedModel: id,
  secret: 'GPU_ENDPOINT_KEY',
})

/** Each test has a project, and so a registry, of its own. The token grows with each move. */
function registryOf(project: string) {
  const registry = env.ROUTE_REGISTRY.getByName(project)
  let fence = 0
  const change = (runId: string | null = null) => ({
    project,
    route: 'r',
    fence: ++fence,
    actor: 'test',
    runId,
    reason: 'test',
  })
  const current = async () => (await registry.snapshot())!.routes.find(({ route }) => route === 'r')
  const move =
    (kind: 'deploy' | 'canary') =>
    async (name: string, { runId = null, share }: { runId?: string | null; share?: number } = {}) =>
      registry.activate({
        ...change(runId),
        kind,
        expect: (await current())?.version ?? null,
        version: version(name),
        spec: {
          route: 'r',
          targets: [target('a')],
          prompt: `prompt:p@${'0'.repeat(64)}`,
          timeouts: { headersMs: 100, totalMs: 1000 },
          ...(share === undefined
            ? {}
            : { canary: { target: target('c'), share, stickyBy: 'user' as const } }),
        },
      })
  return { registry, change, current, deploy: move('deploy'), step: move('canary') }
}

test('whatever step a canary has reached, a rollback gives all traffic back to the version before it', async () => {
  const { registry, change, current, deploy, step } = registryOf('canary-rollback')
  await deploy('0')
  await deploy('1')
  await deploy('2', { share: 0.05 })
  await step('3', { share: 0.2 })
  expect(await step('4', { share: 0.5 })).toMatchObject({ ok: true, previous: version('1') })
  expect(await registry.rollback(change())).toMatchObject({ ok: true, version: version('1') })
  // And further, as from any version.
  expect((await current())!.previous).toBe(version('0'))
})

test('what was tried by some is no version to roll back to, once a deployment has followed', async () => {
  const { registry, change, deploy, step } = registryOf('canary-then-all')
  await deploy('1')
  await deploy('2', { share: 0.05 })
  await step('3', { share: 0.2 })
  expect(await deploy('4')).toMatchObject({ previous: version('1') })
  expect(await registry.rollback(change())).toMatchObject({ version: version('1') })
})

test('ending a canary leads to the version before it, or to one that rolls back to it', async () => {
  const same = registryOf('canary-ended')
  await same.deploy('0')
  await same.deploy('1')
  await same.deploy('2', { share: 0.05 })
  expect(await same.step('1')).toMatchObject({ ok: true, previous: version('0') })
  const other = registryOf('canary-ended-otherwise')
  await other.deploy('1')
  await other.deploy('2', { share: 0.05 })
  expect(await other.step('3')).toMatchObject({ ok: true, previous: version('1') })
})

test('undoing the run that began a canary takes it back, though people have stepped it since', async () => {
  const { registry, change, current, deploy, step } = registryOf('canary-undone')
  await deploy('1', { runId: 'run_1' })
  await deploy('2', { runId: 'run_2', share: 0.05 })
  await step('3', { share: 0.2 })
  expect(await registry.undo({ ...change(), runId: 'run_2' })).toEqual({ ok: true, moved: version('1') })
  expect((await current())!.previous).toBeNull()
  const rows = async () =>
    (
      await env.LINEAGE.prepare(
        "SELECT kind, run_id FROM deployments WHERE project_id = 'canary-undone' ORDER BY epoch",
      ).all()
    ).results
  await expect.poll(async () => (await rows()).length).toBe(4)
  expect((await rows())[2]).toEqual({ kind: 'canary', run_id: 'run_2' })
})

test('a canary that a failed deployment over it gave back is still the canary of its own run', async () => {
  const { registry, change, current, deploy, step } = registryOf('canary-given-back')
  await deploy('1', { runId: 'run_1' })
  await deploy('2', { runId: 'run_2', share: 0.05 })
  await deploy('3', { runId: 'run_3' })
  expect(await registry.undo({ ...change(), runId: 'run_3' })).toEqual({ ok: true, moved: version('2') })
  await step('4', { share: 0.2 })
  expect(await registry.undo({ ...change(), runId: 'run_2' })).toEqual({ ok: true, moved: version('1') })
  expect((await current())!.version).toBe(version('1'))
  await expect
    .poll(async () => {
      const { results } = await env.LINEAGE.prepare(
        "SELECT run_id FROM deployments WHERE project_id = 'canary-given-back' AND kind = 'canary'",
      ).all()
      return results
    })
    .toEqual([{ run_id: 'run_2' }])
})

test('a version that a failed run was rolled back to is one to roll back to again', async () => {
  const { registry, change, deploy } = registryOf('undone-then-deployed')
  await deploy('1', { runId: 'run_1' })
  await deploy('2', { runId: 'run_2' })
  expect(await registry.undo({ ...change(), runId: 'run_2' })).toEqual({ ok: true, moved: version('1') })
  await deploy('3', { runId: 'run_3' })
  expect(await registry.rollback(change())).toMatchObject({ ok: true, version: version('1') })
})
