import { expect, test } from 'vitest'
import { ALL_EVALUATORS } from '../../domain/evaluators/registry.ts'
import { get, makeKey, post, request, type Problem } from './support.ts'

const GROUNDEDNESS = ALL_EVALUATORS.find(({ name }) => name === 'Groundedness')!.version

const input = {
  messages: [{ role: 'user', content: 'When does my parcel come?' }],
  context: ['Parcels take three days.'],
  response: 'Parcels take three days.',
}

interface Scored {
  scores: Record<
    string,
    {
      evaluator: string
      score?: number
      error?: string
      reason?: string
      evidence?: Record<string, unknown>
      cost?: { costUsd: number; cached?: boolean }
      passes: boolean | null
      calibrated: { threshold: number } | null
      calibration: string
    }
  >
  costUsd: number
}

const evaluate = <T = Scored>(body: object, init: RequestInit & { key?: string } = {}) =>
  post<T>('/api/v1/evaluate', body, init)

test('a single input is scored at once, by name; an uncalibrated evaluator says so', async () => {
  const { status, body } = await evaluate({ input, evaluator: 'Groundedness' })
  expect(status).toBe(200)
  expect(body.scores.Groundedness).toMatchObject({
    evaluator: expect.stringMatching(/^Groundedness@\d+$/),
    score: expect.any(Number),
    reason: expect.any(String),
    passes: null,
    calibrated: null,
    calibration: expect.stringMatching(
      /^Groundedness@\d+ is not calibrated in this project: nobody has compared its scores with people’s$/,
    ),
  })
  expect(body.costUsd).toBe(0)
})

test('rules and a judge score side by side, with what the judge cost', async () => {
  const { status, body } = await evaluate({
    input,
    metrics: ['Groundedness', { evaluator: 'Groundedness', engine: 'judge' }],
    judge: { endpoint: 'judge', samples: 2 },
  })
  expect(status).toBe(200)
  expect(Object.keys(body.scores)).toEqual(['Groundedness', 'Groundedness-judge'])
  expect(body.scores['Groundedness-judge']).toMatchObject({
    evaluator: 'Groundedness:judge@1',
    score: 1,
    evidence: { engine: 'judge', model: 'judge-1', promptVersion: '1', agreement: 1 },
    cost: { costUsd: 0.0024 },
  })
  expect(body.costUsd).toBe(0.0024)
})

test('a suite scores with its metrics and schema', async () => {
  const version = ALL_EVALUATORS.find(({ name }) => name === 'JSONValidation')!.version
  const { body: registered } = await post<{ ref: string }>('/api/v1/suites', {
    name: 'one-object',
    metrics: [{ metric: 'shape', evaluator: 'JSONValidation', version }],
    answerSchema: { type: 'object', required: ['reply'] },
  })
  const scoreOf = async (response: string) =>
    (await evaluate({ input: { ...input, response }, suite: registered.ref })).body.scores.shape!.score
  expect(await scoreOf('{"reply":"yes"}')).toBe(1)
  expect(await scoreOf('{"answer":"yes"}')).toBe(0)
})

test('a metric that cannot score the input is an error beside the scores of others', async () => {
  const { status, body } = await evaluate({
    input: { ...input, context: [] },
    metrics: ['Groundedness', 'HumanLabel', { evaluator: 'HttpEvaluator', params: { endpoint: 'service' } }],
  })
  expect(status).toBe(200)
  expect(body.scores.Groundedness!.error).toMatch(/^context is empty/)
  expect(body.scores.HumanLabel!.error).toMatch(/^people label the rows of an evaluation/)
  expect(body.scores.HttpEvaluator!.score).toBe(0.24)
})

test.for([
  [{ input }, 'metrics', /^metrics: give one of metrics, evaluator and suite$/],
  [{ input, evaluator: 'Goodness' }, 'metrics.0.evaluator', /^metrics.0.evaluator: not one of Groundedness,/],
  [
    { input, metrics: [{ evaluator: 'Groundedness', version: '0' }] },
    'metrics.0.version',
    /Groundedness is at version/,
  ],
  [
    { input, metrics: [{ evaluator: 'Groundedness', engine: 'judge' }] },
    'metrics.0.engine',
    /a judge needs the suite to say which: set judge.endpoint/,
  ],
  [
    { input, metrics: [{ evaluator: 'HttpEvaluator', params: {} }] },
    'metrics.0.params',
    /^metrics.0.params: endpoint: /,
  ],
  [
    { input, metrics: [{ name: 'Groundedness' }] },
    'metrics.0',
    /^metrics.0: evaluator: Invalid input: expected string, received undefined$/,
  ],
  [
    { input, metrics: [{ evaluator: 'Groundedness', engine: 'llm' }] },
    'metrics.0',
    /^metrics.0: engine: Invalid option: expected one of "rule"|"judge"/,
  ],
  [{ input, metrics: [7] }, 'metrics.0', /^metrics.0: must be the name of an evaluator, or an object with/],
  [
    { input, evaluator: 'not a name' },
    'metrics.0.evaluator',
    /^metrics.0.evaluator: not one of Groundedness,/,
  ],
  [
    { input, metrics: [{ evaluator: 'HttpEvaluator', params: { endpoint: 'service', path: '/../admin' } }] },
    'metrics.0.params',
    /^metrics.0.params: path: must not lead out of the endpoint’s URL$/,
  ],
  [
    { input, suite: 'dataset:x@production' },
    'suite',
    /^suite: dataset:x@production is none; its ref is suite:name@version$/,
  ],
  [{ input: { context: [] }, evaluator: 'Groundedness' }, 'input.response', /^input.response: /],
  [
    { input: { ...input, response: 'x'.repeat(1_000_001) }, evaluator: 'Groundedness' },
    'input.response',
    /^input.response: may have at most 1000000 characters$/,
  ],
] as const)('a request that asks for what cannot be names the field: %#', async ([body, field, detail]) => {
  const answer = await evaluate<Problem>(body)
  expect(answer.status).toBe(400)
  expect(answer.body).toMatchObject({ code: 'request.invalid', field })
  expect(answer.body.detail).toMatch(detail)
})

test.for([
  ['', {}, [400, 'request.invalid', 'The body is not JSON']],
  ["{'input': 1}", {}, [400, 'request.invalid', 'The body is not JSON']],
  [
    '{}',
    { 'content-type': 'text/plain' },
    [415, 'body.type', 'Send the body as JSON, with the header content-type: application/json'],
  ],
] as const)('a body that is no JSON is the caller’s fault: %j', async ([body, headers, said]) => {
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
  const response = await request('/api/v1/evaluate', init)
  const problem = (await response.json()) as Problem
  expect([response.status, problem.code, problem.detail]).toEqual(said)
})

test.for([
  [`Groundedness@${GROUNDEDNESS}`, 'Groundedness', /^Groundedness@\d+$/],
  [{ evaluator: 'Groundedness:judge@1' }, 'Groundedness', /^Groundedness:judge@1$/],
  [{ evaluator: 'Groundedness:judge' }, 'Groundedness', /^Groundedness:judge@/],
] as const)('an evaluator goes by its id too: %j', async ([metric, name, evaluator]) => {
  const { body } = await evaluate({ input, metrics: [metric], judge: { endpoint: 'judge' } })
  expect(body.scores[name]).toMatchObject({ evaluator: expect.stringMatching(evaluator), score: 1 })
})

test('metrics of one evaluator have names of their own, however many', async () => {
  const texts = ['Parcels', 'days', 'weeks', 'hours']
  const metrics = texts.map((text) => ({ evaluator: 'Contains', params: { texts: [text] } }))
  const { body } = await evaluate({ input, metrics: [...metrics, { ...metrics[0], metric: 'Contains-2' }] })
  expect(Object.entries(body.scores).map(([name, { score }]) => [name, score])).toEqual([
    ['Contains', 1],
    ['Contains-rule', 1],
    ['Contains-3', 0],
    ['Contains-4', 0],
    ['Contains-2', 1],
  ])
})

test('a metric’s own pass mark counts before any calibration', async () => {
  const passAt = async (mark: number) =>
    (await evaluate({ input, metrics: [{ evaluator: 'Groundedness', passAt: mark }] })).body.scores
      .Groundedness!.passes
  expect([await passAt(1), await passAt(0)]).toEqual([true, true])
  const low = { ...input, response: 'Zebras graze near volcano 7000.' }
  const metrics = [{ evaluator: 'Groundedness', passAt: 0.99 }]
  expect((await evaluate({ input: low, metrics })).body.scores.Groundedness!.passes).toBe(false)
})

test('a body that is too large is refused with the limit, and an unknown suite is not found', async () => {
  const large = await evaluate<Problem>({
    input: { ...input, context: ['x'.repeat(5_000_000)] },
    evaluator: 'x',
  })
  expect(large.status).toBe(413)
  expect(large.body).toMatchObject({ code: 'body.too_large', limit: 5_000_000 })
  expect((await evaluate({ input, suite: 'suite:none@production' })).status).toBe(404)
})

test('scoring needs the scope run, and the list of evaluators read', async () => {
  const { key } = await makeKey(['read'])
  expect((await evaluate({ input, evaluator: 'Groundedness' }, { key })).status).toBe(403)
  const { status, body } = await get<{ evaluators: { id: string; name: string; params: object | null }[] }>(
    '/api/v1/evaluators',
    { key },
  )
  expect(status).toBe(200)
  expect(body.evaluators).toHaveLength(ALL_EVALUATORS.length)
  expect(body.evaluators.find(({ id }) => id === 'HttpEvaluator:http@1')).toMatchObject({
    params: { type: 'object', required: ['endpoint'], properties: { path: { default: '/v1/evaluate' } } },
    calibrated: null,
  })
  expect(body.evaluators.find(({ id }) => id === 'Groundedness:judge@1')).toMatchObject({ params: null })
})
