import { expect, test } from 'vitest'
import type { RowScores } from '../../domain/evaluation/score.ts'
import type { Json } from '../../domain/json.ts'
import { scoreShards } from '../../workers/evaluation/paired-rows.ts'
import { onlineScores } from '../../workers/gates/online-scores.ts'
import { lineage } from '../../workers/lineage/db.ts'
import { monitors } from '../../workers/lineage/schema.ts'
import { evaluationOfSweep } from '../../workers/monitoring/sweep.ts'
import { evaluation, storeTraces } from './gate-context.ts'
import { suite } from './evaluation-fixture.ts'
import { activateRoute, env, get, post, request } from './support.ts'

const MODEL = `model:m@${'a'.repeat(64)}`

interface Call {
  traceId: string
  spanId: string
  at: number
}

async function callsOf(route: string, query = ''): Promise<{ total: number; traces: Call[]; next: number }> {
  return (
    await get<{ total: number; traces: Call[]; next: number }>(`/api/v1/routes/${route}/traces${query}`)
  ).body
}

async function monitor(route: string, sample = 50): Promise<void> {
  const evaluationId = `eval_of_${route}`
  await evaluation(evaluationId, {
    target: MODEL,
    source: 'dataset:g',
    mode: 'offline',
    suite: suite as unknown as Json,
  })
  await lineage(env.LINEAGE)
    .insert(monitors)
    .values({
      projectId: 'default',
      route,
      policy: { sample, cohortFloor: 1, margins: {}, alpha: 0.05 },
      baselineEvaluationId: evaluationId,
      runId: 'run_1',
      updatedAt: 1,
    })
}

/** Sweeps a route; answers with the sample and its scores. */
async function sweep(route: string): Promise<{ sample: Call[]; rows: RowScores[] }> {
  const { body } = await post<{ sweepId: string }>(`/api/v1/routes/${route}/sweeps`, { seed: 's' })
  const read = async () =>
    (await get<{ status: string; sample: Call[] }>(`/api/v1/sweeps/${body.sweepId}`)).body
  await expect.poll(async () => (await read()).status, { timeout: 15_000 }).toBe('finished')
  const rows: RowScores[] = []
  for await (const shard of scoreShards(env, 'default', evaluationOfSweep(body.sweepId))) rows.push(...shard)
  return { sample: (await read()).sample, rows }
}

test('calls of one trace are listed, sampled and scored each for itself', async () => {
  await activateRoute('agent', ['good.test'])
  await monitor('agent')
  const traceId = 'c'.repeat(32)
  const ask = async (content: string) => {
    const response = await request('/v1/chat/completions', {
      method: 'POST',
      headers: { traceparent: `00-${traceId}-${'d'.repeat(16)}-01` },
      body: JSON.stringify({ model: 'agent', messages: [{ role: 'user', content }] }),
    })
    await response.text()
    return response.headers.get('traceparent')!.split('-')[2]!
  }
  const spanIds = [await ask('Where is it?'), await ask('And the other one?')].toSorted()
  await expect.poll(async () => (await callsOf('agent')).total, { timeout: 10_000 }).toBe(2)
  const { traces } = await callsOf('agent', `?traceId=${traceId}`)
  expect(traces.map(({ spanId }) => spanId).toSorted()).toEqual(spanIds)
  expect(traces[0]).toMatchObject({
    epoch: expect.any(Number),
    arm: 'stable',
    outcome: 'answered',
    attempts: 1,
    ttftMs: null,
    costUsd: null,
    inputTokens: 10,
  })
  expect((await callsOf('agent', `?traceId=${'e'.repeat(32)}`)).total).toBe(0)

  const { sample, rows } = await sweep('agent')
  expect(sample.map(({ spanId }) => spanId).toSorted()).toEqual(spanIds)
  expect(rows.map(({ rowId }) => rowId).toSorted()).toEqual(spanIds.map((id) => `${traceId}/${id}`))
  expect(new Set(rows.map(({ conversation }) => conversation))).toEqual(new Set([traceId]))
  for (const { scores } of rows) expect(scores.JSONValidation).toHaveProperty('score')
  const window = { from: 0, to: Date.now() + 1_000 }
  const online = await onlineScores(env, 'default', 'agent', window, () => true)
  expect(online.traces).toHaveLength(2)
})

test('a message that is delivered again, in whatever batch, leaves one row', async () => {
  const call = (spanId: string) => ({
    traceId: 'f'.repeat(32),
    spanId,
    route: 'again',
    routeVersion: 'route:again@x',
    model: MODEL,
    cohort: 'none',
  })
  const [one, other] = [call('1'.repeat(16)), call('2'.repeat(16))]
  await storeTraces('again-1', [one, other])
  await storeTraces('again-1', [one, other])
  await storeTraces('again-2', [other, one, one])
  expect((await callsOf('again')).total).toBe(2)
})

test('no call is lost between two pages, though many have the same time', async () => {
  const at = Date.now() - 1_000
  await storeTraces(
    'pages',
    Array.from({ length: 9 }, (_, index) => ({
      traceId: 'a'.repeat(32),
      spanId: String(index).padStart(16, '0'),
      route: 'paged',
      routeVersion: 'route:paged@x',
      model: MODEL,
      cohort: 'none',
      at: at + Math.floor(index / 3),
    })),
  )
  const first = await callsOf('paged', '?limit=4')
  const second = await callsOf('paged', `?limit=4&before=${first.next}`)
  expect([first.traces.length, second.traces.length, second.next]).toEqual([6, 3, null])
  expect(new Set([...first.traces, ...second.traces].map(({ spanId }) => spanId)).size).toBe(9)
})
