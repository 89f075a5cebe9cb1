import { beforeAll, expect, test } from 'vitest'
import type { CanaryEvidence } from '../../domain/gates/canary.ts'
import type { OnlineEvidence } from '../../domain/gates/online.ts'
import type { MixEvidence } from '../../domain/gates/production-shaped.ts'
import { DatasetWriter } from '../../workers/registry/datasets.ts'
import { recordDeployment } from '../../workers/lineage/deployments.ts'
import { gateEvidence } from '../../workers/stages/gate-evidence.ts'
import { evaluation, model, PROMPT, routeVersion, stageContext, storeTraces } from './gate-context.ts'
import { env } from './support.ts'

const OLD = model('1')
const NEW = model('2')
const HOUR_MS = 3_600_000
let before: string
let after: string

/** The new model answered 10 traces and missed 2, which the old one took over; the old one answered 20, 1 with an error. */
beforeAll(async () => {
  before = await routeVersion('support', [OLD])
  after = await routeVersion('support', [NEW, OLD])
  const trace = (id: string, routeVersion: string, by: string, cohort = 'orders') => ({
    traceId: id,
    route: 'support',
    routeVersion,
    model: by,
    cohort,
  })
  const ids = (prefix: string, n: number) => Array.from({ length: n }, (_, index) => `${prefix}${index}`)
  await storeTraces('batch', [
    ...ids('new-', 10).map((id) => trace(id, after, NEW, 'returns')),
    { ...trace('fell-0', after, OLD), fallbackReason: 'HTTP 503' },
    { ...trace('none-0', after, 'none'), fallbackReason: 'HTTP 503', status: 'error' as const },
    ...ids('old-', 19).map((id) => trace(id, before, OLD)),
    { ...trace('old-bad', before, OLD), status: 'error' as const },
    // Not of this route, or not of these days.
    { ...trace('elsewhere', before, OLD), route: 'other' },
    { ...trace('long-ago', before, OLD), at: Date.now() - 400 * HOUR_MS },
  ])
  await recordDeployment(env.LINEAGE, {
    deploymentId: 'default/support/2',
    projectId: 'default',
    route: 'support',
    routeVersion: after,
    previousVersion: before,
    kind: 'deploy',
    epoch: 2,
    fence: 2,
    actor: 'test',
    reason: 'test',
    at: 2,
  })
  const scored = (id: string, score: number) => ({
    rowId: id,
    cohort: 'orders',
    scores: { M: { score, reason: '' } },
  })
  const source = 'sweep:swp_1'
  await evaluation('eval_swp_1', { target: before, source, mode: 'online' }, [scored('old-0', 0.2)])
  await evaluation('eval_swp_2', { target: after, source: 'sweep:swp_2', mode: 'online' }, [
    ...ids('new-', 6).map((id) => scored(id, 0.9)),
    scored('old-0', 0.4),
    scored('old-1', 0.4),
    scored('gone', 0.1),
  ])
  await evaluation(
    'eval_swp_0',
    { target: after, source: 'sweep:swp_0', mode: 'online', finishedAt: Date.now() - 30 * HOUR_MS },
    [scored('new-9', 0.1)],
  )
  await evaluation('eval_offline', { target: NEW, source: `dataset:g@${'a'.repeat(64)}`, mode: 'offline' }, [
    scored('new-8', 0.1),
  ])
})

test('the cohort mix is that of the golden rows and of the route in the window', async () => {
  const writer = new DatasetWriter(env, 'default', 'golden')
  for (const [id, cohort] of [
    ['a', 'orders'],
    ['b', 'orders'],
    ['c', 'billing'],
  ] as const)
    await writer.add({ id, cohort, data: {} })
  const { ref } = await writer.finish({ codeSha: 'x', createdBy: 'test', at: 1 })
  const stage = (kind: 'features' | 'evaluate' | 'promote', given: object) =>
    stageContext(kind, 'production-shaped', { params: { route: 'support' }, ...given })
  await evaluation('eval_golden', { target: NEW, source: ref, mode: 'offline' })
  for (const context of [
    stage('features', { outputs: { golden: ref, training: 'dataset:t@x' } }),
    stage('evaluate', { inputs: { golden: ref }, outputs: { evaluation: 'eval_golden' } }),
    stage('promote', { inputs: { evaluation: 'eval_golden' } }),
  ]) {
    expect((await gateEvidence(env, 'production-shaped', context)) as MixEvidence).toMatchObject({
      dataset: ref,
      rows: { orders: 2, billing: 1 },
      traffic: { orders: 22, returns: 10 },
      otherTraffic: 0,
    })
  }
})

test('the rarest of very many cohorts are counted together', async () => {
  const version = await routeVersion('busy', [OLD])
  await storeTraces(
    'many',
    Array.from({ length: 520 }, (_, index) => ({
      traceId: `many-${index}`,
      route: 'busy',
      routeVersion: version,
      model: OLD,
      cohort: `c${index < 10 ? 0 : index}`,
    })),
  )
  const writer = new DatasetWriter(env, 'default', 'one')
  await writer.add({ id: 'a', cohort: 'c0', data: {} })
  const { ref } = await writer.finish({ codeSha: 'x', createdBy: 'test', at: 1 })
  const context = stageContext('ingest', 'production-shaped', {
    params: { route: 'busy' },
    outputs: { dataset: ref },
  })
  const { traffic, otherTraffic } = (await gateEvidence(env, 'production-shaped', context)) as MixEvidence
  expect([Object.keys(traffic).length, traffic.c0, otherTraffic]).toEqual([500, 10, 11])
})

const params = { route: 'support', metrics: { M: { overall: 0.5 } } }

test('online scores are those of live answers of the model, from recent sweeps, each trace once', async () => {
  const context = stageContext('promote', 'online', { params, inputs: { model: NEW } })
  const evidence = (await gateEvidence(env, 'online', context)) as OnlineEvidence
  expect(evidence).toMatchObject({
    judged: { model: NEW, prompt: null },
    evaluations: [{ evaluationId: 'eval_swp_2' }],
    offline: 2,
    traces: 6,
    scores: [{ metric: 'M', cohort: 'orders', n: 6, sum: expect.closeTo(5.4, 9) }],
    attempt: { ordinal: 1, evaluationId: 'eval_swp_2' },
  })
  const old = stageContext('promote', 'online', { params, inputs: { model: OLD } })
  const found = (await gateEvidence(env, 'online', old)) as OnlineEvidence
  expect(found.traces).toBe(2)
  expect(found.evaluations).toHaveLength(2)
})

test('a deployment with another prompt has no online scores yet', async () => {
  const route = await routeVersion('support', [NEW], `prompt:p@${'c'.repeat(64)}`)
  const context = stageContext('deploy', 'online', { params, outputs: { route, previous: after } })
  expect(await gateEvidence(env, 'online', context)).toMatchObject({ evaluations: [], traces: 0, scores: [] })
  const same = stageContext('monitor', 'online', { params, inputs: { route: after } })
  expect(await gateEvidence(env, 'online', same)).toMatchObject({
    judged: { model: NEW, prompt: PROMPT },
    traces: 6,
  })
})

test('an offline evaluation alone gives no attempt and no score', async () => {
  const context = stageContext('promote', 'online', {
    params: { ...params, route: 'silent' },
    inputs: { model: NEW },
  })
  const evidence = (await gateEvidence(env, 'online', context)) as OnlineEvidence
  expect(evidence).toMatchObject({ evaluations: [], offline: 2, traces: 0 })
  expect('attempt' in evidence).toBe(false)
})

test('a canary answers for what fell back from it, and the incumbent gets no credit for stepping in', async () => {
  const expected = {
    canary: { ref: NEW, traces: 12, errors: 2, scores: [{ n: 6 }] },
    incumbent: { ref: OLD, traces: 20, errors: 1, scores: [{ n: 2 }] },
  }
  const canaryParams = { route: 'support', metrics: { M: 0.05 } }
  const deploying = stageContext('deploy', 'canary', {
    params: canaryParams,
    outputs: { route: after, previous: before },
  })
  expect((await gateEvidence(env, 'canary', deploying)) as CanaryEvidence).toMatchObject(expected)
  const watching = (attempt: number) =>
    stageContext('monitor', 'canary', { params: canaryParams, inputs: { route: after }, attempt })
  const first = (await gateEvidence(env, 'canary', watching(1))) as CanaryEvidence
  expect(first).toMatchObject({ ...expected, attempt: { ordinal: 1 } })
  // However often one looks at a window that only grows: it is one attempt.
  expect(await gateEvidence(env, 'canary', watching(2))).toMatchObject({
    from: first.from,
    attempt: { ordinal: 1 },
  })
})

test('the first version of a route has no incumbent', async () => {
  const context = stageContext('deploy', 'canary', {
    params: { route: 'support' },
    outputs: { route: before, previous: null },
  })
  expect(await gateEvidence(env, 'canary', context)).toMatchObject({ incumbent: null })
})

test('a canary and its incumbent stand in one version: each answers for who was put on its side', async () => {
  const [incumbent, tried] = [model('7'), model('8')]
  const version = await routeVersion('split', [incumbent], PROMPT, tried)
  const trace = (id: string, arm: 'stable' | 'canary' | 'rule', by: string) => ({
    traceId: id,
    route: 'split',
    routeVersion: version,
    arm,
    model: by,
    cohort: 'orders',
  })
  await storeTraces('split', [
    ...Array.from({ length: 8 }, (_, i) => trace(`s${i}`, 'stable', incumbent)),
    { ...trace('none', 'stable', 'none'), status: 'error' as const },
    ...Array.from({ length: 3 }, (_, i) => trace(`c${i}`, 'canary', tried)),
    // Asked the canary, and was answered by the incumbent.
    { ...trace('fell', 'canary', incumbent), fallbackReason: 'HTTP 503' },
    // Testers are not like the others.
    ...Array.from({ length: 5 }, (_, i) => trace(`r${i}`, 'rule', tried)),
  ])
  const expected = {
    canary: { ref: tried, traces: 4, errors: 1 },
    incumbent: { ref: incumbent, traces: 9, errors: 1 },
  }
  const canaryParams = { route: 'split' }
  const watching = stageContext('monitor', 'canary', { params: canaryParams, inputs: { route: version } })
  expect(await gateEvidence(env, 'canary', watching)).toMatchObject(expected)
  // What is deployed to all was the canary of the version before.
  const all = await routeVersion('split', [tried, incumbent])
  const deploying = stageContext('deploy', 'canary', {
    params: canaryParams,
    outputs: { route: all, previous: version },
  })
  expect(await gateEvidence(env, 'canary', deploying)).toMatchObject(expected)
  const online = stageContext('deploy', 'online', {
    params: { ...params, route: 'split' },
    outputs: { route: version },
  })
  expect(await gateEvidence(env, 'online', online)).toMatchObject({ judged: { model: tried } })
})

test('a canary that is deployed to all is watched from its first step on, in one attempt however often it is looked at', async () => {
  const [incumbent, tried] = [model('5'), model('6')]
  const first = await routeVersion('steps', [incumbent], PROMPT, tried)
  const stepped = await routeVersion('steps', [incumbent], PROMPT, tried, 0.5)
  const began = Date.now() - 10 * 60_000
  for (const [index, routeVersionInForce] of [first, stepped].entries())
    await recordDeployment(env.LINEAGE, {
      deploymentId: `default/steps/${index}`,
      projectId: 'default',
      route: 'steps',
      routeVersion: routeVersionInForce,
      previousVersion: index === 0 ? null : first,
      kind: index === 0 ? 'deploy' : 'canary',
      epoch: 100 + index,
      fence: 100 + index,
      actor: 'test',
      runId: 'run_of_the_canary',
      reason: 'test',
      at: began + index * 60_000,
    })
  const all = await routeVersion('steps', [tried, incumbent])
  const deploying = (runId: string) =>
    stageContext('deploy', 'canary', {
      params: { route: 'steps' },
      outputs: { route: all, previous: stepped },
      runId,
    })
  const look = (runId: string) => gateEvidence(env, 'canary', deploying(runId)) as Promise<CanaryEvidence>
  for (const runId of ['run_look_1', 'run_look_2', 'run_look_3'])
    expect(await look(runId)).toMatchObject({
      canary: { ref: tried },
      incumbent: { ref: incumbent },
      from: began,
      attempt: { ordinal: 1 },
    })
})
