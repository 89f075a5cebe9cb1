import { beforeAll, expect, test } from 'vitest'
import type { RunView } from '../../workers/api/run-view.ts'
import { get, ingestRows, makeKey, post, type Problem } from './support.ts'

/** A stage that waits for an endpoint which never calls back: a run of it stays. */
const train = {
  kind: 'train',
  owner: 'ml',
  inputs: { dataset: 'inputs.dataset' },
  with: { endpoint: 'test-gpu', model: 'tiny', baseModel: 'none' },
}
const workflow = (timeoutSeconds: number) => ({
  name: 'waits',
  inputs: { dataset: { kind: 'dataset' } },
  stages: { train: { ...train, timeoutSeconds } },
})

let inputs: { dataset: string }
beforeAll(async () => {
  inputs = { dataset: await ingestRows('rows', [{ id: 'a', data: { split: 'train' } }]) }
  await post('/api/v1/workflows', workflow(600))
})

interface Started extends Problem {
  runId: string
  workflow: string
  workflowVersion: string
}
const start = (body: Record<string, unknown>, init: { key?: string; idempotent?: string } = {}) =>
  post<Started>('/api/v1/workflows/waits/runs', body, {
    ...(init.key === undefined ? {} : { key: init.key }),
    headers: init.idempotent === undefined ? {} : { 'idempotency-key': init.idempotent },
  })

test('what is wrong with the inputs is said by field', async () => {
  expect(await start({})).toMatchObject({
    status: 422,
    body: { code: 'run.inputs', field: 'inputs.dataset' },
  })
  const extra = await start({ inputs: { ...inputs, golden: inputs.dataset } })
  expect(extra).toMatchObject({ status: 422, body: { code: 'run.inputs', field: 'inputs.golden' } })
  const model = await start({ inputs: { dataset: `model:m@${'a'.repeat(64)}` } })
  expect(model).toMatchObject({ status: 422, body: { code: 'run.inputs', field: 'inputs.dataset' } })
  const alias = await start({ inputs: { dataset: 'dataset:rows@golden' } })
  expect(alias).toMatchObject({
    status: 404,
    body: {
      detail:
        'The alias dataset:rows@golden points nowhere; name a version: GET /api/v1/artifacts/dataset/rows lists them',
    },
  })
  const shape = await start({ inputs: { dataset: 'rows' } })
  expect(shape).toMatchObject({ status: 422, body: { code: 'run.inputs', field: 'inputs.dataset' } })
  const field = await start({ input: inputs })
  expect(field).toMatchObject({ status: 400, body: { code: 'request.invalid' } })
})

test('an unknown workflow, version or run is not found', async () => {
  expect((await post('/api/v1/workflows/nothing/runs', { inputs })).status).toBe(404)
  expect((await start({ inputs, version: 'f'.repeat(64) })).status).toBe(404)
  for (const path of ['', '/events']) expect((await get(`/api/v1/runs/run_unknown${path}`)).status).toBe(404)
  expect((await post('/api/v1/runs/run_unknown/cancel', { reason: 'x' })).status).toBe(404)
  expect((await post('/api/v1/runs/run_unknown/reproduce', {})).status).toBe(404)
})

test('a run of another project is as unknown as one that never was, and so are its inputs', async () => {
  const { body } = await start({ inputs })
  const { key } = await makeKey(['read', 'run'], 'elsewhere')
  for (const path of ['', '/events']) {
    const answer = await get<Problem>(`/api/v1/runs/${body.runId}${path}`, { key })
    expect(answer).toMatchObject({ status: 404, body: { detail: `There is no run ${body.runId}` } })
  }
  expect((await post(`/api/v1/runs/${body.runId}/cancel`, { reason: 'x' }, { key })).status).toBe(404)
  expect((await get<{ runs: unknown[] }>('/api/v1/runs', { key })).body.runs).toEqual([])
  expect((await get<RunView>(`/api/v1/runs/${body.runId}`)).body.status).not.toBe('cancelled')

  expect((await start({ inputs }, { key })).status).toBe(404)
  await post('/api/v1/workflows', workflow(600), { key })
  const foreign = await start({ inputs }, { key })
  expect(foreign).toMatchObject({ status: 404, body: { detail: `There is no artifact ${inputs.dataset}` } })
})

test('one idempotency key is one run, sent at once or again, also after the workflow has changed', async () => {
  const at = { idempotent: 'nightly-2026-11-24' }
  const together = await Promise.all([start({ inputs }, at), start({ inputs }, at), start({ inputs }, at)])
  expect(together.map(({ status }) => status)).toEqual([201, 201, 201])
  const [first] = together
  await post('/api/v1/workflows', workflow(601))
  const again = await start({ inputs }, at)
  expect(new Set([...together, again].map(({ body }) => JSON.stringify(body))).size).toBe(1)
  expect((await get<RunView>(`/api/v1/runs/${first!.body.runId}`)).body.workflowVersion).toBe(
    again.body.workflowVersion,
  )
  expect((await start({ inputs }, { idempotent: 'nightly-2026-11-25' })).body.runId).not.toBe(
    again.body.runId,
  )
  const { key } = await makeKey(['run', 'ingest'], 'elsewhere')
  expect((await start({ inputs }, { ...at, key })).body.runId).not.toBe(again.body.runId)
})

test('runs are listed newest first, a page at a time, each once', async () => {
  for (let index = 0; index < 3; index++) await start({ inputs })
  const all = (await get<{ runs: { runId: string; createdAt: number }[] }>('/api/v1/runs')).body.runs
  expect(all.map(({ createdAt }) => createdAt)).toEqual(
    all.map(({ createdAt }) => createdAt).toSorted((a, b) => b - a),
  )
  const ids: string[] = []
  for (let before = ''; ;) {
    const { body } = await get<{ runs: { runId: string }[]; next: number | null }>(
      `/api/v1/runs?limit=2${before}`,
    )
    ids.push(...body.runs.map(({ runId }) => runId))
    if (body.next === null) break
    before = `&before=${body.next}`
  }
  expect(ids).toEqual(all.map(({ runId }) => runId))
})
