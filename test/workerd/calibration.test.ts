import { expect, test } from 'vitest'
import type { Calibration } from '../../domain/calibration/calibrate.ts'
import { evaluatorByName } from '../../domain/evaluators/registry.ts'
import { latestCalibrations } from '../../workers/evaluation/calibrations.ts'
import { lineage } from '../../workers/lineage/db.ts'
import { answeredRows, evaluateStored } from './stored-answers.ts'
import { env, get, makeKey, post, type Problem } from './support.ts'

type Found = Calibration & {
  calibrationId: string
  evaluator: string
  dataset: string | null
  artifactRef: string
  unscored: number
  createdAt: number
}

const GROUNDEDNESS = `Groundedness@${evaluatorByName('Groundedness')!.version}`
const calibrate = <T = Found>(body: object, key?: string) =>
  post<T>('/api/v1/calibrations', body, key === undefined ? {} : { key })

/** Scores that tell good from bad at 0.5, but for every tenth row. */
const pairs = (count: number, shift = 0) =>
  Array.from({ length: count }, (_, index) => {
    const isHigh = index % 2 === 0
    const label = index % 10 === 0 ? !isHigh : isHigh
    return { score: (isHigh ? 0.6 : 0.2) + (index % 7) / 100 + shift, label: label ? 1 : 0 }
  })

test('an evaluation is calibrated by labels of its rows, as an artifact that later scores refer to', async () => {
  const rows = answeredRows(60)
  await evaluateStored('eval_calibrated', 'calibrated', rows, ['Groundedness'])
  const labels = rows.map(({ id }, index) => ({ rowId: id, label: index % 2 === 0 ? 1 : 0 }))
  const { status, body } = await calibrate({
    evaluationId: 'eval_calibrated',
    metric: 'Groundedness',
    labels: [...labels, { rowId: 'gone', label: 1 }],
  })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    evaluator: GROUNDEDNESS,
    dataset: 'calibrated',
    n: 60,
    good: 30,
    unscored: 1,
    auroc: { value: 1, lower: 1, upper: 1 },
    kappa: { value: 1 },
    cohorts: {},
  })
  expect(body.threshold).toBeGreaterThan(0)
  expect(body.threshold).toBeLessThan(1)
  expect(body.artifactRef).toMatch(/^calibration:groundedness\.\d+\.calibrated@[0-9a-f]{64}$/)

  const read = await get<Found>(`/api/v1/calibrations/${body.calibrationId}`)
  expect(read.body).toEqual(body)
  const [, name, version] = /^calibration:(.+)@(.+)$/.exec(body.artifactRef)!
  const artifact = await get<{ manifest: { threshold: number } }>(
    `/api/v1/artifacts/calibration/${name}/${version}`,
  )
  expect(artifact.body.manifest.threshold).toBe(body.threshold)

  const input = { ...rows[0]!.data }
  const scored = await post<{ scores: Record<string, object> }>('/api/v1/evaluate', {
    input,
    evaluator: 'Groundedness',
    dataset: 'calibrated',
  })
  expect(scored.body.scores.Groundedness).toMatchObject({
    passes: true,
    calibrated: { calibrationId: body.calibrationId, threshold: body.threshold, dataset: 'calibrated' },
    calibration: expect.stringMatching(/ is calibrated for the dataset calibrated: an answer passes from /),
  })
})

test('what people added to the rows calibrates, each person by the newest that they said', async () => {
  const rows = answeredRows(24)
  await evaluateStored('eval_by_labels', 'by-labels', rows, ['Groundedness'])
  const label = (row: string, score: number) =>
    post(`/api/v1/datasets/by-labels/rows/${row}/evaluations`, {
      name: 'Groundedness',
      score,
      source: 'human',
      evaluationId: 'eval_by_labels',
    })
  await label('r0', 0)
  for (const [index, { id }] of rows.entries()) await label(id, index % 2 === 0 ? 1 : 0)
  const { status, body } = await calibrate({ evaluationId: 'eval_by_labels', metric: 'Groundedness' })
  expect(status).toBe(201)
  expect(body).toMatchObject({ n: 24, good: 12, kappa: { value: 1 }, dataset: 'by-labels' })
})

test('the newest calibration counts, and one of the dataset before one of the project', async () => {
  const { key } = await makeKey(['run', 'read', 'ingest'], 'calibrating')
  const latest = async (dataset: string | null) =>
    (await latestCalibrations(lineage(env.LINEAGE), 'calibrating', dataset)).get('Groundedness:judge@1')
  expect(await latest('tickets')).toBeUndefined()
  const of = (more: object) => calibrate({ evaluator: 'Groundedness:judge@1', ...more }, key)
  const { body: old } = await of({ pairs: pairs(40) })
  const { body: own } = await of({ pairs: pairs(40, 0.1), dataset: 'tickets' })
  await of({ pairs: pairs(40, 0.2), dataset: 'letters' })
  const { body: newest } = await of({ pairs: pairs(40, 0.15) })
  expect(old).toMatchObject({ dataset: null, agreement: { value: 0.9 }, kappa: { value: 0.8 } })
  expect(await latest('tickets')).toEqual({
    calibrationId: own.calibrationId,
    threshold: own.threshold,
    dataset: 'tickets',
    artifactRef: own.artifactRef,
    createdAt: own.createdAt,
  })
  expect(await latest('others')).toMatchObject({ calibrationId: newest.calibrationId, dataset: null })
  expect(await latest(null)).toMatchObject({ calibrationId: newest.calibrationId })
  const { body: listed } = await get<{ calibrations: Found[] }>('/api/v1/calibrations?dataset=tickets', {
    key,
  })
  expect(listed.calibrations.map(({ calibrationId }) => calibrationId)).toEqual([own.calibrationId])
  const { body: evaluators } = await get<{ evaluators: { id: string; calibrated: object | null }[] }>(
    '/api/v1/evaluators',
    { key },
  )
  expect(evaluators.evaluators.find(({ id }) => id === 'Groundedness:judge@1')!.calibrated).toEqual({
    calibrationId: newest.calibrationId,
    threshold: newest.threshold,
  })
})

test('a cohort with enough labels has a threshold of its own', async () => {
  const of = (cohort: string, shift: number) => pairs(60, shift).map((pair) => ({ ...pair, cohort }))
  const { body } = await calibrate({
    evaluator: GROUNDEDNESS,
    pairs: [...of('wordy', 0.2), ...of('terse', -0.1)],
    dataset: 'by-cohort',
  })
  expect(Object.keys(body.cohorts)).toEqual(['terse', 'wordy'])
  expect(body.cohorts.wordy!.threshold - body.cohorts.terse!.threshold).toBeCloseTo(0.3, 6)

  const evaluate = async (cohort?: string) =>
    (
      await post<{ scores: Record<string, { calibrated: object; calibration: string }> }>(
        '/api/v1/evaluate',
        {
          input: answeredRows(1)[0]!.data,
          evaluator: 'Groundedness',
          dataset: 'by-cohort',
          ...(cohort === undefined ? {} : { cohort }),
        },
      )
    ).body.scores.Groundedness!
  expect(await evaluate('terse')).toMatchObject({
    calibrated: { threshold: body.cohorts.terse!.threshold, cohort: 'terse' },
    calibration: expect.stringMatching(/ is calibrated for the cohort terse of the dataset by-cohort: /),
  })
  for (const cohort of [undefined, 'unknown', 'constructor'])
    expect((await evaluate(cohort)).calibrated).toMatchObject({ threshold: body.threshold, cohort: null })
})

test('rows of a cohort with a threshold of its own pass by it, in the evaluation of a dataset', async () => {
  const shifted = (cohort: string, shift: number) => pairs(60, shift).map((pair) => ({ ...pair, cohort }))
  const { body } = await calibrate({
    evaluator: GROUNDEDNESS,
    pairs: [...shifted('vip', 0.2), ...shifted('all', -0.1)],
    dataset: 'marked',
  })
  const rows = answeredRows(24)
  await evaluateStored('eval_marked', 'marked', rows, ['Groundedness'])
  const { body: evaluation } = await get<{
    metrics: { passMark: { at: number; from: string; cohorts: Record<string, number> } }[]
  }>('/api/v1/evaluations/eval_marked')
  expect(evaluation.metrics[0]!.passMark).toMatchObject({
    at: body.threshold,
    from: body.calibrationId,
    cohorts: { vip: body.cohorts.vip!.threshold, all: body.cohorts.all!.threshold },
  })
})

test('the same labels in another order are the same artifact, and another seed or label is another', async () => {
  const given = pairs(60).map((pair, index) => ({ ...pair, cohort: index % 3 === 0 ? 'a' : 'b' }))
  const refOf = async (body: object) =>
    (await calibrate({ evaluator: GROUNDEDNESS, dataset: 'same', ...body })).body.artifactRef
  const ref = await refOf({ pairs: given })
  expect(await refOf({ pairs: given.toReversed() })).toBe(ref)
  expect(await refOf({ pairs: given, seed: 2 })).not.toBe(ref)
  expect(await refOf({ pairs: given.with(0, { ...given[0]!, label: 1 - given[0]!.label }) })).not.toBe(ref)
})

test('scores that are all the same tell nothing, and that is what it says', async () => {
  const { status, body } = await calibrate({
    evaluator: GROUNDEDNESS,
    pairs: pairs(40).map(({ label }) => ({ label, score: 0.5 })),
  })
  expect(status).toBe(201)
  expect(body).toMatchObject({ threshold: 0.5, auroc: { value: 0.5 }, kappa: { value: 0 } })
})

test('as many labels as are taken are calibrated in seconds, and one more is refused', async () => {
  const before = Date.now()
  expect((await calibrate({ evaluator: GROUNDEDNESS, pairs: pairs(10_000), dataset: 'many' })).status).toBe(
    201,
  )
  expect(Date.now() - before).toBeLessThan(15_000)
  const { status, body } = await calibrate<Problem>({ evaluator: GROUNDEDNESS, pairs: pairs(10_001) })
  expect([status, body.detail]).toEqual([400, 'pairs: Too big: expected array to have <=10000 items'])
})

test.for([
  [
    { evaluator: GROUNDEDNESS, pairs: pairs(19) },
    [422, 'calibration.labels', /^at least 20 labelled rows with a score are needed; there are 19$/],
  ],
  [
    { evaluator: GROUNDEDNESS, pairs: pairs(30).map((pair) => ({ ...pair, label: 1 })) },
    [422, 'calibration.labels', /of 30 there are 30 good and 0 bad$/],
  ],
  [
    { evaluator: 'Goodness@1', pairs: pairs(30) },
    [400, 'request.invalid', /^evaluator: not one of Groundedness@/],
  ],
  [{ evaluator: GROUNDEDNESS }, [400, 'request.invalid', /^evaluationId: give evaluationId and metric, or/]],
  [
    { evaluator: GROUNDEDNESS, pairs: pairs(30), evaluationId: 'eval_x' },
    [400, 'request.invalid', /^evaluationId: give evaluationId and metric, or/],
  ],
  [
    { evaluator: GROUNDEDNESS, pairs: [{ score: 2, label: 1 }] },
    [400, 'request.invalid', /^pairs.0.score: Too big/],
  ],
  [
    {
      evaluationId: 'eval_none',
      metric: 'x',
      labels: [
        { rowId: 'r0', label: 1 },
        { rowId: 'r0', label: 0 },
      ],
    },
    [400, 'request.invalid', /^labels.1.rowId: r0 stands twice; send one label of each row$/],
  ],
  [{ evaluationId: 'eval_none', metric: 'x' }, [404, 'not.found', /^There is no evaluation eval_none$/]],
] as const)('what cannot calibrate is refused: %#', async ([body, [status, code, detail]]) => {
  const answer = await calibrate<Problem>(body)
  expect([answer.status, answer.body.code]).toEqual([status, code])
  expect(answer.body.detail).toMatch(detail)
})

test('an evaluation without labels, or without the metric, says so', async () => {
  await evaluateStored('eval_unlabelled', 'unlabelled', answeredRows(2), ['Groundedness'])
  const none = await calibrate<Problem>({ evaluationId: 'eval_unlabelled', metric: 'Groundedness' })
  expect([none.status, none.body.detail]).toEqual([
    422,
    'at least 20 labelled rows with a score are needed; there are 0',
  ])
  const other = await calibrate<Problem>({ evaluationId: 'eval_unlabelled', metric: 'Faithfulness' })
  expect([other.status, other.body.detail]).toEqual([
    404,
    'The evaluation eval_unlabelled has no metric Faithfulness; it has Groundedness',
  ])
  const { key } = await makeKey(['read'])
  expect((await calibrate({ evaluator: GROUNDEDNESS, pairs: pairs(30) }, key)).status).toBe(403)
  expect((await get('/api/v1/calibrations/cal_none')).status).toBe(404)
})
