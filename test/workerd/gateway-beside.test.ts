import { beforeAll, expect, test } from 'vitest'
import { ask, askJson, askStream, callsOf, route, spanOf, target } from './gateway-routes.ts'
import { get } from './support.ts'

beforeAll(async () => {
  await route('cached', ['good'], { cache: { ttlSeconds: 60 } })
  await route('hedged', ['hang', 'good'], { hedgeMs: 80, timeouts: { headersMs: 1_500 } })
  await route('hedged-streams', ['late', 'good'], { hedgeMs: 80, timeouts: { firstChunkMs: 1_500 } })
  await route('not-needed', ['good', 'echo'], { hedgeMs: 500 })
  await route('hedged-dead', ['hang', 'e500'], { hedgeMs: 50, timeouts: { totalMs: 400 } })
  await route('mirrored', ['good'], { shadow: { target: target('mirrored', 'echo'), share: 1 } })
  await ask('not-needed')
})

test('a kept answer is sent again, to the same question of the same route only', async () => {
  const first = await askJson('cached', { temperature: 0 })
  expect(first.header('x-sluice-cache')).toBe('miss')
  await expect
    .poll(async () => (await ask('cached', { temperature: 0 })).header('x-sluice-cache'))
    .toBe('hit')
  const before = (await callsOf('cached', 'good')).length
  const again = await askJson('cached', { temperature: 0, user: 'someone else' })
  expect([again.header('x-sluice-cache'), again.header('x-sluice-attempts')]).toEqual(['hit', '0'])
  expect(again.body).toEqual(first.body)
  expect((await callsOf('cached', 'good')).length).toBe(before)
  expect((await ask('cached', { temperature: 1 })).header('x-sluice-cache')).toBe('miss')
  expect(await spanOf(again.traceId)).toMatchObject({
    outcome: 'cached',
    target: 'good',
    attempts: [],
    inputTokens: null,
  })
  // A stream is a stream.
  expect((await askStream('cached', { temperature: 0 })).data.at(-1)).toBe('[DONE]')
})

test.for([false, true])('a slow target is overtaken by the next one (stream: %s)', async (stream) => {
  const started = Date.now()
  const { response, header, traceId } = await ask(stream ? 'hedged-streams' : 'hedged', { stream })
  expect(await response.text()).toMatch(/hree days|three /)
  expect(Date.now() - started).toBeLessThan(900)
  expect(header('x-sluice-target')).toBe('good')
  expect(header('x-sluice-fallback-reason')).toBe('another target was faster')
  expect((await spanOf(traceId)).attempts.map(({ target }) => target)).toEqual([
    stream ? 'late' : 'hang',
    'good',
  ])
})

test('a target that is fast enough is asked alone', async () => {
  expect((await ask('not-needed')).header('x-sluice-attempts')).toBe('1')
  expect(await callsOf('not-needed', 'echo')).toEqual([])
})

test('when both sides fail there is one error', async () => {
  const { status, body } = await askJson('hedged-dead')
  expect(status).toBeGreaterThanOrEqual(502)
  expect(body.error?.message).toMatch(/hang: .*|e500/)
})

test('a shadow is asked beside, recorded apart, and never sent', async () => {
  const { body, traceId } = await askJson('mirrored')
  expect(body.choices?.[0]?.message.content).toBe('good says three days')
  const shadows = async () =>
    (await get<{ traces: { traceId: string }[] }>('/api/v1/routes/mirrored/traces?shadow=true')).body.traces
  await expect.poll(async () => (await shadows()).length, { timeout: 10_000 }).toBe(1)
  const span = await spanOf((await shadows())[0]!.traceId)
  expect(span).toMatchObject({ target: 'echo', metadata: { shadow_of: traceId }, status: 'ok' })
  expect((await spanOf(traceId)).target).toBe('good')
})
