import { beforeAll, expect, test } from 'vitest'
import { SUPPORT_AGENT_PROMPT } from '../../domain/dataset/prompt.ts'
import type { RunView } from '../../workers/api/run-view.ts'
import { adapter, callBack, jobsAtEndpoint, succeeded, upload } from './endpoint.ts'
import { env, get, post, request } from './support.ts'

const train = {
  kind: 'train',
  owner: 'ml',
  cache: false,
  with: { endpoint: 'test-gpu', model: 'tiny', baseModel: 'none' },
}

/** Goes as far as the route, and then trains once more: what fails there fails after a deployment. */
const workflow = {
  name: 'ships-too-early',
  inputs: { rows: { kind: 'dataset' }, prompt: { kind: 'prompt' }, suite: { kind: 'suite' } },
  stages: {
    features: {
      kind: 'features',
      owner: 'ml',
      inputs: { dataset: 'inputs.rows', prompt: 'inputs.prompt' },
      with: { name: 'f' },
    },
    train: { ...train, inputs: { dataset: 'features.training' } },
    evaluate: {
      kind: 'evaluate',
      owner: 'q',
      inputs: { model: 'train.model', golden: 'features.golden', suite: 'inputs.suite' },
    },
    promote: {
      kind: 'promote',
      owner: 'q',
      inputs: { model: 'train.model', evaluation: 'evaluate.evaluation' },
    },
    deploy: {
      kind: 'deploy',
      owner: 'sre',
      inputs: { model: 'promote.model', prompt: 'inputs.prompt' },
      with: { route: 'early' },
      gates: [{ gate: 'rollback-ready' }, { gate: 'single-change' }],
    },
    again: { ...train, needs: ['deploy'], inputs: { dataset: 'features.training' } },
  },
}

const transcript = (id: string, split: string) => ({
  id,
  data: {
    split,
    messages: [{ role: 'user', content: `Where is ${id}?` }],
    knowledge: [{ id: 'k', text: 'Parcels take three days.' }],
    expected: { intent: 'track', action: 'track_parcel', reply: 'Parcels take three days.' },
  },
})

let inputs: Record<string, string>
beforeAll(async () => {
  await post('/api/v1/workflows', workflow)
  const prompt = await post<{ ref: string }>('/api/v1/prompts/p/versions', { template: SUPPORT_AGENT_PROMPT })
  const metrics = [{ metric: 'JSONValidation', evaluator: 'JSONValidation', version: '2' }]
  const suite = await post<{ ref: string }>('/api/v1/suites', { name: 's', metrics })
  const rows = await request('/api/v1/datasets/rows/versions', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: [transcript('a', 'train'), transcript('b', 'golden')].map((row) => JSON.stringify(row)).join('\n'),
  })
  inputs = {
    rows: ((await rows.json()) as { ref: string }).ref,
    prompt: prompt.body.ref,
    suite: suite.body.ref,
  }
})

const readRun = async (runId: string) => (await get<RunView>(`/api/v1/runs/${runId}`)).body
const statusOf = async (runId: string, stage: string) =>
  (await readRun(runId)).stages.find((one) => one.stage === stage)!.status
const jobOf = async (runId: string, stage: string) =>
  (await jobsAtEndpoint()).find(({ job_id }) => job_id.startsWith(`${runId}.${stage}.`))!

test('a run that fails after its deployment takes route and alias back, in reverse order', async () => {
  const { runId } = (await post<{ runId: string }>('/api/v1/workflows/ships-too-early/runs', { inputs })).body
  await expect.poll(() => statusOf(runId, 'train'), { timeout: 10_000 }).toBe('waiting')
  const job = await jobOf(runId, 'train')
  await upload(job, adapter)
  await callBack(job, succeeded())

  await expect.poll(() => statusOf(runId, 'again'), { timeout: 15_000 }).toBe('waiting')
  const { body: live } = await get<{ routes: { route: string }[] }>('/api/v1/routes')
  expect(live.routes.map(({ route }) => route)).toEqual(['early'])
  expect((await get('/api/v1/artifacts/model/tiny/production')).status).toBe(200)

  const failing = {
    type: 'training.failed',
    error: { code: 'gpu.lost', message: 'no more', retryable: false },
  }
  await callBack(await jobOf(runId, 'again'), failing)
  await expect.poll(async () => (await readRun(runId)).status, { timeout: 10_000 }).toBe('rolled_back')

  expect((await get<{ routes: unknown[] }>('/api/v1/routes')).body.routes).toEqual([])
  expect((await get('/api/v1/artifacts/model/tiny/production')).status).toBe(404)
  const { body } = await get<{ events: { event: { type: string; stage?: string; detail?: string } }[] }>(
    `/api/v1/runs/${runId}/events`,
  )
  expect(body.events.map(({ event }) => event).filter(({ type }) => type === 'stage.compensated')).toEqual([
    expect.objectContaining({ stage: 'deploy', detail: 'the route was taken away' }),
    expect.objectContaining({ stage: 'promote', detail: 'model:tiny@production points at nothing again' }),
  ])
  const moves = await env.LINEAGE.prepare(
    'SELECT action, to_version FROM audit_entries ORDER BY at, fence',
  ).all()
  expect(moves.results.map(({ action }) => action).toSorted()).toEqual([
    'alias.fenced',
    'alias.moved',
    'alias.moved',
    'route.deploy',
    'route.withdraw',
  ])
  for (const target of ['model:tiny@production', 'route:early']) {
    expect((await env.GATE_LOCK.getByName(`default/${target}`).inspect()).holders).toEqual([])
  }
})
