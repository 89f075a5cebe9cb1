import { beforeAll, expect, test } from 'vitest'
import { sha256Hex } from '../../domain/hash.ts'
import { RouteVersion } from '../../domain/routing/route.ts'
import { ask, askJson, callsOf, route, spanOf, target, type Completion } from './gateway-routes.ts'
import { mayRetry } from '../../workers/gateway/retries.ts'
import { askModel } from '../../workers/routing/call-model.ts'
import { env, get, makeKey, post, request } from './support.ts'

const guardrail = (more: object) =>
  ({ on: 'request', check: 'pii', params: {}, passAt: 0.5, onFail: 'redact', ...more }) as NonNullable<
    RouteVersion['guardrails']
  >[number]
const raw = async (body: string) => {
  const response = await request('/v1/chat/completions', { method: 'POST', body })
  return { status: response.status, body: (await response.json()) as Completion }
}
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

const ON_FAIL = ['redact', 'refuse', 'next_target', 'flag'] as const

beforeAll(async () => {
  await route('neighbour', ['flaky', 'good'])
  await route('deep', [{ id: 'good', provider: 'anthropic' }])
  await route('deep-trace', ['good'])
  await route('folded', ['echo'])
  const deny = { check: 'deny', params: { phrases: ['open sesame'] }, onFail: 'refuse' }
  await route('twice', ['echo'], { guardrails: [guardrail(deny)] })
  await route('everywhere', ['echo'], { guardrails: [guardrail({})] })
  await route('refused-metadata', ['good'], { guardrails: [guardrail({ onFail: 'refuse' })] })
  for (const onFail of ON_FAIL) {
    const name = `shadow-${onFail.replace('_', '-')}`
    await route(name, ['good'], {
      guardrails: [guardrail({ on: 'response', onFail })],
      shadow: { target: target(name, 'parrot'), share: 1 },
    })
  }
  await route('named', [{ id: 'good', servedModel: 'served-named 模型\n' }])
  await route('odd-cohorts', ['good'])
})

test('a route of another project cannot close a target to this one', async () => {
  const spec = RouteVersion.parse({
    route: 'noisy',
    targets: [target('neighbour', 'flaky')],
    prompt: `prompt:p@${'b'.repeat(64)}`,
    retry: { sameTarget: 0 },
    breaker: { inARow: 1, cooldownMs: 60_000, maxCooldownMs: 60_000 },
  })
  await env.ROUTE_REGISTRY.getByName('other').activate({
    project: 'other',
    route: 'noisy',
    expect: null,
    version: `route:noisy@${sha256Hex('noisy')}`,
    spec,
    fence: 1,
    kind: 'deploy',
    actor: 'test',
    runId: null,
    reason: 'test',
  })
  const { key } = await makeKey(['gateway'], 'other')
  expect((await ask('noisy', {}, { key })).response.status).toBe(502)
  expect((await ask('neighbour')).header('x-sluice-target')).toBe('flaky')
})

test('a question that cannot be written is the caller’s fault, and no failure of the target', async () => {
  const deep = `{"x":${nested(7_000)}}`
  const bomb = `{"messages":[{"role":"user","content":[{"type":"text","text":"x","x":${deep}}]}],"response_format":{"type":"json_schema","json_schema":{"schema":${deep}}},"tools":[{"type":"function","function":{"name":"f","parameters":${deep}}}],"model":"deep"}`
  for (let i = 0; i < 6; i++) {
    const { status, body } = await raw(bomb)
    expect([status, body.error?.type]).toEqual([400, 'invalid_request_error'])
  }
  expect((await ask('deep')).header('x-sluice-target')).toBe('good')
})

test('a body of a few megabytes that is nothing but nested lists is refused at once', async () => {
  const { status, body } = await raw(`{"model":"deep","messages":[{"content":${nested(2_000_000)}}]}`)
  expect([status, body.error?.message]).toEqual([400, 'The body is nested deeper than 512 levels'])
})

test('a call whose text cannot be kept is recorded all the same', async () => {
  const traceId = 'e'.repeat(32)
  const response = await request('/v1/chat/completions', {
    method: 'POST',
    headers: { traceparent: `00-${traceId}-${'d'.repeat(16)}-01` },
    body: `{"model":"deep-trace","messages":[{"role":"user","content":${nested(20_000)}}]}`,
  })
  expect(response.status).toBe(200)
  expect(await spanOf(traceId)).toMatchObject({ route: 'deep-trace', outcome: 'answered' })
})

test('a field that some servers read as `model` or `messages` is refused', async () => {
  for (const field of ['Model', 'MODEL', 'meſſages', 'Messages']) {
    const { status, body } = await askJson('folded', { [field]: 'other' })
    expect([field, status, body.error?.param]).toEqual([field, 400, field])
  }
  expect(await callsOf('folded', 'echo')).toEqual([])
})

test('what guardrails did not see is not sent: of a field that comes twice the last one counts', async () => {
  const said = (text: string) => `"messages":[{"role":"user","content":"${text}"}]`
  const { status, body } = await raw(`{"model":"twice",${said('open sesame')},${said('Hi')}}`)
  expect(status).toBe(200)
  expect(body.choices![0]!.message.content).toContain('Hi')
  expect(body.choices![0]!.message.content).not.toContain('sesame')
})

const MAIL = 'jane@example.com'

test('personal data is redacted wherever the caller put it, in what is sent and in what is kept', async () => {
  const { body, traceId, header } = await askJson(
    'everywhere',
    {
      user: MAIL,
      metadata: { mail: MAIL, tier: 'gold' },
      messages: [
        { role: 'user', content: 'Hi', Content: MAIL, cited: [{ title: MAIL }] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 't', type: 'custom', custom: { name: 'n', input: MAIL } }],
        },
      ],
    },
    { headers: { 'x-sluice-metadata': JSON.stringify({ who: MAIL }) } },
  )
  expect(header('x-sluice-guardrails')).toBe('request:pii:redact')
  expect(body.choices![0]!.message.content).toContain('[EMAIL]')
  expect(body.choices![0]!.message.content).not.toContain(MAIL)
  const span = await spanOf(traceId)
  expect(JSON.stringify(span)).not.toContain(MAIL)
  expect(span.metadata).toEqual({ mail: '[EMAIL]', tier: 'gold', who: '[EMAIL]' })
})

test('of a refused request no metadata is kept', async () => {
  const headers = { 'x-sluice-metadata': JSON.stringify({ who: MAIL }) }
  const { status, traceId } = await askJson('refused-metadata', {}, { headers })
  expect(status).toBe(400)
  expect(JSON.stringify(await spanOf(traceId))).not.toContain(MAIL)
})

test.for(ON_FAIL)(
  'a shadow’s answer is held against the guardrails before it is kept (%s)',
  async (onFail) => {
    const name = `shadow-${onFail.replace('_', '-')}`
    await ask(name, { messages: [{ role: 'user', content: `Write to ${MAIL}` }] })
    const shadows = async () =>
      (await get<{ traces: { traceId: string }[] }>(`/api/v1/routes/${name}/traces?shadow=true`)).body.traces
    await expect.poll(async () => (await shadows()).length, { timeout: 10_000 }).toBe(1)
    const { response, guardrails } = await spanOf((await shadows())[0]!.traceId)
    const kept = { redact: 'Write to [EMAIL]', flag: `Write to ${MAIL}`, refuse: null, next_target: null }
    expect([response, guardrails?.map(({ action }) => action)]).toEqual([kept[onFail], [onFail]])
  },
)

test('a model’s name that is no header is told without breaking the answer', async () => {
  const { response, header } = await ask('named', {}, { headers: { 'x-agentcc-sdk-version': '1' } })
  expect([response.status, header('x-agentcc-provider')]).toEqual([200, 'openai'])
})

test('an error does not repeat megabytes of the caller’s', async () => {
  const { status, body } = await askJson('x'.repeat(100_000))
  expect([status, body.error!.message.length < 300]).toEqual([404, true])
})

test.for(['\0evil', 'half \ud83d', '__proto__', "'; DROP TABLE traces;--", '../../x'])(
  'a cohort named %j is kept, and spoils no other call’s trace',
  async (cohort) => {
    const [odd, other] = await Promise.all([
      ask('odd-cohorts', { metadata: { cohort, ['__proto__x']: 'y' } }),
      ask('odd-cohorts'),
    ])
    expect((await spanOf(odd.traceId)).route).toBe('odd-cohorts')
    expect((await spanOf(other.traceId)).route).toBe('odd-cohorts')
    const rows = await get<{ traces: { traceId: string; cohort: string }[] }>(
      '/api/v1/routes/odd-cohorts/traces?limit=100',
    )
    expect(rows.body.traces.map((trace) => trace.traceId)).toContain(odd.traceId)
  },
)

test('an error of a model that is evaluated does not tell its key', async () => {
  const asked = await askModel(env, target('leaky-model', 'leaky'), [{ role: 'user', content: 'Hi' }], 2_000)
  expect(asked).toEqual({ error: expect.stringContaining('Bearer [key]') })
})

test('the retries of one project are not those of another', () => {
  const now = Date.now()
  const taken = Array.from({ length: 20 }, () => mayRetry('storm', now)).filter(Boolean)
  expect(taken.length).toBeLessThan(20)
  expect(mayRetry('calm', now)).toBe(true)
})

test('a rollback that there is nothing for takes the gate lock from nobody', async () => {
  const lock = env.GATE_LOCK.getByName('default/route:folded')
  const holder = { runId: 'run_deploying', stage: 'deploy' } as never
  const { token } = (await lock.acquire(holder)) as { token: number }
  const { status } = await post('/api/v1/routes/folded/rollback', { reason: 'nothing before it' })
  expect([status, await lock.holds(holder, token)]).toEqual([409, true])
})
