import { beforeAll, expect, test } from 'vitest'
import { runCron } from '../../workers/cron.ts'
import { env, get, ingestRows, makeKey, post, type Problem } from './support.ts'

interface BackfillView extends Problem {
  backfillId: string
  workflow: string
  counts: Record<string, number>
  runs: { ref: string; runId: string; status: string }[]
}

/** A stage that waits for a signal which nobody sends: a run of it stays. */
const workflow = (name: string, extra = {}) => ({
  name,
  inputs: { rows: { kind: 'dataset' }, note: { kind: 'value', default: '' }, ...extra },
  stages: {
    ingest: {
      kind: 'ingest',
      owner: 'data',
      inputs: { transcripts: 'inputs.rows' },
      with: { name: 'raw' },
      waitFor: ['go'],
    },
  },
})
const DAY = 86_400_000
const START = Date.parse('2026-01-01T00:00:00Z')
const version = (day: number) => day.toString(16).padStart(64, '0')
const ref = (name: string, day: number) => `dataset:${name}@${version(day)}`

/** A dataset version a day, as if they had been ingested then. */
async function ingestedDaily(name: string, days: number): Promise<void> {
  const insert = env.LINEAGE.prepare(
    `INSERT INTO artifacts (project_id, kind, name, version, manifest, code_sha, created_by, created_at)
     VALUES ('default', 'dataset', ?, ?, '{}', 'x', 'x', ?)`,
  )
  await env.LINEAGE.batch(
    // The newest first: the order of the rows is not the order of time.
    Array.from({ length: days }, (_, day) => insert.bind(name, version(day), START + day * DAY)).toReversed(),
  )
}

const backfill = (body: Record<string, unknown>, headers: Record<string, string> = {}, of = 'filled') =>
  post<BackfillView>(`/api/v1/workflows/${of}/backfills`, body, { headers })

async function runRow(runId: string) {
  const row = await env.LINEAGE.prepare('SELECT * FROM runs WHERE run_id = ?').bind(runId).first()
  return { ...row!, inputs: JSON.parse(row!.inputs as string), cause: JSON.parse(row!.cause as string) }
}

beforeAll(async () => {
  await post('/api/v1/workflows', workflow('filled'))
  await ingestedDaily('daily', 10)
})

test('a backfill starts a run for each version in a span, the oldest first, behind all other runs', async () => {
  const { status, body } = await backfill({
    input: 'rows',
    name: 'daily',
    from: '2026-01-03',
    to: START + 6 * DAY,
    inputs: { note: 'again' },
  })
  expect(status).toBe(201)
  expect(body.runs.map((run) => run.ref)).toEqual([2, 3, 4, 5].map((day) => ref('daily', day)))
  expect(body.runs.map((run) => run.status)).not.toContain('pending')
  for (const { ref, runId } of body.runs) {
    expect(await runRow(runId)).toMatchObject({
      author: 'key_bootstrap',
      priority: -10,
      inputs: { 'inputs.rows': ref },
      cause: { by: 'backfill', backfillId: body.backfillId },
    })
    expect((await env.WORKFLOW_RUN.getByName(runId).run())!.values).toEqual({ note: 'again' })
  }
  const read = await get<BackfillView>(`/api/v1/backfills/${body.backfillId}`)
  expect(read.body.runs).toHaveLength(4)
  expect(Object.values(read.body.counts)).toEqual([4])
})

test('one idempotency key is one backfill; without one, each is another', async () => {
  const body = { input: 'rows', versions: [ref('daily', 1), ref('daily', 0), ref('daily', 1)] }
  const key = { 'idempotency-key': 'q1' }
  const together = await Promise.all([backfill(body, key), backfill(body, key)])
  const again = await backfill({ ...body, versions: [ref('daily', 5)] }, key)
  const ids = new Set([...together, again].map(({ body }) => body.backfillId))
  expect(ids.size).toBe(1)
  expect(again.body.runs.map((run) => run.ref)).toEqual([ref('daily', 0), ref('daily', 1)])
  expect(new Set([...ids, (await backfill(body)).body.backfillId]).size).toBe(2)
  const started = await env.LINEAGE.prepare(
    "SELECT count(*) AS n FROM runs WHERE json_extract(cause, '$.backfillId') = ?",
  )
    .bind([...ids][0]!)
    .first<{ n: number }>()
  expect(started!.n).toBe(2)
})

test('what a request does not start is started over the next minutes, with the same inputs', async () => {
  await ingestedDaily('many', 120)
  await post('/api/v1/workflows', workflow('many', { golden: { kind: 'dataset' } }))
  const [first, second] = [
    await ingestRows('golden', [{ id: 'a', data: {} }]),
    await ingestRows('golden', [{ id: 'b', data: {} }]),
  ]
  const point = (to: string) =>
    env.LINEAGE.prepare(
      `INSERT OR REPLACE INTO aliases (project_id, kind, name, alias, version, fence, moved_at)
       VALUES ('default', 'dataset', 'golden', 'golden', ?, 1, 1)`,
    )
      .bind(to.split('@')[1]!)
      .run()
  await point(first)
  const { body } = await backfill(
    { input: 'rows', name: 'many', from: START, inputs: { golden: 'dataset:golden@golden' } },
    {},
    'many',
  )
  expect(body.runs).toHaveLength(120)
  expect(body.counts.pending).toBeGreaterThan(0)
  await point(second)
  for (let tick = 0; tick < 2; tick++) await runCron(env, '* * * * *', Date.now())
  const { counts, runs } = (await get<BackfillView>(`/api/v1/backfills/${body.backfillId}`)).body
  expect(counts.pending).toBe(undefined)
  expect((await runRow(runs.at(-1)!.runId)).inputs).toMatchObject({ 'inputs.golden': first })
})

test.for<[Record<string, unknown>, RegExp]>([
  [
    { input: 'prompt', versions: [ref('daily', 0)] },
    /^input: the workflow filled has no input prompt; its artifacts are: rows$/,
  ],
  [
    { input: 'note', versions: [ref('daily', 0)] },
    /^input: the input note is a plain value, which has no versions$/,
  ],
  [{ input: 'rows' }, /^versions: give the versions, or the span/],
  [{ input: 'rows', versions: [] }, /^versions: at least one version is needed$/],
  [
    { input: 'rows', versions: [ref('daily', 0)], from: START },
    /^versions: give either versions, or from and to/,
  ],
  [
    { input: 'rows', versions: [ref('daily', 0), 'dataset:daily@golden'] },
    /^versions\.1: dataset:daily@golden is an alias/,
  ],
  [{ input: 'rows', versions: [`model:m@${version(1)}`] }, /^versions\.0: model:m@\w+ is no dataset/],
  [
    { input: 'rows', versions: [ref('daily', 0), ref('daily', 77)] },
    /^versions\.1: there is no artifact dataset:daily@/,
  ],
  [{ input: 'rows', from: START }, /^name: the input rows has no default: say whose versions/],
  [{ input: 'rows', name: 'daily', from: START, to: START }, /^to: must be later than from$/],
  [{ input: 'rows', name: 'daily', from: '2027-01-01' }, /^from: no version of dataset:daily/],
  [
    { input: 'rows', name: 'daily', from: START, limit: 3 },
    /^limit: these are 10 versions, and the backfill may start 3 runs \(never more than 500\): narrow the span/,
  ],
  [
    { input: 'rows', versions: [ref('daily', 0)], inputs: { rows: ref('daily', 1) } },
    /^inputs\.rows: the backfill itself gives rows$/,
  ],
  [
    { input: 'rows', versions: [ref('daily', 0)], inputs: { tone: 'kind' } },
    /^The workflow has no input tone/,
  ],
])('%j is refused, by field, and starts nothing', async ([body, detail]) => {
  const before = await env.LINEAGE.prepare('SELECT count(*) AS n FROM runs').first()
  const refused = await backfill(body)
  expect(refused).toMatchObject({ status: 422, body: { detail: expect.stringMatching(detail) } })
  expect(refused.body.field).toBeTruthy()
  expect(await env.LINEAGE.prepare('SELECT count(*) AS n FROM runs').first()).toEqual(before)
})

test('more than 500 runs are refused, however they are asked for', async () => {
  await ingestedDaily('long', 501)
  const span = await backfill({ input: 'rows', name: 'long', from: START })
  expect(span).toMatchObject({ status: 422, body: { code: 'backfill.invalid', field: 'limit', limit: 500 } })
  const versions = Array.from({ length: 501 }, (_, day) => ref('long', day))
  expect((await backfill({ input: 'rows', versions })).body.detail).toMatch(/these are 501 versions/)
  expect((await backfill({ input: 'rows', versions, limit: 501 })).status).toBe(400)
  expect((await backfill({ input: 'rows', name: 'long', from: 'soon' })).status).toBe(400)
})

test('a backfill of another project is as unknown as one that never was, and so are its versions', async () => {
  const { key } = await makeKey(['run', 'read'], 'elsewhere')
  await post('/api/v1/workflows', workflow('filled'), { key })
  const foreign = await post<Problem>(
    '/api/v1/workflows/filled/backfills',
    { input: 'rows', versions: [ref('daily', 0)] },
    { key },
  )
  expect(foreign.body.detail).toMatch(/^versions\.0: there is no artifact/)
  const { body } = await backfill({ input: 'rows', versions: [ref('daily', 0)] })
  expect((await get(`/api/v1/backfills/${body.backfillId}`, { key })).status).toBe(404)
  expect((await get('/api/v1/backfills/bf_unknown')).status).toBe(404)
  expect((await get(`/api/v1/backfills/${body.backfillId}`)).status).toBe(200)
})
