import { beforeAll, expect, test } from 'vitest'
import {
  datasetOf,
  exampleRows,
  finished,
  metricOf,
  readEvaluation,
  registerSuite,
  servedModel,
  suite as tiny,
} from './evaluation-fixture.ts'
import { get, post, type Problem } from './support.ts'

interface Row {
  rowId: string
  cohort: string
  scores: Record<string, { score?: number; error?: string }>
}
interface Change {
  rowId: string
  flip: string | null
  change: number
  answer: string
  otherAnswer: string
}
interface Comparison extends Problem {
  rows: number
  lines: { metric: string; cohort: string | null; outcome: string; sentence: string; n: number }[]
  changes: { metric: string; passToFail: number; failToPass: number; worst: Change[] }[]
}

const rowsOf = (evaluationId: string, query = '') =>
  get<{ rows: Row[]; next: string | null }>(`/api/v1/evaluations/${evaluationId}/rows?${query}`)
const compare = async (one: string, other: string, query = '') =>
  (await get<Comparison>(`/api/v1/evaluations/${one}/compare/${other}?${query}`)).body

const ids = { good: '', bad: '', mixed: '', blind: '' }

beforeAll(async () => {
  const { ref } = await datasetOf('compared', exampleRows(60))
  const suite = await registerSuite(tiny)
  const run = async (body: object) => {
    const { body: started } = await post<{ evaluationId: string }>('/api/v1/evaluations', body)
    await finished(started.evaluationId)
    return started.evaluationId
  }
  ids.good = await run({ candidate: await servedModel('e-good', 'good.test'), dataset: ref, suite })
  ids.bad = await run({ candidate: await servedModel('f-bad', 'previous.test'), dataset: ref, suite })
  const blind = await registerSuite({
    name: 'blind',
    metrics: [metricOf('JSONValidation'), metricOf('Groundedness', { reference: false })],
  })
  ids.blind = await run({
    candidate: await servedModel('f-bad', 'previous.test'),
    dataset: ref,
    suite: blind,
  })
  const stored = await datasetOf('mixed', [
    ...Array.from({ length: 60 }, (_, index) => ({
      id: `s${String(index).padStart(2, '0')}`,
      cohort: index < 10 ? 'first' : 'rest',
      data: {
        question: 'When?',
        context: 'Parcels take three days to Bern.',
        response: index % 20 === 7 ? 'Pigeons are grey.' : 'Parcels take three days.',
        n: index,
      },
    })),
    { id: 'silent', data: { question: 'When?', context: 'c' } },
  ])
  ids.mixed = await run({
    dataset: stored.ref,
    suite: await registerSuite({ name: 'one', metrics: [metricOf('Groundedness', { passAt: 0.4 })] }),
  })
}, 60_000)

test('rows are found by cohort, by failure and by error, in the order of the dataset', async () => {
  const all = await rowsOf(ids.mixed, 'limit=200')
  expect(all.body.rows).toHaveLength(61)
  const failed = await rowsOf(ids.mixed, 'failed=true&metric=Groundedness')
  expect(failed.body.rows.map(({ rowId }) => rowId)).toEqual(['s07', 's27', 's47'])
  expect((await rowsOf(ids.mixed, 'failed=true&cohort=first')).body.rows).toHaveLength(1)
  const errors = await rowsOf(ids.mixed, 'errors=true')
  expect(errors.body.rows.map(({ rowId }) => rowId)).toEqual(['silent'])
  expect((await rowsOf(ids.mixed, 'metric=Nothing')).body.rows).toEqual([])
})

test('pages begin where the page before ended, and lose no row', async () => {
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { body } = await rowsOf(ids.good, `limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    seen.push(...body.rows.map(({ rowId }) => rowId))
    cursor = body.next
  }
  expect(new Set(seen).size).toBe(60)
  expect(seen).toHaveLength(60)
})

test('worst first: the lowest scores of all shards, and no more than are wanted', async () => {
  const { body } = await rowsOf(ids.mixed, 'sort=worst&limit=4')
  expect(body.rows.slice(0, 3).map(({ rowId }) => rowId)).toEqual(['s07', 's27', 's47'])
  expect(body.rows).toHaveLength(4)
  const scores = body.rows.map(({ scores: own }) => own.Groundedness!.score!)
  expect(scores).toEqual(scores.toSorted((a, b) => a - b))
})

test('each metric has its spread, its pass rate, and says where its pass mark comes from', async () => {
  const { metrics, scores } = await readEvaluation(ids.mixed)
  expect(metrics).toMatchObject([
    {
      metric: 'Groundedness',
      n: 60,
      passRate: { passes: 57, lower: expect.any(Number), upper: expect.any(Number) },
      passMark: { at: 0.4, from: 'suite', calibrated: false },
      copyRate: expect.any(Number),
    },
  ])
  expect(scores.map(({ cohort }) => cohort)).toEqual(['first', 'none', 'rest'])
})

test('a worse model is shown to be worse, with the rows that flipped and both answers', async () => {
  const { rows, lines, changes } = await compare(ids.bad, ids.good, 'limit=2')
  expect(rows).toBe(60)
  const overall = lines.find(({ metric, cohort }) => metric === 'Groundedness' && cohort === null)!
  expect(overall).toMatchObject({ outcome: 'worse', n: 60, sentence: expect.stringContaining('on 60 rows') })
  const groundedness = changes.find(({ metric }) => metric === 'Groundedness')!
  expect(groundedness).toMatchObject({ passToFail: 60, failToPass: 0 })
  expect(groundedness.worst).toHaveLength(2)
  expect(groundedness.worst[0]).toMatchObject({
    flip: 'pass_to_fail',
    answer: expect.stringContaining('From the previous model.'),
    otherAnswer: expect.stringContaining('three days'),
  })
  const same = await compare(ids.good, ids.good)
  expect(new Set(same.changes.map(({ passToFail, failToPass }) => passToFail + failToPass))).toEqual(
    new Set([0]),
  )
})

test('scores that are not of the same kind are not compared, and the refusal says which', async () => {
  const refused = await compare(ids.good, ids.blind)
  expect(refused).toMatchObject({
    code: 'evaluation.other',
    detail: expect.stringContaining('Groundedness by'),
  })
  const { lines } = await compare(ids.good, ids.blind, 'metric=JSONValidation')
  expect(new Set(lines.map(({ metric }) => metric))).toEqual(new Set(['JSONValidation']))
  expect((await compare(ids.good, ids.good, 'metric=Nothing')).detail).toContain('has no metric Nothing')
  expect((await compare(ids.good, ids.mixed)).code).toBe('evaluation.other')
  expect((await compare(ids.good, 'eval_nobody')).code).toBe('not.found')
})
