import { DatasetWriter, readDataset } from '../../workers/registry/datasets.ts'
import { expect, test } from 'vitest'
import { env, get, request, type Problem } from './support.ts'

const row = (id: string, text = 'Where is my parcel?') => ({
  id,
  cohort: 'shipping',
  messages: [{ role: 'user', content: text }],
  knowledge: ['Parcels take three days.'],
  intent: 'track',
  action: 'track_parcel',
  reply: 'It takes three days.',
})
const ndjson = (rows: unknown[]) => rows.map((one) => JSON.stringify(one)).join('\n')

async function ingest(
  name: string,
  body: string | Uint8Array | ReadableStream,
  type = 'application/x-ndjson',
  query = '',
) {
  const response = await request(`/api/v1/datasets/${name}/versions${query}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: body as BodyInit,
  })
  return { status: response.status, body: (await response.json()) as Problem & { ref: string; rows: number } }
}

async function stored(name: string): Promise<string[]> {
  const { objects } = await env.ARTIFACTS.list({ prefix: `default/datasets/${name}/` })
  return objects.map(({ key }) => key)
}

test('equal rows give the same version in any order and format, and come back as they were', async () => {
  const first = await ingest('same', ndjson([row('a'), row('b', 'Other')]))
  const turned = await ingest('same', ndjson([row('b', 'Other'), row('a')]))
  const csv = [
    'id,cohort,messages,knowledge,intent,action,reply',
    ...[row('a'), row('b', 'Other')].map((one) =>
      [
        one.id,
        one.cohort,
        JSON.stringify(one.messages),
        JSON.stringify(one.knowledge),
        one.intent,
        one.action,
        one.reply,
      ]
        .map((cell) => `"${cell.replaceAll('"', '""')}"`)
        .join(','),
    ),
  ].join('\n')
  const fromCsv = await ingest('same', csv, 'text/csv')
  expect(first.status).toBe(201)
  expect(turned.body.ref).toBe(first.body.ref)
  expect(fromCsv.body).toMatchObject({ ref: first.body.ref, rows: 2 })
  expect(await stored('same')).toHaveLength(1)
  const [, version] = first.body.ref.split('@')
  const { body } = await get<{ rows: { id: string; data: { messages: unknown } }[] }>(
    `/api/v1/datasets/same/versions/${version}/rows`,
  )
  expect(body.rows.map(({ id }) => id)).toEqual(['a', 'b'])
  expect(body.rows[0]!.data.messages).toEqual([{ role: 'user', content: 'Where is my parcel?' }])
})

test('rows that are rows already, {id, cohort, data}, are kept as they are', async () => {
  const rows = [
    { id: 'r1', data: { split: 'train', nested: { list: [1, 2.5, null, true], text: 'Grüße 🚚' } } },
    { id: 'r2', cohort: 'vip', data: { note: '' } },
  ]
  const answer = await ingest('raw', ndjson(rows))
  expect(answer.body).toMatchObject({ rows: 2, cohorts: { none: 1, vip: 1 } })
  const [, version] = answer.body.ref.split('@')
  const { body } = await get<{ rows: unknown[]; next: number | null }>(
    `/api/v1/datasets/raw/versions/${version}/rows`,
  )
  expect(body).toEqual({ rows, next: null })
})

test('a large dataset comes back whole, a shard a page', async () => {
  const rows = Array.from({ length: 2_050 }, (_unused, index) => ({ id: `r${index}`, data: { index } }))
  const { body } = await ingest('paged', ndjson(rows))
  const path = `/api/v1/datasets/paged/versions/${body.ref.split('@')[1]}/rows`
  const ids: string[] = []
  let pages = 0
  for (let cursor: number | null = 0; cursor !== null; pages++) {
    const page: { body: { rows: { id: string }[]; next: number | null } } = await get(
      `${path}?cursor=${cursor}`,
    )
    ids.push(...page.body.rows.map(({ id }) => id))
    cursor = page.body.next
  }
  expect([pages, ids]).toEqual([3, rows.map(({ id }) => id)])
  expect((await get(`${path}?cursor=3`)).status).toBe(404)
})

test('a column with another name is mapped, also one inside an object', async () => {
  const { intent, reply, ...rest } = row('a')
  const renamed = { ...rest, labels: { topic: intent }, gold: reply }
  const plain = await ingest('renamed', ndjson([row('a')]))
  const mapped = await ingest(
    'renamed',
    ndjson([renamed]),
    'application/x-ndjson',
    '?map=intent:labels.topic&map=reply:gold',
  )
  expect(mapped.body.ref).toBe(plain.body.ref)
})

const { reply: _, ...noReply } = row('c')
const bad: [
  name: string,
  body: string | Uint8Array | ReadableStream,
  type: string,
  expected: Partial<Problem> & { says: RegExp },
][] = [
  [
    'not JSON',
    `${JSON.stringify(row('a'))}\n{"id": `,
    'application/x-ndjson',
    { code: 'row.invalid', row: 2, says: /Row 2 is not JSON/ },
  ],
  [
    'a missing column',
    ndjson([row('a'), noReply]),
    'application/x-ndjson',
    { code: 'row.invalid', row: 2, field: 'reply', says: /Row 2: reply is missing.*map=reply/ },
  ],
  [
    'a duplicate id',
    ndjson([row('a'), row('b'), row('a')]),
    'application/x-ndjson',
    { code: 'row.invalid', row: 3, field: 'id', says: /Row 3: the id a stands twice/ },
  ],
  ['an empty file', '', 'application/x-ndjson', { code: 'dataset.empty', says: /no rows/ }],
  ['a CSV without rows', 'id,messages\n', 'text/csv', { code: 'dataset.empty', says: /no rows/ }],
  [
    'a CSV with a broken line',
    'id,messages\na,"x\n',
    'text/csv',
    { code: 'row.invalid', says: /CSV cannot be read/ },
  ],
  [
    'a row of 10 MB',
    ndjson([row('a'), row('b', 'x'.repeat(10_000_000))]),
    'application/x-ndjson',
    { code: 'row.invalid', row: 2, limit: 1_000_000, says: /Row 2 is larger than the limit of 1000000/ },
  ],
  [
    'bytes that are not UTF-8',
    new Uint8Array([0x7b, 0xff, 0xfe, 0x0a]),
    'application/x-ndjson',
    { code: 'row.invalid', says: /not UTF-8/ },
  ],
  [
    'a CSV that is not UTF-8',
    new Uint8Array([...new TextEncoder().encode('id,intent,reply,messages\na,i,r,Gr'), 0xfc, 0x0a]),
    'text/csv',
    { code: 'row.invalid', says: /not UTF-8/ },
  ],
  [
    'a CSV without a column',
    'id,messages,intent\na,Where?,track\n',
    'text/csv',
    { code: 'row.invalid', row: 1, field: 'reply', says: /Row 1: reply is missing.*map=reply/ },
  ],
  [
    'a CSV line with too few cells',
    'id,messages,intent,reply\na,Where?,track,Here.\nb,Where?\n',
    'text/csv',
    { code: 'row.invalid', row: 2, says: /CSV cannot be read/ },
  ],
  [
    'a CSV row of 10 MB',
    `id,messages,intent,reply\na,Where?,track,Here.\nb,${'x'.repeat(10_000_000)},track,Here.\n`,
    'text/csv',
    { code: 'row.invalid', row: 2, limit: 1_000_000, says: /Row 2 is larger than the limit of 1000000/ },
  ],
  [
    'a row that is too large in bytes but not in characters',
    ndjson([{ id: 'a', data: { text: 'ü'.repeat(600_000) } }]),
    'application/x-ndjson',
    { code: 'row.invalid', row: 1, limit: 1_000_000, says: /Row 1: 1200\d{3} bytes.*limit of 1000000/ },
  ],
  [
    'a row that is a list',
    '["a"]',
    'application/x-ndjson',
    { code: 'row.invalid', row: 1, says: /not a JSON object/ },
  ],
  [
    'an id that is too long',
    ndjson([{ id: 'x'.repeat(201), data: {} }]),
    'application/x-ndjson',
    { code: 'row.invalid', row: 1, field: 'id', says: /Row 1: id: .*200/ },
  ],
  [
    'another content type',
    '<rows/>',
    'application/xml',
    { code: 'body.type', says: /application\/x-ndjson or text\/csv/ },
  ],
]

test.for(bad)(
  '%s is refused with its place, and nothing is left behind',
  async ([name, body, type, { says, ...expected }]) => {
    const dataset = `bad-${name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}`
    const answer = await ingest(dataset, body, type)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.body).toMatchObject(expected)
    expect(answer.body.detail).toMatch(says)
    expect(await stored(dataset)).toEqual([])
    const { body: versions } = await get<{ artifacts: unknown[] }>(`/api/v1/artifacts/dataset/${dataset}`)
    expect(versions.artifacts).toEqual([])
  },
)

test('a bad row after a full shard takes the stored shard back', async () => {
  const rows = Array.from({ length: 1500 }, (_unused, index) => row(`r${index}`))
  const answer = await ingest('late-bad', `${ndjson(rows)}\nnot json`)
  expect(answer.body).toMatchObject({ code: 'row.invalid', row: 1501 })
  expect(await stored('late-bad')).toEqual([])
})

test('an unknown part of a mapping is refused with the known ones', async () => {
  const answer = await ingest('mapped', ndjson([row('a')]), 'application/x-ndjson', '?map=answer:reply')
  expect(answer.status).toBe(400)
  expect(answer.body.detail).toMatch(/PART:COLUMN.*reply/)
})

test('a version whose registration took place keeps its shards, though the answer was lost', async () => {
  const lost: D1Database['batch'] = async (statements) => {
    await env.LINEAGE.batch(statements)
    throw new Error('the connection was lost')
  }
  const LINEAGE = new Proxy(env.LINEAGE, {
    get: (binding, name) =>
      name === 'batch' ? lost : (Reflect.get(binding, name) as () => unknown).bind(binding),
  })
  const writer = new DatasetWriter({ ...env, LINEAGE }, 'default', 'answer-lost')
  await writer.add({ id: 'a', data: { n: 1 } })
  const made = { codeSha: 'x', createdBy: 'test', at: 1 }
  await expect(writer.finish(made)).rejects.toThrow('the connection was lost')
  await writer.abandon()
  const again = new DatasetWriter(env, 'default', 'answer-lost')
  await again.add({ id: 'a', data: { n: 1 } })
  const { manifest } = await again.finish(made)
  const rows = []
  for await (const row of readDataset(env, manifest)) rows.push(row)
  expect(rows).toEqual([{ id: 'a', data: { n: 1 } }])
})
