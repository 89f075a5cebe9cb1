import type { D1Migration } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { onlineScores } from '../../workers/gates/online-scores.ts'
import { readSpans } from '../../workers/ingest/spans.ts'
import { evaluation, storeTraces } from './gate-context.ts'
import { env, get } from './support.ts'

const MODEL = `model:m@${'a'.repeat(64)}`
const traceId = '9'.repeat(32)
const at = Date.now() - 1_000
let objectKey: string

const { TEST_MIGRATIONS } = env as unknown as { TEST_MIGRATIONS: D1Migration[] }

function migrate(name: string, only = /./) {
  const { queries } = TEST_MIGRATIONS.find((migration) => migration.name.startsWith(name))!
  return env.LINEAGE.batch(
    queries.filter((query) => only.test(query)).map((query) => env.LINEAGE.prepare(query)),
  )
}

/** Two calls of one trace in one batch, of which the old table took the first; then the table is brought up to date. */
beforeAll(async () => {
  const call = { traceId, route: 'old', routeVersion: 'route:old@x', model: MODEL, cohort: 'vip', at }
  await storeTraces('old', [
    { ...call, spanId: '1'.repeat(16), response: 'the first' },
    { ...call, spanId: '2'.repeat(16), response: 'the second' },
  ])
  objectKey = (await env.LINEAGE.prepare('SELECT object_key FROM traces').first<string>('object_key'))!
  await env.LINEAGE.prepare('DROP TABLE traces').run()
  await migrate('0000', /(TABLE|ON) `traces`/)
  await env.LINEAGE.prepare(
    `INSERT INTO traces VALUES (?, 'default', 'old', 'route:old@x', 't', ?, NULL, 'vip', 'ok', NULL, 12.5, 1, NULL, ?, 77, ?)`,
  )
    .bind(traceId, MODEL, objectKey, at)
    .run()
  await migrate('0005')
})

test('a row from when there was one a trace stays', async () => {
  const { body } = await get<{ traces: unknown[] }>('/api/v1/routes/old/traces')
  expect(body.traces).toMatchObject([
    {
      traceId,
      spanId: traceId,
      cohort: 'vip',
      latencyMs: 12.5,
      epoch: null,
      outcome: null,
      costUsd: null,
      at,
    },
  ])
})

test('its span is found: the first of the trace in its batch', async () => {
  const spans = await readSpans(env, [{ traceId, spanId: traceId, objectKey }])
  expect([...spans.values()]).toMatchObject([{ traceId, response: 'the first' }])
})

test('its scores of before and of now are one call’s', async () => {
  const row = { rowId: traceId, cohort: 'vip', scores: { M: { score: 1, reason: '' } } }
  const of = { target: 'route:old@x', mode: 'online' } as const
  await evaluation('eval_swp_old', { ...of, source: 'sweep:swp_old' }, [row])
  await evaluation('eval_swp_new', { ...of, source: 'sweep:swp_new' }, [
    { ...row, rowId: `${traceId}/${traceId}` },
  ])
  const window = { from: 0, to: Date.now() + 1_000 }
  const online = await onlineScores(env, 'default', 'old', window, () => true)
  expect(online.traces).toMatchObject([{ model: MODEL, at }])
})
