import { expect, test, vi } from 'vitest'
import { runCron } from '../../workers/cron.ts'
import { moveAlias } from '../../workers/registry/aliases.ts'
import { fireTriggers } from '../../workers/triggers/fire.ts'
import { env, get, ingestRows, makeKey, post, request, type Problem } from './support.ts'

interface Firing {
  event: string
  runId: string | null
  refusal: string | null
}
interface TriggerView {
  trigger: string
  on: string
  subject: string
  nextDueAt: number | null
  since: number
  firings: Firing[]
}

/** A stage that waits for a signal which nobody sends: a run of it stays. */
const stages = {
  ingest: {
    kind: 'ingest',
    owner: 'data',
    inputs: { transcripts: 'inputs.rows' },
    with: { name: 'raw' },
    waitFor: ['go'],
  },
}
const inputs = { rows: { kind: 'dataset' }, note: { kind: 'value', default: '' } }
const minute = (now = Date.now()) => runCron(env, '* * * * *', now)
const rowsOf = (id: string) => [{ id, data: { text: id } }]

async function apply(name: string, triggers: unknown[], init: { key?: string } = {}, change = {}) {
  const definition = { name, inputs, stages, triggers, ...change }
  return post<Problem & { version: string }>('/api/v1/workflows', definition, init)
}

async function triggersOf(workflow: string, init: { key?: string } = {}): Promise<TriggerView[]> {
  return (await get<{ triggers: TriggerView[] }>(`/api/v1/workflows/${workflow}/triggers`, init)).body
    .triggers
}

/** Firings of a workflow's only trigger, the oldest first. */
async function firingsOf(workflow: string, init: { key?: string } = {}): Promise<Firing[]> {
  const [trigger] = await triggersOf(workflow, init)
  return trigger!.firings.toReversed()
}

const firedOnce = (workflow: string) =>
  vi.waitFor(async () => {
    const firings = await firingsOf(workflow)
    expect(firings).toHaveLength(1)
    return firings[0]!
  })

async function runRow(runId: string | null) {
  const row = await env.LINEAGE.prepare('SELECT * FROM runs WHERE run_id = ?').bind(runId).first()
  return { ...row!, inputs: JSON.parse(row!.inputs as string), cause: JSON.parse(row!.cause as string) }
}

/** As if the cron had not come since then. */
const missedSince = (workflow: string, dueAt: number) =>
  env.LINEAGE.prepare('UPDATE triggers SET next_due_at = ? WHERE workflow = ?').bind(dueAt, workflow).run()

test('a trigger that cannot be is refused when the workflow is applied', async () => {
  const cron = (fields: object) => apply('refused', [{ name: 'nightly', on: 'cron', ...fields }])
  expect(await cron({ cron: '0 25 * * *' })).toMatchObject({
    status: 422,
    body: { code: 'workflow.invalid', detail: 'triggers.0.cron: Invalid value for hour: 25' },
  })
  expect((await cron({ cron: '0 2 * * *', timeZone: 'Mars/Olympus' })).body.detail).toMatch(
    /^triggers\.0\.timeZone: must be a name of the IANA/,
  )
  expect((await get('/api/v1/workflows/refused/triggers')).status).toBe(404)
})

test('the triggers of the newest version are in force, and one that is unchanged keeps its place in time', async () => {
  const nightly = { name: 'nightly', on: 'cron', cron: '30 2 * * *', timeZone: 'Europe/Berlin' }
  const onData = { name: 'on-data', on: 'dataset', dataset: 'installs', input: 'rows' }
  await apply('installs', [nightly, onData])
  const before = await triggersOf('installs')
  expect(before.map(({ trigger, on, subject }) => [trigger, on, subject])).toEqual([
    ['nightly', 'cron', '30 2 * * *'],
    ['on-data', 'dataset', 'installs'],
  ])
  expect(before[0]!.nextDueAt).toBeGreaterThan(Date.now())
  expect(before[1]!.nextDueAt).toBe(null)

  await missedSince('installs', 1)
  await apply('installs', [{ ...nightly, inputs: { note: 'by night' } }])
  const [kept, ...others] = await triggersOf('installs')
  expect(others).toEqual([])
  expect(kept).toMatchObject({ nextDueAt: 1, since: before[0]!.since })

  await apply('installs', [{ ...nightly, timeZone: 'UTC' }])
  expect((await triggersOf('installs'))[0]!.nextDueAt).toBeGreaterThan(Date.now())
  await apply('installs', [])
  expect(await triggersOf('installs')).toEqual([])
})

test('a new dataset version starts one run with it; the same content again starts none', async () => {
  await ingestRows('arrivals', rowsOf('before the trigger'))
  const { body } = await apply('on-data', [
    { name: 'arrived', on: 'dataset', dataset: 'arrivals', input: 'rows', inputs: { note: 'new rows' } },
  ])
  await ingestRows('arrivals', rowsOf('before the trigger'))
  const ref = await ingestRows('arrivals', rowsOf('a'))
  const { event, runId } = await firedOnce('on-data')
  expect(event).toBe(ref)
  expect(await runRow(runId)).toMatchObject({
    author: 'trigger:arrived',
    workflow_version: body.version,
    inputs: { 'inputs.rows': ref },
    cause: { by: 'trigger', trigger: 'arrived', event: ref },
  })
  await ingestRows('arrivals', rowsOf('a'))
  await Promise.all([minute(), minute()])
  expect(await firingsOf('on-data')).toHaveLength(1)
})

test('what was not fired when it happened is fired within a minute, once', async () => {
  await apply('recovers', [{ name: 'arrived', on: 'dataset', dataset: 'lost', input: 'rows' }])
  const version = 'd'.repeat(64)
  await env.LINEAGE.prepare(
    `INSERT INTO artifacts (project_id, kind, name, version, manifest, code_sha, created_by, created_at)
     VALUES ('default', 'dataset', 'lost', ?, '{}', 'x', 'x', ?)`,
  )
    .bind(version, Date.now())
    .run()
  await minute()
  await minute()
  expect(await firingsOf('recovers')).toMatchObject([{ event: `dataset:lost@${version}`, refusal: null }])
})

test('each move of an alias to a version starts a run with what it points at', async () => {
  const [a, b] = [await ingestRows('moved', rowsOf('a')), await ingestRows('moved', rowsOf('b'))]
  await apply('on-alias', [{ name: 'moved', on: 'alias', alias: 'dataset:moved@golden', input: 'rows' }])
  const versions = [null, a, b, a, null].map((ref) => ref?.split('@')[1] ?? null)
  for (const [step, to] of versions.slice(1).entries()) {
    const at = { fence: step + 1, actor: 'x', runId: null, reason: 'test', at: Date.now() + step }
    const move = { project: 'default', alias: 'dataset:moved@golden', from: versions[step]!, to, ...at }
    await moveAlias(env.LINEAGE, move)
    await fireTriggers(env, { kind: 'alias', project: 'default', subject: 'dataset:moved@golden' })
  }
  await minute()
  const firings = await firingsOf('on-alias')
  const started = await Promise.all(firings.map(({ runId }) => runRow(runId)))
  expect(started.map((run) => run.inputs['inputs.rows']).toSorted()).toEqual([a, a, b].toSorted())
})

test('a sweep that flags cohorts of a route starts one run', async () => {
  const ref = await ingestRows('golden', rowsOf('a'))
  await apply('retrain', [{ name: 'flagged', on: 'incident', route: 'support', inputs: { rows: ref } }])
  const incident = (id: string, sweep: string, kind = 'cohort') =>
    env.LINEAGE.prepare(
      `INSERT INTO incidents (incident_id, project_id, route, route_version, cohort, sweep_id, kind, state, sentence, evidence, opened_at)
       VALUES (?, 'default', 'support', 'v', 'billing', ?, ?, 'open', 'low', '[]', ?)`,
    )
      .bind(id, sweep, kind, Date.now())
      .run()
  await incident('inc_1', 'swp_1')
  await incident('inc_2', 'swp_1')
  await incident('inc_3', 'swp_2', 'waiver')
  await minute()
  await minute()
  const firings = await firingsOf('retrain')
  expect(firings.map(({ event }) => event)).toEqual(['swp_1'])
  expect(await runRow(firings[0]!.runId)).toMatchObject({ inputs: { 'inputs.rows': ref } })
})

test('a refusal is recorded with its reason, and does not stop other triggers', async () => {
  const trigger = { name: 'arrived', on: 'dataset', dataset: 'refusing', input: 'rows' }
  await apply('a-refused', [trigger], {}, { inputs: { ...inputs, prompt: { kind: 'prompt' } }, stages })
  await apply('b-started', [trigger])
  await ingestRows('refusing', rowsOf('a'))
  expect(await firedOnce('a-refused')).toMatchObject({
    runId: null,
    refusal: 'The input prompt has no value and no default',
  })
  expect(await firedOnce('b-started')).toMatchObject({ runId: expect.any(String), refusal: null })
  await minute()
  expect(await firingsOf('a-refused')).toHaveLength(1)
})

test('a project hears nothing of what happens in another', async () => {
  const { key } = await makeKey(['run', 'read', 'ingest'], 'elsewhere')
  const trigger = { name: 'arrived', on: 'dataset', dataset: 'private', input: 'rows' }
  await apply('listens', [trigger])
  await apply('listens', [trigger], { key })
  await request('/api/v1/datasets/private/versions', {
    method: 'POST',
    key,
    headers: { 'content-type': 'application/x-ndjson' },
    body: JSON.stringify(rowsOf('a')[0]),
  })
  await minute()
  expect(await firingsOf('listens', { key })).toMatchObject([{ refusal: null }])
  expect(await firingsOf('listens')).toEqual([])
})

test('the end of a run starts the workflows that listen to that end, once', async () => {
  const ref = await ingestRows('chained', rowsOf('a'))
  const end = { kind: 'run', project: 'default', workflow: 'upstream', runId: 'run_upstream1' } as const
  await apply('downstream', [{ name: 'after', on: 'run', workflow: 'upstream', inputs: { rows: ref } }])
  await fireTriggers(env, { ...end, status: 'failed' })
  await fireTriggers(env, { ...end, status: 'succeeded', project: 'elsewhere' })
  expect(await firingsOf('downstream')).toEqual([])
  await Promise.all([1, 2].map(() => fireTriggers(env, { ...end, status: 'succeeded' })))
  await fireTriggers(env, { ...end, status: 'succeeded' })
  const [fired, ...others] = await firingsOf('downstream')
  expect(others).toEqual([])
  expect(await runRow(fired!.runId)).toMatchObject({ cause: { by: 'trigger', event: 'run_upstream1' } })
})

test('workflows that trigger each other in a circle come to rest', async () => {
  const ref = await ingestRows('circle', rowsOf('a'))
  await apply('ping', [{ name: 'after', on: 'run', workflow: 'pong', inputs: { rows: ref } }])
  await apply('pong', [{ name: 'after', on: 'run', workflow: 'ping', inputs: { rows: ref } }])
  const first = await post<{ runId: string }>('/api/v1/workflows/ping/runs', { inputs: { rows: ref } })
  let runId: string | null = first.body.runId
  let runs = 0
  let refusal: string | null = null
  for (; runId && runs < 20; runs++) {
    const [workflow, next] = runs % 2 === 0 ? ['ping', 'pong'] : ['pong', 'ping']
    await fireTriggers(env, {
      kind: 'run',
      project: 'default',
      workflow: workflow!,
      runId,
      status: 'succeeded',
    })
    const fired: Firing = (await firingsOf(next!)).find(({ event }) => event === runId)!
    ;({ runId, refusal } = fired)
  }
  expect(runs).toBe(11)
  expect(refusal).toMatch(/^The run run_\w+ is at the end of a chain of more than 10 runs/)
})

test('a cron trigger starts a run when it is due, and catches up as it says', async () => {
  const ref = await ingestRows('timed', rowsOf('a'))
  const hourly = { on: 'cron', cron: '0 * * * *', inputs: { rows: ref } }
  const policies = ['skip', 'latest', 'all'] as const
  for (const catchUp of policies) await apply(catchUp, [{ name: catchUp, catchUp, ...hourly }])
  const noon = Date.parse('2026-11-26T12:00:00Z')
  const HOUR = 3_600_000
  const events = async () =>
    Object.fromEntries(
      await Promise.all(
        policies.map(async (policy) => [
          policy,
          (await firingsOf(policy)).map(({ event }) => event.slice(11, 16)).toSorted(),
        ]),
      ),
    )
  for (const policy of policies) await missedSince(policy, noon - 3 * HOUR)
  await minute(noon - 4 * HOUR)
  expect(await events()).toEqual({ skip: [], latest: [], all: [] })
  await Promise.all([minute(noon + HOUR / 2), minute(noon + HOUR / 2)])
  const caughtUp = { skip: [], latest: ['12:00'], all: ['09:00', '10:00', '11:00', '12:00'] }
  expect(await events()).toEqual(caughtUp)
  await minute(noon + HOUR / 2 + 60_000)
  expect(await events()).toEqual(caughtUp)
  await minute(noon + HOUR + 10_000)
  expect(await events()).toEqual({
    skip: ['13:00'],
    latest: ['12:00', '13:00'],
    all: [...caughtUp.all, '13:00'],
  })
  const [fired] = await firingsOf('skip')
  expect(fired!.event).toBe('2026-11-26T13:00:00.000Z')
  expect(await runRow(fired!.runId)).toMatchObject({ author: 'trigger:skip', inputs: { 'inputs.rows': ref } })
})
