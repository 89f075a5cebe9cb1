import { expect, test } from 'vitest'
import { deployed, hosted } from './deployments.ts'
import { get, post } from './support.ts'

interface Record {
  version: string
  run?: { runId: string }
  model: string
  promptBound: boolean
  targets: { role: string; share: number }[]
  verdicts: { gate: string }[]
}

const ROUTE = 'recorded-canary'
const read = async () => (await get<Record>(`/api/v1/routes/${ROUTE}/record`)).body
const step = (share: number) => post(`/api/v1/routes/${ROUTE}/canary`, { share, reason: 'test' })
const gated = { prompt: 'Say {{word}}', gates: [{ gate: 'rollback-ready' as const }] }

test('the record names the run and the gates, whichever way a canary ends', async () => {
  const first = await deployed(ROUTE, [hosted('rec-a', 'good')], { bindPrompt: true }, gated)
  const second = await deployed(
    ROUTE,
    [hosted('rec-b', 'good')],
    { bindPrompt: true, canary: { share: 0.2 }, timeouts: { totalMs: 30_000 } },
    gated,
  )
  expect(await read()).toMatchObject({ run: { runId: second.runId }, model: second.models[0] })
  await step(0.5)
  expect(await read()).toMatchObject({
    run: { runId: second.runId },
    model: second.models[0],
    promptBound: true,
    verdicts: [{ gate: 'rollback-ready' }],
  })
  await step(0)
  const after = await read()
  expect(after.version).not.toBe(first.version)
  expect(after).toMatchObject({
    run: { runId: first.runId },
    model: first.models[0],
    targets: [{ role: 'live', share: 1 }],
    verdicts: [{ gate: 'rollback-ready' }],
  })
})
