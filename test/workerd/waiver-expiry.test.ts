import { beforeAll, expect, test } from 'vitest'
import { sha256Hex } from '../../domain/hash.ts'
import { runCron } from '../../workers/cron.ts'
import { lineage } from '../../workers/lineage/db.ts'
import { aliases, runs, stageRuns, verdicts, waivers } from '../../workers/lineage/schema.ts'
import { rowsOf } from './gated-workflow.ts'
import { activateRoute, env, get } from './support.ts'

const DAY = 86_400_000
const now = Date.now()
/** What `activateRoute` makes a route serve. */
const MODEL = `model:m@${'a'.repeat(64)}`
const CANARY = `model:c@${'c'.repeat(64)}`
const versionOf = (route: string) => `route:${route}@${sha256Hex(route)}`
const minute = (at = now) => runCron(env, '* * * * *', at)

interface Incident {
  incidentId: string
  route: string
  routeVersion: string
  kind: string
  cohort: string
  state: string
  sentence: string
}
const incidentsOf = async (route: string) =>
  (await get<{ incidents: Incident[] }>('/api/v1/incidents')).body.incidents.filter(
    (incident) => incident.route === route,
  )

/** A run of four days ago whose stage `evaluate` passed, by a waiver where one is given, and that deployed the route. */
async function ranBefore(
  runId: string,
  route: string,
  {
    waiverId = null,
    status = 'succeeded',
    finishedAt = now - 4 * DAY,
    model = `model:x@${'e'.repeat(64)}`,
  }: {
    waiverId?: string | null
    status?: string
    finishedAt?: number
    model?: string
  },
): Promise<void> {
  const db = lineage(env.LINEAGE)
  await db.insert(runs).values({
    runId,
    projectId: 'default',
    workflow: 'w',
    workflowVersion: 'v',
    status,
    inputs: {},
    codeSha: 'x',
    author: 'key_ben',
    seq: 1,
    createdAt: now - 5 * DAY,
  })
  const outputs: Record<string, Record<string, string>> = {
    evaluate: { evaluation: 'eval_1' },
    promote: { model },
    deploy: { route: versionOf(route) },
  }
  for (const [position, kind] of Object.keys(outputs).entries()) {
    await db.insert(stageRuns).values({
      runId,
      stage: kind,
      projectId: 'default',
      position,
      kind,
      owner: 'o',
      status: 'passed',
      attempt: 1,
      inputs: {},
      outputs: outputs[kind]!,
      seq: 1,
      finishedAt,
    })
  }
  await db.insert(verdicts).values({
    verdictId: `${runId}/evaluate/1/threshold`,
    projectId: 'default',
    runId,
    stage: 'evaluate',
    attempt: 1,
    gate: 'threshold',
    verdict: waiverId === null ? 'passed' : 'waived',
    blocks: false,
    sentence: 'Waived.',
    params: {},
    evidence: {},
    waiverId,
    at: now - 4 * DAY,
  })
}

async function waive(waiverId: string, change: Partial<typeof waivers.$inferInsert> = {}): Promise<void> {
  await lineage(env.LINEAGE)
    .insert(waivers)
    .values({
      waiverId,
      projectId: 'default',
      workflow: 'w',
      stage: 'evaluate',
      gate: 'threshold',
      reason: 'the golden set is being relabelled',
      author: 'key_ana',
      createdAt: now - 6 * DAY,
      expiresAt: now - 60_000,
      ...change,
    })
}
const isHandled = async (waiverId: string) =>
  (await rowsOf('SELECT expiry_handled_at FROM waivers WHERE waiver_id = ?', waiverId))[0]!
    .expiry_handled_at !== null

beforeAll(async () => {
  for (const route of ['waived', 'clean', 'late', 'revoked', 'moved', 'undone', 'tried'])
    await activateRoute(route, ['good.test'])
})

test('a route that was deployed by a waiver is flagged when that ends, once', async () => {
  await waive('wvr_flag')
  await ranBefore('run_flag', 'waived', { waiverId: 'wvr_flag' })
  await minute()
  await minute()
  const found = await incidentsOf('waived')
  expect(found).toMatchObject([
    {
      incidentId: 'inc_wvr_flag_waived',
      kind: 'waiver',
      state: 'open',
      cohort: 'evaluate/threshold',
      routeVersion: versionOf('waived'),
    },
  ])
  expect(found[0]!.sentence).toMatch(
    /^The route waived serves model:m@aaaaaaaaaaaa, which passed the gate threshold of evaluate by a waiver that ended on .* UTC; the gate is in force again\.$/,
  )
  expect(await isHandled('wvr_flag')).toBe(true)
})

test('a canary that was deployed by a waiver is flagged whatever share it was given since, and not once it is gone', async () => {
  const waived = { waiverId: 'wvr_canary', model: CANARY }
  await waive(waived.waiverId)
  await ranBefore('run_canary', 'tried', waived)
  // The run's version is in force no more: a person has stepped its canary.
  await env.LINEAGE.prepare(
    "UPDATE stage_runs SET outputs = '{}' WHERE run_id = 'run_canary' AND stage = 'promote'",
  ).run()
  const registry = env.ROUTE_REGISTRY.getByName('default')
  const { spec } = (await registry.snapshot())!.routes.find(({ route }) => route === 'tried')!
  const tried = { ...spec.targets[0]!, id: 'tried', model: CANARY }
  const move = async (from: string, to: string, kind: 'deploy' | 'canary', share: number, fence: number) => {
    const answer = await registry.activate({
      project: 'default',
      route: 'tried',
      expect: from,
      version: to,
      spec: share === 0 ? spec : { ...spec, canary: { target: tried, share, stickyBy: 'user' } },
      fence,
      kind,
      actor: 'key_ana',
      runId: kind === 'deploy' ? 'run_canary' : null,
      reason: 'test',
    })
    expect(answer).toMatchObject({ ok: true })
    await expect
      .poll(() => rowsOf('SELECT 1 FROM deployments WHERE fence = ? AND route = ?', fence, 'tried'))
      .toHaveLength(1)
  }
  await move(versionOf('tried'), `${versionOf('tried')}5`, 'deploy', 0.05, 2)
  await move(`${versionOf('tried')}5`, `${versionOf('tried')}20`, 'canary', 0.2, 3)
  await minute()
  expect((await incidentsOf('tried')).map(({ state, sentence }) => [state, sentence])).toEqual([
    ['open', expect.stringMatching(/^The route tried serves model:c@cccccccccccc, which passed/)],
  ])
  await move(`${versionOf('tried')}20`, `${versionOf('tried')}50`, 'canary', 0.5, 4)
  await minute()
  expect(await incidentsOf('tried')).toMatchObject([{ state: 'open' }])
  await move(`${versionOf('tried')}50`, versionOf('tried'), 'canary', 0, 5)
  await minute()
  expect(await incidentsOf('tried')).toMatchObject([{ state: 'resolved' }])
})

test('a waiver that lives flags nothing; once revoked, it does', async () => {
  await waive('wvr_rev', { expiresAt: now + DAY })
  await ranBefore('run_rev', 'revoked', { waiverId: 'wvr_rev' })
  await minute()
  expect(await incidentsOf('revoked')).toEqual([])
  await env.LINEAGE.prepare('UPDATE waivers SET revoked_at = ? WHERE waiver_id = ?')
    .bind(now - 1, 'wvr_rev')
    .run()
  await minute()
  expect((await incidentsOf('revoked')).map(({ sentence }) => sentence)).toEqual([
    expect.stringMatching(/by a waiver that was revoked on/),
  ])
})

test('a version that later passed every gate by itself stands on the later run', async () => {
  await waive('wvr_clean')
  await ranBefore('run_before', 'clean', { waiverId: 'wvr_clean' })
  await ranBefore('run_after', 'clean', { finishedAt: now - 2 * DAY })
  await minute()
  expect(await incidentsOf('clean')).toEqual([])
  expect(await isHandled('wvr_clean')).toBe(true)
})

test('a run that was undone put nothing into production', async () => {
  await waive('wvr_undone')
  await ranBefore('run_undone', 'undone', { waiverId: 'wvr_undone', status: 'rolled_back' })
  await minute()
  expect(await incidentsOf('undone')).toEqual([])
})

test('a waiver is not done with while a run that passed by it may still deploy', async () => {
  await waive('wvr_late')
  await ranBefore('run_late', 'not-yet', { waiverId: 'wvr_late', status: 'waiting' })
  await minute()
  expect(await isHandled('wvr_late')).toBe(false)
  await env.LINEAGE.prepare("UPDATE runs SET status = 'succeeded' WHERE run_id = 'run_late'").run()
  await env.LINEAGE.prepare(
    "UPDATE stage_runs SET outputs = ? WHERE run_id = 'run_late' AND stage = 'deploy'",
  )
    .bind(JSON.stringify({ route: versionOf('late') }))
    .run()
  await minute()
  expect(await incidentsOf('late')).toHaveLength(1)
  expect(await isHandled('wvr_late')).toBe(true)
})

test('a promoted model that no such route serves is flagged by its alias, and resolved when that moves', async () => {
  const alias = { projectId: 'default', kind: 'model', name: 'solo', alias: 'production' }
  const db = lineage(env.LINEAGE)
  await db.insert(aliases).values({ ...alias, version: 'c'.repeat(64), fence: 1, movedAt: now - 4 * DAY })
  await waive('wvr_solo')
  await ranBefore('run_solo', 'nowhere', { waiverId: 'wvr_solo', model: `model:solo@${'c'.repeat(64)}` })
  await minute()
  expect(await incidentsOf('model:solo@production')).toMatchObject([{ state: 'open', kind: 'waiver' }])
  await env.LINEAGE.prepare("UPDATE aliases SET version = ? WHERE name = 'solo'").bind('d'.repeat(64)).run()
  await minute()
  expect(await incidentsOf('model:solo@production')).toMatchObject([{ state: 'resolved' }])
})

test('an incident is resolved when the route serves something else', async () => {
  await waive('wvr_moved')
  await ranBefore('run_moved', 'moved', { waiverId: 'wvr_moved' })
  await minute()
  expect(await incidentsOf('moved')).toMatchObject([{ state: 'open' }])
  const registry = env.ROUTE_REGISTRY.getByName('default')
  const { spec } = (await registry.snapshot())!.routes.find(({ route }) => route === 'moved')!
  await registry.activate({
    project: 'default',
    route: 'moved',
    expect: versionOf('moved'),
    version: `route:moved@${'d'.repeat(64)}`,
    spec,
    fence: 2,
    kind: 'deploy',
    actor: 'test',
    runId: null,
    reason: 'test',
  })
  await minute()
  expect(await incidentsOf('moved')).toMatchObject([{ state: 'resolved' }])
  expect(spec.targets[0]!.model).toBe(MODEL)
})
