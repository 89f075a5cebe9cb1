import { beforeAll, expect, test } from 'vitest'
import { ask, askJson, askStream, route, spanOf, target } from './gateway-routes.ts'
import { env, makeKey } from './support.ts'

beforeAll(async () => {
  await route('canary', ['good'], {
    canary: { target: target('canary', 'echo'), share: 0.5, stickyBy: 'user' },
  })
  await route('rules', ['good', 'echo'], { rules: [{ when: { tier: 'gold' }, target: 'echo' }] })
  await route('weights', [
    { id: 'good', weight: 1 },
    { id: 'echo', weight: 3 },
  ])
  await route('a-minute', ['good'], { limits: { requestsPerMinute: 3 } })
  await route('tokens', ['good'], { limits: { tokensPerMinute: 20 } })
  await route('a-day', ['good'], { limits: { tokensPerDay: 40 } })
  await route('dollars', [{ id: 'good', price: { inputPerMTok: 1_000, outputPerMTok: 2_000 } }], {
    limits: { usdPerDay: 0.03 },
  })
  await ask('weights')
})

test('a canary gets its share of users, each always on the same side', async () => {
  const sideOf = async (user: string) => (await ask('canary', { user })).header('x-sluice-target')!
  const users = Array.from({ length: 30 }, (_, i) => `user-${i}`)
  const sides = await Promise.all(users.map(sideOf))
  expect(await Promise.all(users.map(sideOf))).toEqual(sides)
  expect(new Set(sides)).toEqual(new Set(['good', 'echo']))
  const user = users[sides.indexOf('echo')]!
  expect(await spanOf((await ask('canary', { user })).traceId)).toMatchObject({
    arm: 'canary',
    target: 'echo',
  })
})

test('a rule on metadata picks the target, by header or body', async () => {
  const headers = { 'x-sluice-metadata': '{"tier":"gold"}' }
  expect((await ask('rules', {}, { headers })).header('x-sluice-target')).toBe('echo')
  expect((await ask('rules', { metadata: { tier: 'gold' } })).header('x-sluice-target')).toBe('echo')
  expect((await ask('rules', { metadata: { tier: 'tin' } })).header('x-sluice-target')).toBe('good')
  const bad = await askJson('rules', {}, { headers: { 'x-sluice-metadata': 'gold' } })
  expect([bad.status, bad.body.error?.param]).toEqual([400, 'x-sluice-metadata'])
})

test('weights share the traffic', async () => {
  const targets = await Promise.all(
    Array.from({ length: 80 }, async () => (await ask('weights')).header('x-sluice-target')),
  )
  const echoes = targets.filter((one) => one === 'echo').length
  expect(echoes).toBeGreaterThan(40)
  expect(echoes).toBeLessThan(78)
})

test('a key over its requests is refused with the time to come back, other keys are not', async () => {
  const statuses = []
  for (let i = 0; i < 4; i++) statuses.push((await ask('a-minute')).response.status)
  expect(statuses).toEqual([200, 200, 200, 429])
  const refused = await askJson('a-minute')
  expect(refused.body.error).toEqual({
    message: 'The route a-minute is over its limit: 3 of 3 requests a minute are used',
    type: 'rate_limit_error',
    param: null,
    code: 'rate_limit_exceeded',
  })
  expect(Number(refused.header('retry-after'))).toBeGreaterThan(30)
  expect(refused.header('x-sluice-route-version')).toMatch(/^route:a-minute@/)
  const { key } = await makeKey(['gateway'])
  expect((await ask('a-minute', {}, { key })).response.status).toBe(200)
})

test('tokens are counted, of streams too that do not say them', async () => {
  expect((await askStream('tokens')).status).toBe(200)
  await ask('tokens')
  expect((await askJson('tokens')).status).toBe(429)
})

test.for(['a-day', 'dollars'])('%s: the budget of a route is one over all isolates', async (name) => {
  const statuses = []
  for (let i = 0; i < 4; i++) statuses.push((await ask(name)).response.status)
  expect(statuses.slice(0, 2)).toEqual([200, 200])
  expect(statuses.at(-1)).toBe(429)
  const { body, header } = await askJson(name)
  expect([body.error?.code, header('x-should-retry')]).toEqual(['insufficient_quota', 'false'])
  await new Promise((resolve) => setTimeout(resolve, 600))
  await ask(name)
  await expect
    .poll(() =>
      env.ROUTE_REGISTRY.getByName('default').addUse(name, { date: 0, tokens: 0, usd: 0 }, Date.now()),
    )
    .toMatchObject({ tokens: name === 'a-day' ? 45 : 30 })
})
