import { expect, test } from 'vitest'
import { sha256Hex } from '../../domain/hash.ts'
import { lineage } from '../../workers/lineage/db.ts'
import { registerArtifact } from '../../workers/registry/artifacts.ts'
import {
  callsAt,
  datasetOf,
  exampleRows,
  finished,
  metricOf,
  readEvaluation,
  registerSuite,
  servedModel,
  suite as tiny,
} from './evaluation-fixture.ts'
import { activateRoute, env, get, makeKey, post, type Problem } from './support.ts'

interface Answer extends Problem {
  evaluationId: string
  status: string
  target: string
  estimate: { rows: number; inputTokens: number; candidateUsd: number | null; totalUsd: number }
}

const start = (body: object, init = {}) => post<Answer>('/api/v1/evaluations', body, init)
const hat = (index: number) => `Where is hat ${index}?`
const rowsOf = async (evaluationId: string) =>
  (await get<{ rows: Row[] }>(`/api/v1/evaluations/${evaluationId}/rows`)).body.rows
interface Row {
  rowId: string
  response?: string
  toolCalls?: object[]
  answered?: { cached?: boolean; inputTokens?: number }
  scores: Record<string, { score?: number; error?: string }>
}

test('version 2 of a dataset asks the model for the rows that changed, and a new evaluator for none', async () => {
  const candidate = await servedModel('a-reused', 'good.test')
  const suite = await registerSuite(tiny)
  const first = await datasetOf('reused', exampleRows(60, hat))
  const { body: one } = await start({ candidate, dataset: first.ref, suite })
  await finished(one.evaluationId)
  expect(await callsAt('good.test', ' hat ')).toHaveLength(60)

  const changed = exampleRows(60, hat).map((row, index) =>
    index % 12 === 3 ? exampleRows(60, (at) => `And hat ${at}?`)[index]! : row,
  )
  const second = await datasetOf('reused', changed.toReversed())
  const { body: two } = await start({ candidate, dataset: second.ref, suite })
  const scores = await finished(two.evaluationId)
  expect(await callsAt('good.test', ' hat ')).toHaveLength(65)
  expect(await readEvaluation(two.evaluationId)).toMatchObject({ rows: 60, reused: 55 })
  expect(scores.filter(({ metric }) => metric === 'Groundedness').reduce((sum, { n }) => sum + n, 0)).toBe(60)

  const wider = await registerSuite({ ...tiny, metrics: [...tiny.metrics, metricOf('TaskCompletion')] })
  const { body: three } = await start({ candidate, dataset: second.ref, suite: wider })
  await finished(three.evaluationId)
  expect(await callsAt('good.test', ' hat ')).toHaveLength(65)
  const [row] = await rowsOf(three.evaluationId)
  expect(row!.answered).toMatchObject({ cached: true, inputTokens: 10 })
  expect(Object.keys(row!.scores)).toEqual(['JSONValidation', 'Groundedness', 'TaskCompletion'])
  // What was reused counts as any other.
  const means = async (id: string) =>
    (await readEvaluation(id)).scores.find(({ metric }) => metric === 'Groundedness')!.mean
  expect(await means(three.evaluationId)).toBe(await means(two.evaluationId))

  const { body: same } = await start({ candidate, dataset: second.ref, suite: wider })
  expect(same).toMatchObject({ evaluationId: three.evaluationId, status: 'finished' })
  const { body: forced } = await start({ candidate, dataset: second.ref, suite: wider, force: true })
  await finished(forced.evaluationId)
  expect(await callsAt('good.test', ' hat ')).toHaveLength(125)
  expect(await readEvaluation(forced.evaluationId)).toMatchObject({ reused: 0, forced: true })
})

test('rows that the model did not answer are asked again', async () => {
  const candidate = await servedModel('b-failing', 'locked.test')
  const suite = await registerSuite(tiny)
  const glove = (index: number) => `Where is glove ${index}?`
  const rows = exampleRows(4, glove)
  const { body: one } = await start({ candidate, dataset: (await datasetOf('failing', rows)).ref, suite })
  await finished(one.evaluationId)
  const more = await datasetOf('failing', exampleRows(5, glove))
  const { body: two } = await start({ candidate, dataset: more.ref, suite })
  await finished(two.evaluationId)
  expect(await callsAt('locked.test', 'Where is glove')).toHaveLength(9)
})

test('a dry run says what it would cost, and starts nothing', async () => {
  const candidate = await servedModel('c-dry', 'previous.test')
  const suite = await registerSuite(tiny)
  const { ref } = await datasetOf(
    'dry',
    exampleRows(100, (index) => `Where is coat ${index}?`),
  )
  const price = { inputUsdPerMTok: 1, outputUsdPerMTok: 10 }
  const { status, body } = await start({ candidate, dataset: ref, suite, price, dryRun: true })
  expect([status, body.status, body.evaluationId]).toEqual([202, 'planned', null])
  expect(body.estimate).toMatchObject({ rows: 100, inputTokens: expect.any(Number) })
  expect(body.estimate.totalUsd).toBeGreaterThan(0)
  const { body: unpriced } = await start({ candidate, dataset: ref, suite, dryRun: true })
  expect(unpriced.estimate.candidateUsd).toBeNull()
  expect(await callsAt('previous.test', 'Where is coat')).toEqual([])
})

test('what it was to cost and what it cost are kept: tokens by the given price, and what judges spent', async () => {
  const candidate = await servedModel('9-priced', 'good.test')
  const suite = await registerSuite(tiny)
  const { ref } = await datasetOf(
    'priced',
    exampleRows(20, (index) => `Priced ${index}?`),
  )
  const price = { inputUsdPerMTok: 100, outputUsdPerMTok: 1_000 }
  const { body } = await start({ candidate, dataset: ref, suite, price })
  await finished(body.evaluationId)
  // 20 answers of 10 tokens read and 5 written.
  const { costUsd, estimatedCostUsd } = await readEvaluation(body.evaluationId)
  expect(costUsd).toBeCloseTo(20 * 0.006, 10)
  expect(estimatedCostUsd).toBe(body.estimate.totalUsd)
  const object = env.EVALUATION_RUN.getByName('eval_spender')
  await object.spent(0.25)
  expect(await object.spent(0.5)).toEqual({ totalUsd: 0.75 })
  expect((await object.progress()).costUsd).toBe(0.75)
})

test('an idempotency key starts one evaluation, and no other', async () => {
  const suite = await registerSuite(tiny)
  const { ref } = await datasetOf('keyed', [
    { id: 'a', data: { question: 'q', context: 'c', response: 'c' } },
  ])
  const init = { headers: { 'idempotency-key': 'once' } }
  const { body: one } = await start({ dataset: ref, suite }, init)
  const { body: two } = await start({ dataset: ref, suite }, init)
  expect(two.evaluationId).toBe(one.evaluationId)
  const { body } = await start({ dataset: ref, suite, force: true }, init)
  expect(body.code).toBe('key.reused')
})

test('answers that the rows have are scored without a candidate, and a row without one says so', async () => {
  const suite = await registerSuite({ name: 'plain', metrics: [metricOf('Groundedness')] })
  const { ref } = await datasetOf('stored', [
    {
      id: 'good',
      data: { question: 'When?', contexts: ['Parcels take three days.'], response: 'Three days.' },
    },
    { id: 'silent', data: { question: 'When?', context: 'Parcels take three days.' } },
    { id: 'odd', data: { messages: 7, response: 'x' } },
  ])
  const { body } = await start({ dataset: ref, suite })
  expect(body.target).toBe('stored')
  const scores = await finished(body.evaluationId)
  expect(scores).toMatchObject([{ n: 1, errors: 2 }])
  const rows = Object.fromEntries((await rowsOf(body.evaluationId)).map((row) => [row.rowId, row]))
  expect(rows.good!.scores.Groundedness!.score).toBeGreaterThan(0.5)
  expect(rows.silent!.scores.Groundedness!.error).toBe(
    'the row has no answer: give response, answer, output, prediction, or name a candidate that answers',
  )
  expect(rows.odd!.scores.Groundedness!.error).toBe('messages is neither a text nor a list of messages')
  const [metric] = (await readEvaluation(body.evaluationId)).metrics
  expect(metric).toMatchObject({
    passRate: { value: 1, passes: 1 },
    passMark: { at: 0.5, from: 'default', calibrated: false },
    copyRate: expect.any(Number),
  })
})

test('tools of a row are offered, and the calls of the answer are kept with what it took', async () => {
  const candidate = await servedModel('d-caller', 'caller.test')
  const suite = await registerSuite({ name: 'calls', metrics: [metricOf('JSONValidation')] })
  const tools = [{ name: 'track_parcel', parameters: { type: 'object' } }]
  const { ref } = await datasetOf('calls', [{ id: 'a', data: { question: 'Where is 7?', tools } }])
  const { body } = await start({ candidate, dataset: ref, suite })
  await finished(body.evaluationId)
  const [call] = await callsAt('caller.test', 'Where is 7?')
  expect(JSON.parse(call!.body)).toMatchObject({
    tools: [{ type: 'function', function: tools[0] }],
    temperature: 0,
  })
  const [row] = await rowsOf(body.evaluationId)
  expect(row).toMatchObject({
    toolCalls: [{ name: 'track_parcel', arguments: { parcel: 7 } }],
    answered: { inputTokens: 10, outputTokens: 5, latencyMs: expect.any(Number) },
  })
})

test('a route is pinned to its version of now', async () => {
  await activateRoute('judged', ['good.test'])
  const suite = await registerSuite(tiny)
  const { ref } = await datasetOf('routed', exampleRows(2))
  const { body } = await start({ candidate: 'route:judged', dataset: ref, suite })
  expect(body.target).toBe(`route:judged@${sha256Hex('judged')}`)
  await finished(body.evaluationId)
  expect(await readEvaluation(body.evaluationId)).toMatchObject({ rows: 2, errors: 0 })
})

test.for([
  [{ candidate: 'gpt-4' }, 'request.invalid', 'candidate: gpt-4 is none'],
  [{ candidate: 'route:nowhere' }, 'not.found', 'There is no route nowhere'],
  [{ candidate: 'endpoint:nobody' }, 'not.found', 'there is no judge endpoint nobody'],
  [{ dataset: `suite:tiny@${'0'.repeat(64)}` }, 'request.invalid', 'is no dataset'],
  [{ concurrency: 1000 }, 'request.invalid', 'concurrency'],
] as const)('%j is refused', async ([change, code, detail]) => {
  const suite = await registerSuite(tiny)
  const { ref } = await datasetOf('refused', exampleRows(1))
  const { body } = await start({ dataset: ref, suite, ...change })
  expect([body.code, body.detail]).toEqual([code, expect.stringContaining(detail)])
})

test('a suite whose evaluators have moved on is refused, and says which', async () => {
  const old = {
    name: 'old',
    metrics: [{ ...metricOf('Groundedness'), version: '0', engine: 'rule', params: {}, reference: true }],
  }
  const suite = await registerArtifact(lineage(env.LINEAGE), {
    project: 'default',
    kind: 'suite',
    name: 'old',
    version: 'e'.repeat(64),
    manifest: old,
    codeSha: 'x',
    createdBy: 'test',
    at: 1,
  })
  const { ref } = await datasetOf('outdated', exampleRows(1))
  const { status, body } = await start({ dataset: ref, suite })
  expect([status, body.code]).toEqual([409, 'suite.outdated'])
  expect(body.detail).toMatch(/Groundedness by Groundedness@0: Groundedness is at version/)
})

test('a key that only reads starts nothing', async () => {
  const { key } = await makeKey(['read'])
  expect((await start({}, { key })).body.code).toBe('scope.missing')
})
