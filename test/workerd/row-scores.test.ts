import { expect, test } from 'vitest'
import type { DatasetManifest } from '../../domain/dataset/version.ts'
import { RULE_CHUNK_ROWS } from '../../domain/evaluation/spec.ts'
import { lineage } from '../../workers/lineage/db.ts'
import { datasetManifest } from '../../workers/registry/datasets.ts'
import { findRow } from '../../workers/registry/row-index.ts'
import { datasetOf } from './evaluation-fixture.ts'
import { answeredRows, evaluateStored } from './stored-answers.ts'
import { env, get, ingestRows, makeKey, post, type Problem } from './support.ts'

interface RowScore {
  scoreId: string
  score: number
  name: string
  source: string
  author: string
  evaluationId: string | null
}

interface Listed {
  scores: RowScore[]
  evaluations: {
    evaluationId: string
    response: string
    scores: Record<string, { score?: number; error?: string }>
  }[]
  next: number | null
}

const pathOf = (dataset: string, row: string) =>
  `/api/v1/datasets/${dataset}/rows/${encodeURIComponent(row)}/evaluations`

const add = <T = RowScore>(
  dataset: string,
  row: string,
  body: object,
  init: RequestInit & { key?: string } = {},
) => post<T>(pathOf(dataset, row), body, init)

const list = (dataset: string, row: string, query = '') => get<Listed>(`${pathOf(dataset, row)}${query}`)

const plain = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `r${index}`, data: { text: `row ${index}` } }))

test('a score from outside is kept with its author, listed, and added once for one key', async () => {
  await ingestRows('outside', plain(3))
  const { keyId, key } = await makeKey(['ingest'])
  const said = { name: 'helpfulness', score: 0.7, reason: 'Polite, but slow.', label: 'fine' }
  const headers = { 'idempotency-key': 'score-1' }
  const first = await add('outside', 'r1', said, { key, headers })
  expect(first.status).toBe(201)
  expect(first.body).toMatchObject({ ...said, source: 'external', author: keyId, evaluationId: null })
  expect(await add('outside', 'r1', said, { key, headers })).toEqual(first)
  const other = await add<Problem>('outside', 'r2', said, { key, headers })
  expect([other.status, other.body.code]).toEqual([422, 'key.reused'])
  await add('outside', 'r1', { ...said, score: 0.9, source: 'human' })
  const { body } = await list('outside', 'r1')
  expect(body.scores.map(({ score, source }) => [score, source])).toEqual([
    [0.9, 'human'],
    [0.7, 'external'],
  ])
  expect(body.evaluations).toEqual([])
  expect((await list('outside', 'r2')).body.scores).toEqual([])
})

test('what is not there is not found, and says what it is', async () => {
  await ingestRows('known', plain(2))
  await evaluateStored('eval_row_elsewhere', 'elsewhere', answeredRows(2), ['Groundedness'])
  const said = { name: 'helpfulness', score: 1 }
  const details = []
  for (const [dataset, row, more] of [
    ['unknown', 'r0', {}],
    ['known', 'r9', {}],
    ['known', 'r0', { evaluationId: 'eval_none' }],
    ['known', 'r0', { evaluationId: 'eval_row_elsewhere' }],
    ['known', 'r0', { version: 'production' }],
  ] as const) {
    const { status, body } = await add<Problem>(dataset, row, { ...said, ...more })
    expect([status, body.code]).toEqual([404, 'not.found'])
    details.push(body.detail.replace(/@[0-9a-f]{64}/, '@…'))
  }
  expect(details).toEqual([
    'There is no dataset unknown',
    'There is no row r9 in dataset:known@…',
    'There is no evaluation eval_none',
    'The evaluation eval_row_elsewhere is not of the dataset known',
    'The alias dataset:known@production points nowhere; name a version: GET /api/v1/artifacts/dataset/known lists them',
  ])
  expect((await list('known', 'r9')).status).toBe(404)
  const { key } = await makeKey(['ingest', 'read'], 'another')
  expect((await add('known', 'r0', said, { key })).status).toBe(404)
  expect((await get(pathOf('known', 'r0'), { key })).status).toBe(404)
})

test('one key is one score, also when the row has left the dataset meanwhile', async () => {
  await ingestRows('leaving', plain(2))
  const headers = { 'idempotency-key': 'leaving-1' }
  const first = await add('leaving', 'r1', { name: 'x', score: 1 }, { headers })
  await ingestRows('leaving', plain(1))
  expect(await add('leaving', 'r1', { name: 'x', score: 1 }, { headers })).toEqual(first)
  const other = await add<Problem>('leaving', 'r1', { name: 'x', score: 0.5 }, { headers })
  expect([other.status, other.body.code]).toEqual([422, 'key.reused'])
  expect((await add('leaving', 'r1', { name: 'x', score: 1 })).status).toBe(404)
  const { body } = await list('leaving', 'r1')
  expect(body.scores).toHaveLength(1)
})

test('evaluations of a row are listed when the newest version has it no more', async () => {
  const rows = answeredRows(3)
  await evaluateStored('eval_row_left', 'left', rows, ['Groundedness'])
  await ingestRows('left', rows.slice(0, 1))
  const { status, body } = await list('left', 'r2')
  expect([status, body.evaluations.map(({ evaluationId }) => evaluationId)]).toEqual([200, ['eval_row_left']])
  expect((await list('left', 'r9')).status).toBe(404)
})

test.for([
  'a%2Fb',
  '100%',
  'a+b c',
  '日本/語',
  '🙂'.repeat(100),
  "'; DROP TABLE row_scores; --",
  'a?b#c',
  '\u202Ex',
])('a row may have the id %j', async (id) => {
  await ingestRows('odd-ids', [{ id, data: {} }])
  expect(await add('odd-ids', id, { name: 'x', score: 0.5 })).toMatchObject({
    status: 201,
    body: { rowId: id },
  })
  expect((await list('odd-ids', id)).body.scores).toHaveLength(1)
})

test('two first look-ups at once find the same', async () => {
  const { ref, manifest } = await datasetOf('raced', plain(120))
  const found = await Promise.all(['r0', 'r119'].map((id) => findRow(env, 'default', ref, manifest, id)))
  expect(found).toEqual([
    { shard: 0, at: 0 },
    { shard: 2, at: 19 },
  ])
})

test('a score outside [0, 1] is refused by its field, and reading allows no writing', async () => {
  await ingestRows('refused', plain(1))
  const bad = await add<Problem>('refused', 'r0', { name: 'x', score: 1.5 })
  expect([bad.status, bad.body.field]).toEqual([400, 'score'])
  const { key } = await makeKey(['read'])
  expect((await add('refused', 'r0', { name: 'x', score: 1 }, { key })).status).toBe(403)
})

test('every row of a version is found where it lies, and no other', async () => {
  const rows = [...plain(117), { id: 'a row/with ünusual id?', data: {} }, { id: 'last', data: {} }]
  const { ref, manifest } = await datasetOf('indexed', rows)
  expect(manifest.shards).toHaveLength(3)
  for (const [index, { id }] of rows.entries())
    expect(await findRow(env, 'default', ref, manifest, id)).toEqual({
      shard: Math.floor(index / 50),
      at: index % 50,
    })
  for (const id of ['r117', '', 'R1', 'none'])
    expect(await findRow(env, 'default', ref, manifest, id)).toBeUndefined()
  expect((await add('indexed', 'a row/with ünusual id?', { name: 'x', score: 1 })).status).toBe(201)
})

test('a look-up reads an index, not the rows', async () => {
  const { ref, manifest } = await datasetOf('unread', plain(60))
  expect((await add('unread', 'r0', { name: 'x', score: 1 })).status).toBe(201)
  await env.ARTIFACTS.delete(manifest.shards.map(({ key }) => key))
  expect((await add('unread', 'r59', { name: 'x', score: 1 })).status).toBe(201)
  expect((await add('unread', 'r60', { name: 'x', score: 1 })).status).toBe(404)
  const known: DatasetManifest = await datasetManifest(lineage(env.LINEAGE), 'default', ref)
  expect(known).toEqual(manifest)
})

test('evaluations’ own scores of a row are listed beside those from outside, newest first, by pages', async () => {
  const rows = answeredRows(300)
  await evaluateStored('eval_row_first', 'listed', rows, ['Groundedness'], {
    rowsAChunk: RULE_CHUNK_ROWS,
  })
  await evaluateStored('eval_row_second', 'listed', rows, ['Groundedness', 'HumanLabel'])
  await add('listed', 'r277', {
    name: 'Groundedness',
    score: 0,
    source: 'human',
    evaluationId: 'eval_row_first',
  })
  const { body } = await list('listed', 'r277')
  expect(body.scores).toMatchObject([{ source: 'human', evaluationId: 'eval_row_first' }])
  expect(body.evaluations.map(({ evaluationId }) => evaluationId)).toEqual([
    'eval_row_second',
    'eval_row_first',
  ])
  expect(body.evaluations[0]).toMatchObject({
    response: rows[277]!.data.response,
    scores: {
      Groundedness: { score: expect.any(Number) },
      HumanLabel: { error: 'nobody has labelled this row yet' },
    },
  })
  const { body: page } = await list('listed', 'r277', '?limit=1')
  expect(page.evaluations.map(({ evaluationId }) => evaluationId)).toEqual(['eval_row_second'])
  const { body: after } = await list('listed', 'r277', `?limit=1&before=${page.next}`)
  expect(after.evaluations.map(({ evaluationId }) => evaluationId)).toEqual(['eval_row_first'])
})

test('what people say of rows is the score of HumanLabel where the answers are the rows’ own', async () => {
  const rows = answeredRows(4)
  await datasetOf('labelled-by-people', rows)
  const one = await makeKey(['ingest'])
  const two = await makeKey(['ingest'])
  const say = (row: string, score: number, key: string) =>
    add('labelled-by-people', row, { name: 'HumanLabel', score, source: 'human' }, { key })
  await say('r0', 0, one.key)
  await say('r0', 1, one.key)
  await say('r0', 0, two.key)
  await add('labelled-by-people', 'r1', { name: 'HumanLabel', score: 1 })
  await evaluateStored('eval_by_people', 'labelled-by-people', rows, ['HumanLabel'])
  const scoreOf = async (row: string) =>
    (await list('labelled-by-people', row)).body.evaluations[0]!.scores.HumanLabel
  // The newest of each person; what another system says is no label.
  expect(await scoreOf('r0')).toMatchObject({ score: 0.5, evidence: { people: 2, spread: 1 } })
  expect(await scoreOf('r1')).toEqual({ error: 'nobody has labelled this row yet' })
})
