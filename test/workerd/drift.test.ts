import { beforeAll, expect, test } from 'vitest'
import type { DriftReport } from '../../domain/drift/report.ts'
import { lineage } from '../../workers/lineage/db.ts'
import {
  aliases,
  artifactEdges,
  artifacts,
  runs,
  stageRuns,
  workflowVersions,
} from '../../workers/lineage/schema.ts'
import { applyGated, runIn, startGated, transcript } from './gated-workflow.ts'
import { activateRoute, env, get, ingestRows, makeKey } from './support.ts'

const DAY = 86_400_000
const report = async (workflow: string, key?: string) =>
  get<DriftReport>(`/api/v1/workflows/${workflow}/drift`, key ? { key } : {})

beforeAll(async () => {
  await applyGated('drifting', [{ gate: 'freshness', params: { maxAgeDays: 30 } }])
})

/** A dataset version that was registered so many days ago. */
async function registered(name: string, digit: string, daysAgo: number): Promise<string> {
  await lineage(env.LINEAGE)
    .insert(artifacts)
    .values({
      projectId: 'default',
      kind: 'dataset',
      name,
      version: digit.repeat(64),
      manifest: {},
      codeSha: 'x',
      createdBy: 'test',
      createdAt: Date.now() - daysAgo * DAY,
    })
  return `dataset:${name}@${digit.repeat(64)}`
}

test('a workflow that never ran, and one that is unknown', async () => {
  const { status, body } = await report('drifting')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    newestRun: null,
    production: [],
    stages: [{ stage: 'ingest', drifts: false }],
  })
  expect((await report('none')).status).toBe(404)
  const { key } = await makeKey(['read'], 'other')
  expect((await report('drifting', key)).status).toBe(404)
})

test('a run says what it pinned, and its stage drifts when a newer version comes', async () => {
  const runId = await startGated('drifting')
  await runIn(runId, 'succeeded')
  await expect
    .poll(async () => (await report('drifting')).body.stages[0])
    .toMatchObject({
      runId,
      drifts: false,
      inputs: [{ port: 'transcripts', limitDays: 30, versionsBehind: 0 }],
    })

  const newer = await ingestRows('one-row', [transcript('b')])
  const { body } = await report('drifting')
  expect(body.stages[0]).toMatchObject({ drifts: true, inputs: [{ versionsBehind: 1, newest: newer }] })
  expect(body.sentence).toBe('Inputs are out of date in: ingest.')
  expect(body.newestRun).toMatchObject({ runId, inputs: [{ source: 'inputs.rows', versionsBehind: 1 }] })
  expect(body.newestRun!.sentence).toMatch(
    /pinned inputs\.rows to dataset:one-row@.* newer versions have come of inputs\.rows/,
  )
})

const past = { projectId: 'default', runId: 'run_past', seq: 1 }

/** A workflow as the API would have stored it; what it needs before its promotion is left out. */
async function register(): Promise<void> {
  const stage = { needs: [], with: {}, gates: [] }
  const definition = {
    name: 'deployed',
    description: '',
    inputs: {},
    stages: {
      promote: { ...stage, kind: 'promote', owner: 'q', inputs: {} },
      deploy: { ...stage, kind: 'deploy', owner: 's', inputs: {}, with: { route: 'drifting-route' } },
    },
  }
  await lineage(env.LINEAGE).insert(workflowVersions).values({
    projectId: 'default',
    workflow: 'deployed',
    version: 'v',
    definition,
    gitSha: 'x',
    author: 'test',
    createdAt: 1,
    appliedAt: 1,
  })
}

test('what is in production is held against what it was built on', async () => {
  await register()
  await activateRoute('drifting-route', ['good.test'])
  const used = await registered('base', '1', 9)
  await registered('base', '2', 3)
  const newest = await registered('base', '3', 1)
  const model = `model:m@${'a'.repeat(64)}`
  const middle = await registered('middle', '4', 8)
  const db = lineage(env.LINEAGE)
  const edge = { projectId: 'default', runId: past.runId, stage: 's', createdAt: 1 }
  await db.insert(artifactEdges).values([
    { ...edge, output: model, input: middle },
    { ...edge, output: middle, input: used },
  ])
  const { body } = await report('deployed')
  expect(body.production).toMatchObject([{ place: 'drifting-route', model, drifts: true }])
  const base = body.production[0]!.builtOn.find(({ ref }) => ref === used)
  expect(base).toMatchObject({ versionsBehind: 2, newest })
  expect(base!.behindDays).toBeCloseTo(3, 2)
  expect(base!.ageDays).toBeCloseTo(9, 2)
  expect(body.production[0]!.sentence).toMatch(
    /drifting-route serves model:m@aaaaaaaaaaaa since .*, built on dataset:base@111111111111, of which there are 2 newer versions since 3.0 days\.$/,
  )
})

test('a promoted model that no route of the workflow serves is reported by its alias', async () => {
  const db = lineage(env.LINEAGE)
  const model = `model:solo@${'c'.repeat(64)}`
  await db.insert(runs).values({
    ...past,
    workflow: 'deployed',
    workflowVersion: 'v',
    status: 'succeeded',
    inputs: {},
    codeSha: 'x',
    author: 'test',
    createdAt: Date.now(),
  })
  await db.insert(stageRuns).values({
    ...past,
    stage: 'promote',
    position: 0,
    kind: 'promote',
    owner: 'q',
    status: 'passed',
    attempt: 1,
    inputs: { model },
    outputs: { model },
    finishedAt: Date.now(),
  })
  await db.insert(aliases).values({
    projectId: 'default',
    kind: 'model',
    name: 'solo',
    alias: 'production',
    version: 'c'.repeat(64),
    fence: 1,
    movedAt: Date.now(),
  })
  const { body } = await report('deployed')
  expect(body.production.map(({ place }) => place)).toEqual(['drifting-route', 'model:solo@production'])
  expect(body.production[1]!.sentence).toMatch(
    /points at model:solo@cccccccccccc since .*; what it was built on is not known\.$/,
  )
})
