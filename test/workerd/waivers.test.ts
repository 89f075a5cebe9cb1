import { beforeAll, expect, test } from 'vitest'
import { assertWaiversLive } from '../../workers/gates/lapsed-waiver.ts'
import { evaluateGates } from '../../workers/stages/gates.ts'
import { applyGated, rowsOf, runIn, startGated } from './gated-workflow.ts'
import { env, get, makeKey, post, request, type Problem } from './support.ts'

const DAY = 86_400_000
interface Waiver extends Problem {
  waiverId: string
  state: string
  author: string
  expiresAt: number
}
const reason = 'the exporter sends one row until Monday'
let approver: { keyId: string; key: string }
let author: { keyId: string; key: string }

beforeAll(async () => {
  approver = await makeKey(['read', 'approve'])
  author = await makeKey(['read', 'run', 'approve'])
  await applyGated('gated', [
    { gate: 'data-quality', params: { minRows: 2 } },
    { gate: 'freshness', params: { maxAgeDays: 30 } },
  ])
})

const gate = { workflow: 'gated', stage: 'ingest', gate: 'data-quality' }
const grant = (body: Record<string, unknown> = {}, init: { key?: string; headers?: HeadersInit } = {}) =>
  post<Waiver>(
    '/api/v1/waivers',
    { ...gate, reason, ...body },
    { key: init.key ?? approver.key, ...(init.headers ? { headers: init.headers } : {}) },
  )
const revoke = (waiverId: string, key = approver.key) =>
  request(`/api/v1/waivers/${waiverId}?reason=fixed`, { method: 'DELETE', key })
const revokeAll = async () => {
  const { body } = await get<{ waivers: Waiver[] }>('/api/v1/waivers?state=open')
  for (const { waiverId } of body.waivers) expect((await revoke(waiverId)).status).toBe(200)
}

test.for<[string, Record<string, unknown>, { status: number; code: string; field?: string; detail: RegExp }]>(
  [
    [
      'a short reason',
      { reason: 'because' },
      { status: 400, code: 'request.invalid', field: 'reason', detail: /10 characters/ },
    ],
    [
      'an unknown workflow',
      { workflow: 'none' },
      { status: 404, code: 'not.found', detail: /no workflow none/ },
    ],
    [
      'an unknown stage',
      { stage: 'deploy' },
      { status: 422, code: 'waiver.invalid', field: 'stage', detail: /it has ingest/ },
    ],
    [
      'an unknown gate',
      { gate: 'coverage' },
      { status: 422, code: 'waiver.invalid', field: 'gate', detail: /it has data-quality, freshness/ },
    ],
    [
      'an inherited name',
      { stage: 'constructor' },
      { status: 422, code: 'waiver.invalid', field: 'stage', detail: /no stage constructor/ },
    ],
    [
      'more than 14 days',
      { days: 15 },
      { status: 422, code: 'waiver.invalid', field: 'days', detail: /14 days at most/ },
    ],
    [
      'an end in the past',
      { expiresAt: 1 },
      { status: 422, code: 'waiver.invalid', field: 'expiresAt', detail: /in the future/ },
    ],
    [
      'two ends',
      { days: 1, expiresAt: Date.now() + DAY },
      { status: 422, code: 'waiver.invalid', field: 'days', detail: /not both/ },
    ],
    ['an unknown field', { forever: true }, { status: 400, code: 'request.invalid', detail: /forever/ }],
  ],
)('a waiver with %s is refused', async ([, body, { status, detail, ...problem }]) => {
  const answer = await grant(body)
  expect(answer).toMatchObject({ status, body: problem })
  expect(answer.body.detail).toMatch(detail)
})

test('granting takes the scope approve', async () => {
  const { key } = await makeKey(['read', 'run'])
  expect(await grant({}, { key })).toMatchObject({ status: 403, body: { code: 'scope.missing' } })
})

test('an approval is decided in the inbox, not waived', async () => {
  await applyGated('asks', [{ gate: 'approval', params: { question: 'Ship it?' } }])
  const answer = await grant({ workflow: 'asks', gate: 'approval' })
  expect(answer).toMatchObject({ status: 422, body: { code: 'waiver.invalid', field: 'gate' } })
  expect(answer.body.detail).toMatch(/inbox/)
})

test('a run passes a closed gate by the waiver of another person, never by its author’s own', async () => {
  const stopped = await runIn(await startGated('gated', author.key), 'failed')
  expect(stopped.failure).toMatchObject({ code: 'gate.closed' })

  expect((await grant({}, { key: author.key })).status).toBe(201)
  const own = await runIn(await startGated('gated', author.key), 'failed')
  const [ownVerdict] = own.stages[0]!.gates
  expect(ownVerdict).toMatchObject({ verdict: 'failed', blocks: true })
  expect(ownVerdict!.sentence).toMatch(/The waiver of the run’s own author does not count/)

  const { body: waiver } = await grant({ days: 2 })
  const passed = await runIn(await startGated('gated', author.key), 'succeeded')
  const [verdict, other] = passed.stages[0]!.gates
  expect(verdict).toMatchObject({
    verdict: 'waived',
    blocks: false,
    evidence: { waived: { verdict: 'failed', waiverId: waiver.waiverId, author: approver.keyId, reason } },
  })
  expect(verdict!.sentence).toMatch(
    /^Waived by read,approve until .* “the exporter.*”\. The gate found \(failed\): /,
  )
  expect(other).toMatchObject({ verdict: 'passed', blocks: false })
  expect(
    await rowsOf(
      'SELECT waiver_id FROM verdicts WHERE run_id = ? AND gate = ?',
      passed.runId,
      'data-quality',
    ),
  ).toEqual([{ waiver_id: waiver.waiverId }])

  expect((await revoke(waiver.waiverId)).status).toBe(200)
  await runIn(await startGated('gated', author.key), 'failed')
  await revokeAll()
})

test('the first verdict of an attempt stands, whatever is waived or revoked afterwards', async () => {
  const { body: waiver } = await grant()
  const runId = await startGated('gated', author.key)
  await runIn(runId, 'succeeded')
  const of = { runId, stage: 'ingest', attempt: 1 }
  await expect(assertWaiversLive(env, of, Date.now())).resolves.toBeUndefined()
  await revoke(waiver.waiverId)
  await expect(assertWaiversLive(env, of, Date.now())).rejects.toMatchObject({ code: 'waiver.over' })
  const context = (await env.WORKFLOW_RUN.getByName(runId).context('ingest', 1))!
  const again = await evaluateGates(env, context)
  expect(again.map(({ event }) => 'verdict' in event && event.verdict).toSorted()).toEqual([
    'passed',
    'waived',
  ])
  expect(await rowsOf('SELECT 1 FROM verdicts WHERE run_id = ?', runId)).toHaveLength(2)
})

test('an expired waiver does not count', async () => {
  const { body: waiver } = await grant()
  await env.LINEAGE.prepare('UPDATE waivers SET expires_at = ? WHERE waiver_id = ?')
    .bind(Date.now() - 1, waiver.waiverId)
    .run()
  const run = await runIn(await startGated('gated', author.key), 'failed')
  expect(run.stages[0]!.gates[0]).toMatchObject({ verdict: 'failed' })
  expect(await revoke(waiver.waiverId).then((answer) => answer.json())).toMatchObject({ code: 'waiver.over' })
})

test('waivers are listed by workflow and state, and each write is one audit entry', async () => {
  const headers = { 'idempotency-key': 'audited' }
  const { body: waiver } = await grant({ gate: 'freshness' }, { headers })
  const { body: same } = await grant({ gate: 'freshness' }, { headers })
  expect(same.waiverId).toBe(waiver.waiverId)
  expect(await grant({ gate: 'data-quality' }, { headers })).toMatchObject({
    status: 422,
    body: { code: 'key.reused' },
  })
  expect(waiver).toMatchObject({ state: 'open', author: approver.keyId })
  expect(waiver.expiresAt).toBeGreaterThan(Date.now() + 6.9 * DAY)

  const listed = async (query: string) =>
    (await get<{ waivers: Waiver[] }>(`/api/v1/waivers?${query}`)).body.waivers.map(
      ({ waiverId }) => waiverId,
    )
  expect(await listed('workflow=gated&state=open')).toEqual([waiver.waiverId])
  expect(await listed('workflow=asks')).toEqual([])
  expect((await revoke(waiver.waiverId)).status).toBe(200)
  expect(await listed('workflow=gated&state=open')).toEqual([])
  expect(await listed('workflow=gated&state=revoked')).toContain(waiver.waiverId)
  expect(await revoke(waiver.waiverId).then((answer) => answer.status)).toBe(409)

  const audit = await rowsOf(
    "SELECT action, target, actor, reason FROM audit_entries WHERE audit_id LIKE 'waiver/' || ? || '%' ORDER BY at, action",
    waiver.waiverId,
  )
  expect(audit).toMatchObject([
    { action: 'waiver.granted', target: 'gated/ingest/freshness', actor: approver.keyId },
    { action: 'waiver.revoked', target: 'gated/ingest/freshness', actor: approver.keyId, reason: 'fixed' },
  ])
  expect(audit[0]!.reason).toContain(reason)
})

test('another project neither sees nor revokes nor grants them', async () => {
  const { body: waiver } = await grant()
  const { key } = await makeKey(['read', 'approve'], 'other')
  expect((await get<{ waivers: Waiver[] }>('/api/v1/waivers', { key })).body.waivers).toEqual([])
  expect((await revoke(waiver.waiverId, key)).status).toBe(404)
  expect(await grant({}, { key })).toMatchObject({ status: 404, body: { code: 'not.found' } })
  await revokeAll()
})
