import { beforeAll, expect, test } from 'vitest'
import type { RouteVersion } from '../../domain/routing/route.ts'
import { ask, askJson, askStream, callsOf, route, spanOf, type Behaviour } from './gateway-routes.ts'
import { get } from './support.ts'

interface Listed {
  traces: { traceId: string }[]
}

const MAIL = 'Write to jane@example.com'
const SCHEMA = { type: 'object', required: ['intent'] }
type Given = Partial<NonNullable<RouteVersion['guardrails']>[number]>

const guarded = (
  name: string,
  behaviours: Behaviour[],
  guardrails: Given[],
  more: Parameters<typeof route>[2] = {},
) =>
  route(name, behaviours, {
    guardrails: guardrails.map((one) => ({
      on: 'response' as const,
      check: 'pii',
      params: {},
      passAt: 0.5,
      onFail: 'refuse' as const,
      ...one,
    })),
    ...more,
  })

const claude = { id: 'parrot', provider: 'anthropic' } as const
const tell = (content: string) => ({ messages: [{ role: 'user', content }] })

beforeAll(async () => {
  await guarded('in-redact', ['echo'], [{ on: 'request', onFail: 'redact' }])
  await guarded('in-refuse', ['good'], [{ on: 'request' }])
  await guarded(
    'in-flag',
    ['good'],
    [{ on: 'request', check: 'LengthLimit', params: { max: 5 }, onFail: 'flag' }],
  )
  await guarded('out-refuse', ['parrot', 'good'], [{}])
  await guarded('out-refuse-claude', [claude], [{}])
  await guarded('out-redact', ['parrot'], [{ onFail: 'redact' }], { cache: { ttlSeconds: 60 } })
  await guarded('out-redact-claude', [claude], [{ onFail: 'redact' }])
  await guarded('out-next', ['parrot', 'good'], [{ onFail: 'next_target' }], {
    breaker: { inARow: 2, minRequests: 2 } as NonNullable<RouteVersion['breaker']>,
  })
  await guarded('out-next-alone', ['parrot'], [{ onFail: 'next_target' }])
  await guarded('out-schema', ['parrot', 'good'], [{ check: 'schema' }], { answerSchema: SCHEMA })
  await guarded('out-flag', ['parrot'], [{ onFail: 'flag' }], { cache: { ttlSeconds: 60 } })
  await guarded('out-huge', ['huge'], [{}])
  await guarded('out-priced', [{ id: 'parrot', price: { inputPerMTok: 1, outputPerMTok: 2 } }], [{}])
})

test('a request goes on without the personal data in it, and the span has none', async () => {
  const { body, header, traceId } = await askJson('in-redact', { ...tell(MAIL), user: 'u1' })
  const { text } = JSON.parse(body.choices![0]!.message.content) as { text: string }
  expect(JSON.parse(text)).toEqual({ model: 'served-in-redact', ...tell('Write to [EMAIL]'), user: 'u1' })
  expect(header('x-sluice-guardrails')).toBe('request:pii:redact')
  const span = await spanOf(traceId)
  expect(span).toMatchObject({
    messages: [{ content: 'Write to [EMAIL]' }],
    guardrails: [{ check: 'pii', on: 'request', passed: false, score: 0, action: 'redact' }],
    attributes: { 'sluice.guardrails': ['request:pii:redact'] },
  })
  expect((await askJson('in-redact', tell('Hi'))).header('x-sluice-guardrails')).toBeNull()
})

test.for([false, true])('a request is refused before any target is asked (stream: %s)', async (stream) => {
  const { status, body, header, traceId } = await askJson('in-refuse', { ...tell(MAIL), stream })
  expect([status, body.error]).toEqual([
    400,
    {
      message: 'The guardrail pii of the route in-refuse refused the request',
      type: 'invalid_request_error',
      param: null,
      code: 'guardrail.refused',
    },
  ])
  expect([header('x-should-retry'), header('x-sluice-attempts')]).toEqual(['false', '0'])
  expect(await callsOf('in-refuse', 'good')).toEqual([])
  const span = await spanOf(traceId)
  // Apart from what sweeps and gates judge, and without what was refused.
  expect(span).toMatchObject({ route: 'in-refuse:refused', outcome: 'refused', target: 'none', messages: [] })
  expect(JSON.stringify(span)).not.toContain('jane')
  const listed = async (query: string) => (await get<Listed>(`/api/v1/routes/in-refuse/traces${query}`)).body
  await expect
    .poll(async () => (await listed('?refused=true')).traces.map((trace) => trace.traceId))
    .toContain(traceId)
  expect((await listed('')).traces.map((trace) => trace.traceId)).not.toContain(traceId)
})

test('embeddings and responses are held against guardrails as chats are', async () => {
  const embedded = await askJson('in-refuse', { input: ['Hi', MAIL] }, { path: '/v1/embeddings' })
  expect(embedded.body.error?.code).toBe('guardrail.refused')
  const tokens = await askJson('in-refuse', { input: [[1, 2]] }, { path: '/v1/embeddings' })
  expect(tokens.body.error?.message).toMatch(/could not check the request.*it is no text/)
  const response = await askJson('in-refuse', { input: MAIL }, { path: '/v1/responses' })
  expect(response.body.error?.code).toBe('guardrail.refused')
})

test('a request that is only flagged is answered, and says so', async () => {
  const { status, header, traceId } = await askJson('in-flag')
  expect([status, header('x-sluice-guardrails')]).toEqual([200, 'request:LengthLimit:flag'])
  expect((await spanOf(traceId)).guardrails).toMatchObject([{ score: 0, action: 'flag' }])
})

test.for([
  ['out-refuse', false],
  ['out-refuse', true],
  ['out-refuse-claude', false],
  ['out-refuse-claude', true],
  ['out-schema', false],
  ['out-schema', true],
] as const)('%s: an answer is refused, whole or as a stream (%s)', async ([name, stream]) => {
  const { status, body, header, traceId } = await askJson(name, { ...tell(MAIL), stream })
  expect([status, body.error?.code]).toEqual([400, 'guardrail.refused'])
  expect([header('x-should-retry'), header('x-sluice-attempts')]).toEqual(['false', '1'])
  expect(JSON.stringify(body)).not.toContain('jane')
  expect(await spanOf(traceId)).toMatchObject({
    status: 'error',
    response: null,
    guardrails: [{ on: 'response', passed: false, action: 'refuse', target: 'parrot' }],
  })
  const good = await askStream(name, { ...tell('{"intent":"a"}'), stream_options: { include_usage: true } })
  expect([good.data.at(-1), good.header('x-sluice-guardrails')]).toEqual(['[DONE]', null])
  expect(await spanOf(good.traceId)).toMatchObject({ response: '{"intent":"a"}', outputTokens: 5 })
})

test('what a refused answer used is paid for', async () => {
  const { traceId } = await askJson('out-priced', tell(MAIL))
  expect(await spanOf(traceId)).toMatchObject({ inputTokens: 10, outputTokens: 5, costUsd: 0.00002 })
})

test.for(['out-redact', 'out-redact-claude'])(
  '%s: an answer goes out without personal data',
  async (name) => {
    const { body, header, traceId } = await askJson(name, tell(MAIL))
    expect(body.choices?.[0]?.message.content).toBe('Write to [EMAIL]')
    expect(header('x-sluice-guardrails')).toBe('response:pii:redact')
    expect(await spanOf(traceId)).toMatchObject({
      status: 'ok',
      response: 'Write to [EMAIL]',
      outputTokens: 5,
    })
    const stream = await askStream(name, { ...tell(MAIL), stream_options: { include_usage: true } })
    expect(stream.text).not.toMatch(/jane|example/)
    expect(stream.text).toContain('Write to [EMAIL]')
    expect([stream.data.at(-1), stream.data.at(-2)]).toEqual([
      '[DONE]',
      expect.stringContaining('"total_tokens":15'),
    ])
    expect(await spanOf(stream.traceId)).toMatchObject({ response: 'Write to [EMAIL]', outputTokens: 5 })
  },
)

test('responses are redacted, too, whole and as a stream', async () => {
  const path = '/v1/responses'
  for (const stream of [false, true]) {
    const { response } = await ask('out-redact', { input: MAIL, stream }, { path })
    const text = await response.text()
    expect(text).toContain('Write to [EMAIL]')
    expect(text).not.toContain('jane@')
    if (stream) expect(text).toContain('event: response.completed')
  }
})

test('an answer that was redacted is kept redacted; one that was flagged is not kept', async () => {
  const body = { ...tell(MAIL), temperature: 0 }
  await ask('out-redact', body)
  await expect.poll(async () => (await ask('out-redact', body)).header('x-sluice-cache')).toBe('hit')
  expect((await askJson('out-redact', body)).body.choices?.[0]?.message.content).toBe('Write to [EMAIL]')
  await ask('out-flag', body)
  const again = await ask('out-flag', body)
  expect([again.header('x-sluice-cache'), again.header('x-sluice-guardrails')]).toEqual([
    'miss',
    'response:pii:flag',
  ])
})

test.for([false, true])(
  'the next target may answer instead, and the breaker stays closed (stream: %s)',
  async (stream) => {
    for (let i = 0; i < 4; i++) {
      const { response, header, traceId } = await ask('out-next', { ...tell(MAIL), stream })
      expect(await response.text()).toMatch(/three /)
      expect([header('x-sluice-target'), header('x-sluice-fallback-reason')]).toEqual([
        'good',
        'guardrail pii',
      ])
      if (i === 3)
        expect(await spanOf(traceId)).toMatchObject({
          attempts: [
            { target: 'parrot', status: 200, reason: 'guardrail pii' },
            { target: 'good', reason: null },
          ],
          guardrails: [
            { action: 'next_target', target: 'parrot' },
            { action: 'none', target: 'good' },
          ],
        })
    }
  },
)

test('without another target the guardrail’s word is the answer', async () => {
  const { status, body, header } = await askJson('out-next-alone', tell(MAIL))
  expect([status, body.error?.code]).toEqual([400, 'guardrail.refused'])
  expect(header('x-sluice-guardrails')).toBe('response:pii:next_target')
})

test('a stream that is only flagged is not held back, and its span tells', async () => {
  for (const path of ['/v1/chat/completions', '/v1/responses']) {
    const { response, header, traceId } = await ask(
      'out-flag',
      { ...(path === '/v1/responses' ? { input: MAIL } : tell(MAIL)), stream: true },
      { path },
    )
    expect(await response.text()).toContain('xampl')
    expect(header('x-sluice-guardrails')).toBeNull()
    expect((await spanOf(traceId)).guardrails).toMatchObject([{ check: 'pii', score: 0, action: 'flag' }])
  }
})

test('an answer too large to be looked at is refused', async () => {
  const { status, body } = await askJson('out-huge')
  expect([status, body.error?.message]).toEqual([400, expect.stringContaining('could not check the answer')])
})
