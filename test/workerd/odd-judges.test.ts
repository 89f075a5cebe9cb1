import { expect, test } from 'vitest'
import type { Env } from '../../workers/env.ts'
import { judged, row, score, type Options } from './judged.ts'
import { activateRoute, env } from './support.ts'

/** How an endpoint is configured that goes wrong in one way; odd-judge-hosts.ts has the ways. */
const configured = (how: string, more: object = {}): Env => ({
  ...env,
  JUDGE_ENDPOINTS: JSON.stringify({
    odd: {
      url: `http://odd.judge.test/${how}/v1`,
      secret: 'GPU_ENDPOINT_KEY',
      model: 'm',
      inputUsdPerMTok: 1,
      outputUsdPerMTok: 2,
      ...more,
    },
  }),
})

const judgedBy = (how: string, options: Options = {}, more: object = {}) =>
  judged(row(options.evaluationId ?? `It is ${how}.`), {
    endpoint: 'odd',
    bindings: configured(how, more),
    ...options,
  })

async function calls(where: { host?: string; path?: string }): Promise<number> {
  const made = (await (await fetch('http://calls.test/')).json()) as { host: string; path: string }[]
  return made.filter(({ host, path }) => host === where.host || (where.path && path.startsWith(where.path)))
    .length
}

const MALFORMED = 'odd gave no judgement in 3 answers: '

test.for([
  ['no-choices', `${MALFORMED}its answer is no chat completion`, 3, 0],
  ['error-body', `${MALFORMED}its answer is no chat completion: the model is warming up`, 3, 0],
  ['tool-calls', `${MALFORMED}the answer is not one JSON object`, 3, 0.0036],
  ['chatty', `${MALFORMED}the answer is not one JSON object`, 3, 0.0036],
  ['nan', `${MALFORMED}the answer is not one JSON object`, 3, 0.0036],
  ['wrong-type', `${MALFORMED}the field verdict is not one of the allowed values`, 3, 0.0036],
  ['text-score', `${MALFORMED}the field verdict is not one of the allowed values`, 3, 0.0036],
  ['more', `${MALFORMED}the answer has fields that the schema does not name`, 3, 0.0036],
  ['refusal', 'odd gave no judgement: the model refuses to judge this row', 1, 0.0012],
  ['cut', /^odd gave no judgement: its answer was cut off; "request" of the endpoint in/, 1, 0.0012],
  ['html', 'odd did not answer: its answer is not JSON', 4, 0],
  ['huge', 'odd did not answer: the answer is larger than 2000000 bytes', 1, 0],
  ['echo', 'odd did not answer: HTTP 401: Incorrect API key provided: ***', 1, 0],
] as const)('%s is an error of the row, with what was paid for it', async ([how, error, times, costUsd]) => {
  const result = (await judgedBy(how)) as { error: string; cost: { costUsd: number } }
  expect(result.error).toMatch(error)
  expect(result.cost.costUsd).toBeCloseTo(costUsd, 9)
  expect(await calls({ path: `/${how}/` })).toBe(times)
})

test.for(['parts', 'fenced', 'html-type'])('an answer that can be read counts: %s', async (how) => {
  expect(await judgedBy(how)).toMatchObject({ score: 1, label: 'fully' })
})

test('tokens below zero give nothing back to the budget', async () => {
  const result = (await judgedBy('paid-back')) as { cost: { costUsd: number; inputTokens: number } }
  expect(result.cost.inputTokens).toBeGreaterThan(100)
  expect(result.cost.costUsd).toBeGreaterThan(0)
})

test('answers that cannot be read use the budget up, and no more is asked then', async () => {
  const options = { evaluationId: 'eval_odd_budget', maxCostUsd: 0.002 }
  expect(await judgedBy('chatty', options)).toMatchObject({
    error: 'the judge budget of $0.002 is used up',
    cost: { costUsd: 0.0024 },
  })
  expect((await env.EVALUATION_RUN.getByName('eval_odd_budget').spent(0)).totalUsd).toBeCloseTo(0.0024, 9)
})

test('nobody is followed to another host, with a key or a signature', async () => {
  const elsewhere = 'HTTP 307: it points elsewhere, which is not followed'
  expect(await judgedBy('away')).toMatchObject({ error: `odd did not answer: ${elsewhere}` })
  const params = { endpoint: 'service', params: { do: 'away' } }
  const { served } = await score(row('Away.'), {
    metrics: [{ evaluator: 'HttpEvaluator', metric: 'served', params }],
  })
  expect(served).toEqual({ error: `service did not score the row: ${elsewhere}` })
  expect(await calls({ host: 'foreign.test' })).toBe(0)
})

test.for(['hangs', 'dribbles'])('an endpoint that %s is left alone for a while', async (how) => {
  const ask = (reply: string) => judgedBy(how, { evaluationId: reply }, { timeoutMs: 150 })
  expect(await ask('One.')).toMatchObject({ error: 'odd did not answer: no answer within 150 ms' })
  expect(await ask('Two.')).toMatchObject({ error: 'odd did not answer: no answer within 150 ms' })
  const before = Date.now()
  expect(((await ask('Three.')) as { error: string }).error).toMatch(
    /^odd did not answer: 4 calls in a row had no answer in time; it is asked again in \d+ s$/,
  )
  expect(Date.now() - before).toBeLessThan(100)
  expect(await calls({ path: `/${how}/` })).toBe(4)
})

test('a date in Retry-After is waited for', async () => {
  const before = Date.now()
  expect(await judgedBy('later')).toMatchObject({ score: 1 })
  // Dates have whole seconds.
  expect(Date.now() - before).toBeGreaterThan(900)
})

test('who asks for the same at the same time gets the same', async () => {
  const [one, two] = await Promise.all([judgedBy('fickle'), judgedBy('fickle')])
  expect(await calls({ path: '/fickle/' })).toBe(2)
  expect((one as { score: number }).score).toBe((two as { score: number }).score)
  expect(await judgedBy('fickle')).toMatchObject({ score: (one as { score: number }).score })
})

test('what is kept is the project’s, and of the endpoint as it is configured', async () => {
  const ask = async (options: Options, more: object = {}) =>
    ((await judgedBy('keeps', options, more)) as { cost: { cached?: true } }).cost.cached ?? false
  expect(await ask({})).toBe(false)
  expect(await ask({})).toBe(true)
  expect(await ask({ project: 'another' })).toBe(false)
  expect(await ask({}, { request: { temperature: 1 } })).toBe(false)
  expect(await ask({}, { model: 'm-2' })).toBe(false)
  // What it costs, and how long one waits, change no judgement.
  expect(await ask({}, { inputUsdPerMTok: 9, timeoutMs: 5_000 })).toBe(true)
})

test('who dies between keeping a judgement and counting it pays once', async () => {
  const spent = (usd: number) => (usd > 0 ? Promise.reject(new Error('gone')) : { totalUsd: 0 })
  const EVALUATION_RUN = { getByName: () => ({ spent }) } as unknown as Env['EVALUATION_RUN']
  const options = { evaluationId: 'eval_odd_dies', endpoint: 'odd' }
  const dying = { ...configured('dies'), EVALUATION_RUN }
  expect(await judgedBy('dies', { ...options, bindings: dying })).toHaveProperty('error')
  expect(await judgedBy('dies', options)).toMatchObject({ score: 1, cost: { costUsd: 0, cached: true } })
  expect(await calls({ path: '/dies/' })).toBe(1)
})

test('a route goes on to its next target when one cannot be reached at all', async () => {
  await activateRoute('unreachable', ['[', 'judge.test'])
  await expect
    .poll(() => judged(row('No such host.'), { endpoint: 'route:unreachable' }), { timeout: 3_000 })
    .toMatchObject({ score: 1 })
})

test.for([
  ['{"odd": hunter2}', 'JUDGE_ENDPOINTS is not JSON'],
  ['[]', /^JUDGE_ENDPOINTS: Invalid input: expected record/],
  [
    '{"odd":{"url":"http://me:hunter2@judge.test/v1","model":"m"}}',
    'JUDGE_ENDPOINTS.odd.url: must hold no name or password: name a Worker secret',
  ],
  ['{"odd":{"url":"file:///etc/passwd","model":"m"}}', 'JUDGE_ENDPOINTS.odd.url: Invalid URL'],
  ['{"odd":{"url":"http://judge.test/v1"}}', /^JUDGE_ENDPOINTS.odd.model: Invalid input/],
] as const)('a setting that is wrong is named and not repeated: %s', async ([JUDGE_ENDPOINTS, error]) => {
  const bindings = { ...env, JUDGE_ENDPOINTS }
  const result = (await judged(row('Who?'), { endpoint: 'odd', bindings })) as { error: string }
  expect(result.error.replace(/^Groundedness failed: /, '')).toMatch(error)
  expect(JSON.stringify(result)).not.toMatch(/hunter2|passwd/)
})

test('a base URL may end in a slash', async () => {
  const url = 'http://judge.test/v1/'
  const result = await judgedBy('slash', {}, { url })
  expect(result).toMatchObject({ score: 1 })
})

test('a metric may have the name of what every object inherits', async () => {
  const metrics = [
    { evaluator: 'HttpEvaluator', metric: 'constructor', params: { endpoint: 'service' } },
    { evaluator: 'Groundedness', metric: 'toString' },
  ]
  const scores = await score(row('Names.'), { metrics })
  expect(scores.constructor).toMatchObject({ score: 0.06 })
  expect(scores.toString).toHaveProperty('score')
})
