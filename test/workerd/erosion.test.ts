import { beforeAll, expect, test } from 'vitest'
import type { ErosionReport } from '../../domain/erosion/report.ts'
import { applyGated, runIn, startGated } from './gated-workflow.ts'
import { get, makeKey, post } from './support.ts'

const quality = { gate: 'data-quality', params: { minRows: 2 } }
const fresh = { gate: 'freshness', params: { maxAgeDays: 7 } }
const report = async (workflow = 'eroding', key?: string) =>
  get<ErosionReport>(`/api/v1/workflows/${workflow}/erosion`, key ? { key } : {})

let runner: { keyId: string; key: string }
beforeAll(async () => {
  runner = await makeKey(['read', 'run'])
  await applyGated('eroding', [quality, fresh], runner.key)
})

test('a workflow that has just been applied has nothing to report', async () => {
  const { status, body } = await report()
  expect(status).toBe(200)
  expect(body.waivers).toMatchObject({ open: [], ended: [] })
  expect(body.weakened.changes).toEqual([])
  expect(body.idle.gates).toEqual([])
  expect(body.trend.weeks).toHaveLength(8)
  expect(body.trend.weeks.every(({ rate }) => rate === null)).toBe(true)
})

test('a waiver, what passed by it, and the waiver rate are in the report', async () => {
  await runIn(await startGated('eroding', runner.key), 'failed')
  const approver = await makeKey(['approve'])
  const reason = 'the exporter sends one row until Monday'
  const waiver = { workflow: 'eroding', stage: 'ingest', gate: 'data-quality', reason }
  await post('/api/v1/waivers', waiver, { key: approver.key })
  await runIn(await startGated('eroding', runner.key), 'succeeded')
  const { body } = await report()
  expect(body.waivers.open).toMatchObject([
    { gate: 'data-quality', reason, used: 1, author: approver.keyId, authorName: 'approve' },
  ])
  expect(body.waivers.sentence).toBe(
    'Waived now: data-quality of ingest. 0 waivers ended before; 1 verdict passed by a waiver.',
  )
  expect(body.trend.weeks.at(-1)).toMatchObject({ verdicts: 4, waived: 1, rate: 0.25 })
  expect(body.idle.gates).toEqual([])
})

test('gates that were loosened and removed are named with who and when', async () => {
  const before = Date.now()
  await applyGated('eroding', [{ gate: 'data-quality', params: { minRows: 1 } }], runner.key)
  const { body } = await report()
  expect(body.weakened.changes).toMatchObject([
    { what: 'loosened', gate: 'data-quality', from: 2, to: 1, stands: true },
    { what: 'removed', gate: 'freshness', author: runner.keyId, authorName: 'read,run', stands: true },
  ])
  expect(body.weakened.changes[0]!.at).toBeGreaterThanOrEqual(before)
})

test('a gate that no run came to since it is there is named', async () => {
  await applyGated('unreached', [quality, { gate: 'approval', params: { question: 'Ship it?' } }], runner.key)
  await runIn(await startGated('unreached', runner.key), 'failed')
  // The projection that reports read follows the run's object.
  const idle = async () => (await report('unreached')).body.idle.gates
  await expect.poll(idle).toMatchObject([{ stage: 'ingest', gate: 'approval', runs: 1, lastRanAt: null }])
  const [gate] = await idle()
  expect(gate!.sentence).toMatch(/has not run in the last run; never since it is there/)
})

test('another project’s workflow is unknown', async () => {
  const { key } = await makeKey(['read'], 'other')
  expect((await report('eroding', key)).status).toBe(404)
  expect((await report('none')).status).toBe(404)
})
