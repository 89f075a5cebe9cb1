import { beforeAll, expect, test } from 'vitest'
import { ask, askJson, askStream, callsOf, route, target } from './gateway-routes.ts'

beforeAll(async () => {
  await route('dripping', ['slow-loris', 'good'])
  await route('no-model', ['not-a-model', 'good'])
  await route('page', ['page', 'good'])
  await route('page-stream', ['page', 'good'])
  await route('leaky', ['leaky'])
  await route('hedged-once', ['e500', 'hang', 'good'], {
    hedgeMs: 100,
    timeouts: { headersMs: 1_500 },
  })
  await route('cached-canary', ['good'], {
    cache: { ttlSeconds: 60 },
    canary: { target: target('cached-canary', 'echo'), share: 0.5, stickyBy: 'user' },
  })
  await route('cached-fallback', ['e500', 'good'], { cache: { ttlSeconds: 60 } })
  await route('storm', ['e500', 'good'], {
    breaker: { inARow: 1_000, minRequests: 1_000 } as never,
  })
  await route('patient', ['hang', 'slow'], {
    breaker: { slowMs: 390, minRequests: 3, inARow: 1_000, errorRate: 1 } as never,
    timeouts: { headersMs: 300, totalMs: 5_000 },
  })
  await ask('leaky')
})

test('a target that drips its answer is left for the next one', async () => {
  const { status, header } = await askJson('dripping')
  expect([status, header('x-sluice-target')]).toEqual([200, 'good'])
  expect(header('x-sluice-fallback-reason')).toBe('no answer in time')
})

test('JSON that is no answer is none, and a large page is not passed on', async () => {
  const health = await askJson('no-model')
  expect([health.status, health.header('x-sluice-target')]).toEqual([200, 'good'])
  expect(health.header('x-sluice-fallback-reason')).toBe('the answer has no choices or data')
  expect((await askJson('page')).header('x-sluice-target')).toBe('good')
  expect((await askStream('page-stream')).header('x-sluice-target')).toBe('good')
})

test('a key of ours that an upstream quotes does not reach the caller', async () => {
  const { status, body } = await askJson('leaky')
  expect([status, body.error?.message]).toEqual([
    400,
    'temperature must be a number (asked with Bearer [key])',
  ])
})

test('what the chain asks already is not asked again beside it', async () => {
  const { header } = await ask('hedged-once')
  expect(header('x-sluice-target')).toBe('good')
  expect(await callsOf('hedged-once', 'hang')).toHaveLength(1)
  expect(await callsOf('hedged-once', 'good')).toHaveLength(1)
})

test('a canary’s answer is kept for its own users, and what only stood in is not kept', async () => {
  const users = Array.from({ length: 20 }, (_, i) => `user-${i}`)
  for (let round = 0; round < 2; round++) {
    const answers = await Promise.all(
      users.map(async (user) => {
        const { header, body } = await askJson('cached-canary', { user })
        return [header('x-sluice-target'), /good says/.test(body.choices![0]!.message.content)]
      }),
    )
    expect(new Set(answers.map(String))).toEqual(new Set(['good,true', 'echo,false']))
  }
  await ask('cached-fallback')
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect((await ask('cached-fallback')).header('x-sluice-cache')).toBe('miss')
})

test('a storm of failures is not met by a storm of retries', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => askJson('storm')))
  expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  const retries = (await callsOf('storm', 'e500')).length - 100
  expect(retries).toBeGreaterThan(0)
  // A fifth of what this isolate was asked in the last ten seconds.
  expect(retries).toBeLessThanOrEqual(45)
})

test('the time that another target wasted is not held against the one that answered', async () => {
  for (let i = 0; i < 4; i++) expect((await askStream('patient')).data.at(-1)).toBe('[DONE]')
  const { header } = await ask('patient', { stream: true })
  // Of a slow one the breaker would be open as well, and both be tried in order.
  expect([header('x-sluice-target'), header('x-sluice-attempts')]).toEqual(['slow', '1'])
  expect((await callsOf('patient', 'slow')).length).toBe(5)
})
