import { expect, test } from 'vitest'
import type { NamedMetric } from '../../domain/evaluation/single-input.ts'
import type { SuiteMetric } from '../../domain/evaluation/suite.ts'
import type { EvaluatorInput } from '../../domain/evaluators/evaluator.ts'
import { estimateRemote } from '../../workers/evaluation/engines/score-remote.ts'
import { GROUNDEDNESS, judged, row, score, suiteOf } from './judged.ts'
import { env } from './support.ts'

test('embeddings are compared, and the pair is not paid twice', async () => {
  const metrics: NamedMetric[] = [
    { evaluator: 'EmbeddingSimilarity', params: { endpoint: 'judge' }, metric: 'judged' },
  ]
  expect(await judged(row('In three days.'), { metrics })).toMatchObject({
    score: 1,
    evidence: { engine: 'embedding', model: 'judge-1' },
    cost: { costUsd: 0.001 },
  })
  expect(await judged(row('In three days.'), { metrics })).toMatchObject({ score: 1, cost: { cached: true } })
  const { reference: _, ...without } = row('In three days.')
  expect(await judged(without, { metrics })).toEqual({
    error: 'reference is missing: there is nothing to compare with',
  })
  const nobody: NamedMetric[] = [
    { evaluator: 'EmbeddingSimilarity', params: { endpoint: 'nobody' }, metric: 'judged' },
  ]
  expect(((await judged(row('x'), { metrics: nobody })) as { error: string }).error).toMatch(
    /JUDGE_ENDPOINTS/,
  )
})

const service = (params: Record<string, string>, more: object = {}): NamedMetric[] => [
  { evaluator: 'HttpEvaluator', metric: 'judged', params: { endpoint: 'service', params }, ...more },
]

test('your own service scores by a signed call, and sees the good answer only where a metric compares with one', async () => {
  const expected = { intent: 'track', action: 'track', reply: 'In three days.' }
  const input = { ...row('x'.repeat(40)), expected }
  expect(await judged(input, { metrics: service({}) })).toMatchObject({
    score: 0.4,
    reason: 'It sees what is expected.',
    evidence: { engine: 'http', endpoint: 'service' },
  })
  expect(await judged(input, { metrics: service({}, { reference: false }) })).toMatchObject({
    reason: 'It cannot see what is expected.',
  })
})

test.for([
  ['fail-first', { score: 0.5, label: 'so-so', evidence: { times: 2 }, cost: { costUsd: 0.01 } }],
  ['too-high', { error: expect.stringMatching(/^service gave an answer that is no score: score: Too big/) }],
  ['huge', { error: expect.stringMatching(/the answer of service is larger than 100000 bytes/) }],
  ['refuse', { error: 'service did not score the row: HTTP 404: no such path' }],
] as const)('a service that does this: %s', async ([how, result]) => {
  expect(await judged(row(`The service is to ${how}.`), { metrics: service({ do: how }) })).toMatchObject(
    result,
  )
})

test('a service that is down or unknown is an error of the row', async () => {
  const at = (endpoint: string): NamedMetric[] => [
    { evaluator: 'HttpEvaluator', metric: 'judged', params: { endpoint } },
  ]
  expect(((await judged(row('x'), { metrics: at('down') })) as { error: string }).error).toMatch(
    /^down did not score the row: HTTP 502/,
  )
  expect(((await judged(row('x'), { metrics: at('nobody') })) as { error: string }).error).toMatch(
    /EVALUATOR_ENDPOINTS has: service, down/,
  )
})

test('rules and others are scored together, in the order of the metrics; one that fails harms no other', async () => {
  const scores = await score(row('All together.'), {
    metrics: [
      GROUNDEDNESS,
      'Groundedness',
      ...service({ do: 'refuse' }).map((one) => ({ ...(one as object), metric: 'served' }) as NamedMetric),
      'HumanLabel',
    ],
  })
  expect(Object.keys(scores)).toEqual(['judged', 'Groundedness', 'served', 'HumanLabel'])
  expect(scores.judged).toHaveProperty('score')
  expect(scores.Groundedness).toHaveProperty('score')
  expect(scores.served).toHaveProperty('error')
  expect(scores.HumanLabel).toEqual({ error: 'people label the rows of an evaluation: this is not one' })
})

test('what a row will cost is told before, from its texts and the prices', () => {
  const metrics: NamedMetric[] = [
    GROUNDEDNESS,
    'Groundedness',
    { evaluator: 'EmbeddingSimilarity', params: { endpoint: 'judge' } },
    'HumanLabel',
  ]
  const suite = suiteOf({ metrics, samples: 3 })
  const estimate = (rows: EvaluatorInput[], of: SuiteMetric[] = suite.metrics) =>
    estimateRemote(env, suite, of, rows)
  const short = estimate([row('Short.')])
  expect(Object.keys(short)).toEqual(['judged', 'EmbeddingSimilarity', 'HumanLabel'])
  expect(short.HumanLabel).toBe(0)
  // About 500 tokens of prompt and 250 of answer, three times.
  expect(short.judged).toBeGreaterThan(0.002)
  expect(short.judged).toBeLessThan(0.006)
  const long = estimate([row('Long. '.repeat(2000))])
  // 12,000 characters more are 3,000 tokens, three times.
  expect(long.judged! - short.judged!).toBeCloseTo(0.009, 3)
  expect(estimate([row('Short.'), row('Long. '.repeat(2000))]).judged).toBeCloseTo(
    (short.judged! + long.judged!) / 2,
    9,
  )
  expect(estimate([])).toEqual({ judged: 0, EmbeddingSimilarity: 0, HumanLabel: 0 })
})
