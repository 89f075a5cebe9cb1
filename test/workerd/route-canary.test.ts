import { createExecutionContext } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { contentHash } from '../../domain/hash.ts'
import { RouteVersion } from '../../domain/routing/route.ts'
import { app } from '../../workers/api/app.ts'
import type { Env } from '../../workers/env.ts'
import { lineage } from '../../workers/lineage/db.ts'
import { runs, stageRuns, verdicts } from '../../workers/lineage/schema.ts'
import { findArtifact } from '../../workers/registry/artifacts.ts'
import { stepCanary } from '../../workers/routing/step-canary.ts'
import { ask, target } from './gateway-routes.ts'
import { rowsOf } from './gated-workflow.ts'
import { ADMIN_KEY, env, get, makeKey, post, type Problem } from './support.ts'

interface Target {
  id: string
  role: string
  share: number
  model: string
  gates: { gate: string; verdict: string; stage: string; runId: string }[] | null
}
interface OneRoute {
  version: string
  epoch: number
  previous: string | null
  spec: RouteVersion
  targets: Target[]
  settings: { name: string; text: string }[]
}
interface Stepped {
  version: string
  epoch: number
  from: string
  share: number
}

const NEW = `model:m@${'e'.repeat(64)}`
const registry = () => env.ROUTE_REGISTRY.getByName('default')
const read = async (name: string) => (await get<OneRoute>(`/api/v1/routes/${name}`)).body
const step = (name: string, body: object, key = ADMIN_KEY) =>
  post<Stepped & Problem>(`/api/v1/routes/${name}/canary`, { reason: 'as planned', ...body }, { key })

/** Points a route at a version made of these settings; answers the version. */
async function deploy(name: string, fence: number, settings: Partial<RouteVersion> = {}): Promise<string> {
  const spec = RouteVersion.parse({
    route: name,
    targets: [target(name, 'good')],
    prompt: `prompt:p@${'b'.repeat(64)}`,
    ...settings,
  })
  const version = `route:${name}@${contentHash(spec)}`
  const current = (await registry().snapshot())!.routes.find(({ route }) => route === name)
  const answer = await registry().activate({
    project: 'default',
    route: name,
    expect: current?.version ?? null,
    version,
    spec,
    fence,
    kind: 'deploy',
    actor: 'test',
    runId: `run_${name}`,
    reason: 'test',
  })
  if (!answer.ok) throw new Error(answer.detail)
  return version
}

/** A route in production, and a canary beside it. */
async function canaryOf(name: string, share = 0.05): Promise<{ before: string; canary: string }> {
  const before = await deploy(name, 1)
  const beside = { target: target(name, 'echo', { model: NEW }), share, stickyBy: 'user' as const }
  // Tokens of the gate lock go on from here.
  const lock = env.GATE_LOCK.getByName(`default/route:${name}`)
  await lock.preempt('test')
  await lock.preempt('test')
  await lock.release('test')
  return { before, canary: await deploy(name, 2, { canary: beside }) }
}

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
  await step('sticky', { share: 0.6 })
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
    'share: must be below 1: a model goes to everybody by a deploy stage, through its gates',
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

test('each target tells which gates let it in, and one without any says so', async () => {
  const { canary } = await canaryOf('let-in')
  const at = Date.now()
  const db = lineage(env.LINEAGE)
  const ran = async (runId: string, status: string, finishedAt: number) => {
    await db.insert(runs).values({
      runId,
      projectId: 'default',
      workflow: 'w',
      workflowVersion: 'v',
      status,
      inputs: {},
      codeSha: 'x',
      author: 'a',
      seq: 1,
      createdAt: at,
    })
    await db.insert(stageRuns).values({
      runId,
      stage: 'ship',
      projectId: 'default',
      position: 1,
      kind: 'deploy',
      owner: 'o',
      status: 'passed',
      attempt: 1,
      inputs: { model: NEW },
      outputs: { route: canary },
      seq: 1,
      finishedAt,
    })
    const gates = [
      ['evaluate', 'threshold', 'failed', finishedAt - 30],
      ['evaluate', 'threshold', 'passed', finishedAt - 20],
      ['ship', 'no-regression', 'waived', finishedAt - 10],
      ['watch', 'canary', 'passed', finishedAt + 10],
    ] as const
    for (const [i, [stage, gate, verdict, when]] of gates.entries())
      await db.insert(verdicts).values({
        verdictId: `${runId}/${i}`,
        projectId: 'default',
        runId,
        stage,
        attempt: 1,
        gate,
        verdict,
        blocks: true,
        sentence: 's',
        params: {},
        evidence: {},
        at: when,
      })
  }
  await ran('run_stands', 'succeeded', at - 1_000)
  await ran('run_undone', 'rolled_back', at)
  await step('let-in', { share: 0.2 })
  const { targets, settings } = await read('let-in')
  expect(targets.map(({ id, gates }) => [id, gates])).toEqual([
    ['good', []],
    [
      'echo',
      [
        { gate: 'threshold', verdict: 'passed', stage: 'evaluate', runId: 'run_stands', at: at - 1_020 },
        { gate: 'no-regression', verdict: 'waived', stage: 'ship', runId: 'run_stands', at: at - 1_010 },
      ],
    ],
  ])
  expect(settings).toContainEqual({ name: 'Canary', text: '20% of users' })
})
