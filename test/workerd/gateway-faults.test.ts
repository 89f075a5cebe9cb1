import { beforeAll, expect, test } from 'vitest'
import { ask, askJson, callsOf, route, spanOf } from './gateway-routes.ts'

const FALLS_OVER = {
  e500: ['HTTP 500', 2],
  locked: ['HTTP 401 invalid_api_key', 1],
  gone: ['HTTP 404 model_not_found', 1],
  full: ['HTTP 429 rate_limit_exceeded', 1],
  hang: ['no answer in time', 1],
  malformed: ['the answer is not JSON', 2],
  html: ['the answer is not JSON', 2],
  'in-band': ['the stream begins with an error', 1],
  'cut-body': [/connection lost|unreachable|not JSON/, 2],
} as const

beforeAll(async () => {
  for (const behaviour of Object.keys(FALLS_OVER)) await route(`over-${behaviour}`, [behaviour, 'good'])
  await route('refused', ['refused', 'good'])
  await route('flaky', ['flaky', 'good'])
  await route('busy', ['busy', 'good'])
  await route('unsteady', ['unsteady', 'good'])
  await route('slow-loris', ['slow-loris'], { timeouts: { totalMs: 500 } })
  await route('slow-only', ['hang'], { timeouts: { totalMs: 400 } })
  await route('full-everywhere', ['full', { id: 'full', servedModel: 'other' }])
  await route('locked-everywhere', ['locked', 'gone'])
  await route('dead', ['e500', 'hang'], { timeouts: { totalMs: 700 } })
  await route('huge', ['huge'], { timeouts: { totalMs: 20_000 } })
  await route('invalid', ['invalid', 'good'])
  await route('policy', ['policy', 'good'])
  await route('long', ['long', { id: 'good', contextTokens: 5 }, { id: 'echo', contextTokens: 100 }])
  await route('too-long', [{ id: 'long', contextTokens: 50 }, 'good'])
  // The first request of all takes longer than these routes wait.
  await route('warm', ['good'], { timeouts: { headersMs: 2_000 } })
  await ask('warm')
})

test.for(Object.entries(FALLS_OVER))('%s: the next target answers', async ([behaviour, [reason, tries]]) => {
  const { status, body, header, traceId } = await askJson(`over-${behaviour}`)
  expect([status, body.choices?.[0]?.message.content]).toEqual([200, 'good says three days'])
  expect(header('x-sluice-target')).toBe('good')
  expect(header('x-sluice-attempts')).toBe(String(tries + 1))
  expect(header('x-sluice-fallback-reason')).toMatch(reason)
  const span = await spanOf(traceId)
  expect(span.attempts.map(({ target }) => target)).toEqual([
    ...Array.from({ length: tries }, () => behaviour),
    'good',
  ])
  expect(span).toMatchObject({ target: 'good', status: 'ok', outcome: 'answered', arm: 'stable' })
})

test('a connection that is refused falls over', async () => {
  const { status, header } = await askJson('refused')
  expect([status, header('x-sluice-target')]).toEqual([200, 'good'])
})

test('a passing fault is mended by a second try of the same target', async () => {
  const { header } = await ask('flaky')
  expect([header('x-sluice-target'), header('x-sluice-attempts')]).toEqual(['flaky', '2'])
  expect(header('x-sluice-fallback-reason')).toBeNull()
})

test('a short Retry-After is waited for, on the same target', async () => {
  const started = Date.now()
  const { header } = await ask('busy')
  expect(Date.now() - started).toBeGreaterThanOrEqual(145)
  expect([header('x-sluice-target'), header('x-sluice-attempts')]).toEqual(['busy', '2'])
})

test('with 500s at 30% no request fails', async () => {
  const answers = await Promise.all(Array.from({ length: 60 }, () => askJson('unsteady')))
  expect(answers.filter(({ status }) => status !== 200)).toEqual([])
})

test.for(['slow-loris', 'slow-only', 'dead'])('%s: one clear error within the total time', async (name) => {
  const started = Date.now()
  const { status, body, header, traceId } = await askJson(name)
  expect(Date.now() - started).toBeLessThan(1_200)
  expect(status).toBe(name === 'dead' ? 502 : 504)
  expect(body.error).toMatchObject({
    type: 'server_error',
    param: null,
    message: expect.stringContaining(name),
  })
  expect(header('x-should-retry')).toBe('false')
  expect(await spanOf(traceId)).toMatchObject({ status: 'error', outcome: 'failed', target: 'none' })
})

test('rate limits everywhere are told with the time to come back', async () => {
  const { status, body, header } = await askJson('full-everywhere')
  expect(status).toBe(429)
  expect(body.error).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit_exceeded' })
  expect([header('retry-after'), header('x-should-retry')]).toEqual(['30', null])
})

test('keys of ours that are not accepted are no 401 of the caller, and not shown', async () => {
  const { status, body } = await askJson('locked-everywhere')
  expect(status).toBe(502)
  expect(body.error?.code).toBe('upstream.credentials')
  expect(JSON.stringify(body)).not.toContain('sk-secret')
})

test('an answer of 50 MB is passed on', async () => {
  const { response } = await ask('huge')
  expect(response.status).toBe(200)
  let bytes = 0
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) bytes += chunk.byteLength
  expect(bytes).toBeGreaterThan(50_000_000)
})

test.for([
  ['invalid', 422, null],
  ['policy', 400, 'content_filter'],
])('%s: a fault of the caller goes back as it came, after one attempt', async ([name, status, code]) => {
  const answer = await askJson(name as string)
  expect([answer.status, answer.body.error?.code]).toEqual([status, code])
  expect(answer.header('x-sluice-attempts')).toBe('1')
  expect(await callsOf(name as string, 'good')).toEqual([])
})

test('what is too long for one target only goes to one that holds more', async () => {
  const { header } = await ask('long')
  expect(header('x-sluice-target')).toBe('good')
  const { status, body } = await askJson('too-long')
  expect([status, body.error?.code]).toEqual([400, 'context_length_exceeded'])
})
