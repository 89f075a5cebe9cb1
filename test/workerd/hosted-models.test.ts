import { expect, test } from 'vitest'
import { assertMaySend } from '../../workers/registry/secret-origins.ts'
import { findCandidate } from '../../workers/evaluation/candidate.ts'
import { askModel } from '../../workers/routing/call-model.ts'
import { hosted } from './deployments.ts'
import { env, get, makeKey, post, type Problem } from './support.ts'

type Answer = { ref: string } & Problem
const register = (name: string, body: object, key?: string) =>
  post<Answer>(`/api/v1/models/${name}/versions`, body, key === undefined ? {} : { key })

test('a model that somebody else serves is registered by what it is', async () => {
  const model = hosted('claude', 'good', { provider: 'anthropic', contextTokens: 1_000, note: 'on trial' })
  const first = await register('claude', model)
  expect([first.status, first.body.ref]).toEqual([201, expect.stringMatching(/^model:claude@[0-9a-f]{64}$/)])
  expect((await register('claude', { ...model, baseUrl: `${model.baseUrl}/` })).body.ref).toBe(first.body.ref)
  expect((await register('claude', { ...model, contextTokens: 2_000 })).body.ref).not.toBe(first.body.ref)
  const [, version] = first.body.ref.split('@')
  const { body } = await get<{ manifest: unknown }>(`/api/v1/artifacts/model/claude/${version}`)
  expect(body.manifest).toEqual({
    serving: {
      provider: 'anthropic',
      baseUrl: 'http://good.gw.test/v1',
      servedModel: 'served-claude',
      secret: 'GPU_ENDPOINT_KEY',
      contextTokens: 1_000,
    },
    note: 'on trial',
  })
})

test('it can be evaluated, whatever API it speaks', async () => {
  const price = { inputPerMTok: 1, outputPerMTok: 2 }
  const { body } = await register('judged', hosted('judged', 'good', { provider: 'anthropic', price }))
  const { candidate, ...priced } = await findCandidate(env, 'default', body.ref)
  const answer = await askModel(env, candidate!, [{ role: 'user', content: 'Hello' }], 2_000)
  expect(priced.price).toEqual({ inputUsdPerMTok: 1, outputUsdPerMTok: 2 })
  expect(answer).toMatchObject({ text: 'Three days.', inputTokens: 10, outputTokens: 5 })
})

test('a key, a secret that is not set and one of Sluice’s own are refused, with the way out', async () => {
  const refusals: [string, RegExp][] = [
    ['sk-proj-abc', /name of a Worker secret in capitals.*never the key/],
    ['NO_SUCH_SECRET', /NO_SUCH_SECRET is not set; set it with `wrangler secret put NO_SUCH_SECRET`/],
    ['SIGNING_KEY', /is for Sluice itself/],
    ['GPU_ENDPOINT_SIGNING_SECRET', /is for Sluice itself/],
    ['JUDGE_ENDPOINTS', /is for Sluice itself/],
  ]
  for (const [secret, message] of refusals) {
    const { status, body } = await register('refused', hosted('refused', 'good', { secret }))
    expect([status, body.code, body.field]).toEqual([400, 'request.invalid', 'secret'])
    expect(body.detail).toMatch(message)
  }
  const { artifacts } = (await get<{ artifacts: unknown[] }>('/api/v1/artifacts/model/refused')).body
  expect(artifacts).toEqual([])
})

test('who may only run workflows cannot send a secret where nobody has said that it may go', async () => {
  const { key } = await makeKey(['run'])
  const { status, body } = await register('stolen', hosted('stolen', 'thief'), key)
  expect([status, body.code]).toEqual([403, 'scope.missing'])
  expect(body.detail).toContain('add {"GPU_ENDPOINT_KEY": ["http://thief.gw.test"]} to it')
  const listed = { ...env, SECRET_ORIGINS: '{"GPU_ENDPOINT_KEY": ["http://good.gw.test/v1"]}' }
  expect(() => assertMaySend(listed, 'GPU_ENDPOINT_KEY', 'http://good.gw.test/v2', false)).not.toThrow()
  expect(() => assertMaySend(listed, 'GPU_ENDPOINT_KEY', 'http://good.gw.test:81/v1', true)).toThrow(
    /may be sent to http:\/\/good\.gw\.test and not to http:\/\/good\.gw\.test:81/,
  )
  const reader = await makeKey(['read'])
  expect((await register('stolen', hosted('stolen', 'good'), reader.key)).status).toBe(403)
})

test('Workers AI needs the binding only', async () => {
  const bound = { provider: 'workers-ai', servedModel: '@cf/meta/llama' }
  expect((await register('bound', bound)).status).toBe(201)
  expect((await register('bound', { ...bound, secret: 'GPU_ENDPOINT_KEY' })).body.detail).toMatch(
    /is not taken/,
  )
})
