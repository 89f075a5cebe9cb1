import { beforeAll, expect, test } from 'vitest'
import { ask, askJson, askStream, callsOf, route, spanOf } from './gateway-routes.ts'

const SCHEMA = { type: 'object', required: ['intent'], properties: { intent: { type: 'string' } } }
const GOOD = '{"intent":"a"}'
const FENCED = `\`\`\`json\n${GOOD}\n\`\`\``
const MENDED = '{"intent":"mended"}'
const price = { inputPerMTok: 1, outputPerMTok: 2 }
const tell = (content: string) => ({ messages: [{ role: 'user', content }] })

beforeAll(async () => {
  const repair = { answerSchema: SCHEMA, repair: true }
  await route('mends', [{ id: 'mends', price }], repair)
  await route('mends-claude', [{ id: 'mends', provider: 'anthropic', price }], repair)
  await route('stubborn', [{ id: 'parrot', price }], repair)
  await route('gives-up', ['gives-up'], {
    ...repair,
    guardrails: [{ on: 'response', check: 'pii', params: {}, passAt: 0.5, onFail: 'redact' }],
  })
  await route('stubborn-then-mends', ['parrot', 'mends'], repair)
  await route('mends-redacts', ['mends'], {
    ...repair,
    guardrails: [
      { on: 'response', check: 'deny', params: { phrases: ['mended'] }, passAt: 0.5, onFail: 'flag' },
    ],
  })
  await route('mends-hedged', ['mends', 'good'], { ...repair, hedgeMs: 1_000 })
})

const textOf = (data: readonly string[]) =>
  data
    .filter((one) => one !== '[DONE]')
    .map(
      (one) =>
        (JSON.parse(one) as { choices: { delta: { content?: string } }[] }).choices[0]?.delta.content ?? '',
    )
    .join('')

for (const name of ['mends', 'mends-claude']) {
  test(`${name}: an answer that is not valid is asked for once more, and both are paid for`, async () => {
    const { body, header, traceId } = await askJson(name, tell('Sure!'))
    expect(body.choices?.[0]?.message.content).toBe(MENDED)
    expect(body).toMatchObject({ usage: { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 } })
    expect([header('x-sluice-repaired'), header('x-sluice-attempts')]).toEqual(['asked', '2'])
    expect(header('x-sluice-fallback-reason')).toBeNull()
    expect(await spanOf(traceId)).toMatchObject({
      repaired: 'asked',
      response: MENDED,
      inputTokens: 20,
      outputTokens: 10,
      costUsd: 0.00004,
      attempts: [
        { target: 'mends', status: 200, reason: 'the answer is not valid' },
        { target: 'mends', status: 200, reason: null },
      ],
      messages: [{ content: 'Sure!' }],
      attributes: { 'sluice.repaired': 'asked' },
    })
  })

  test(`${name}: a stream is held back, and told once it is valid`, async () => {
    const { data, header, traceId } = await askStream(name, {
      ...tell('Sure!'),
      stream_options: { include_usage: true },
    })
    expect([textOf(data), data.at(-1), header('x-sluice-repaired')]).toEqual([MENDED, '[DONE]', 'asked'])
    expect(JSON.parse(data.at(-2)!)).toMatchObject({ choices: [], usage: { total_tokens: 30 } })
    expect(await spanOf(traceId)).toMatchObject({ repaired: 'asked', response: MENDED, outputTokens: 10 })
  })

  test(`${name}: a code fence goes without asking`, async () => {
    const { body, header, traceId } = await askJson(name, tell(FENCED))
    expect(body.choices?.[0]?.message.content).toBe(GOOD)
    expect([header('x-sluice-repaired'), header('x-sluice-attempts')]).toEqual(['stripped', '1'])
    expect(await spanOf(traceId)).toMatchObject({ repaired: 'stripped', response: GOOD, outputTokens: 5 })
    expect(textOf((await askStream(name, tell(FENCED))).data)).toBe(GOOD)
  })

  test(`${name}: a valid answer is left alone`, async () => {
    const { body, header } = await askJson(name, tell(GOOD))
    expect(body.choices?.[0]?.message.content).toBe(GOOD)
    expect(header('x-sluice-repaired')).toBeNull()
    expect(textOf((await askStream(name, tell(GOOD))).data)).toBe(GOOD)
  })
}

test('the target is shown its answer and what is wrong with it', async () => {
  await askJson('stubborn', tell('Well: no.'))
  const calls = (await callsOf('stubborn', 'parrot')).map(
    ({ body }) => JSON.parse(body) as { messages: object[] },
  )
  const again = calls.find(
    ({ messages }) => JSON.stringify(messages).includes('Well') && messages.length === 3,
  )
  expect(again!.messages).toEqual([
    { role: 'user', content: 'Well: no.' },
    { role: 'assistant', content: 'Well: no.' },
    { role: 'user', content: expect.stringContaining('"required":["intent"]') },
  ])
})

test.for([false, true])('one that stays wrong is a clear error, paid for (stream: %s)', async (stream) => {
  const { status, body, header, traceId } = await askJson('stubborn', {
    ...tell('Sure!'),
    stream,
    stream_options: { include_usage: true },
  })
  expect([status, body.error]).toMatchObject([502, { type: 'server_error', code: 'answer.not_valid' }])
  expect(body.error?.message).toMatch(/not one JSON document/)
  expect([header('x-should-retry'), header('x-sluice-attempts')]).toEqual(['false', '2'])
  expect(await spanOf(traceId)).toMatchObject({ status: 'error', inputTokens: 20, costUsd: 0.00004 })
})

test('a question that fails the second time is told as the answer that was not valid, without quoting it', async () => {
  const { status, body, traceId } = await askJson('gives-up', tell('jane@example.com'))
  expect([status, body.error?.message]).toEqual([
    502,
    'The answer of gives-up is not what the route gives-up answers with.',
  ])
  expect((await spanOf(traceId)).attempts).toMatchObject([
    { reason: 'the answer is not valid' },
    { status: 500, reason: 'HTTP 500' },
  ])
})

test('another target may still give a valid answer', async () => {
  const { body, header, traceId } = await askJson('stubborn-then-mends', tell('Sure!'))
  expect(body.choices?.[0]?.message.content).toBe(MENDED)
  expect([header('x-sluice-target'), header('x-sluice-attempts')]).toEqual(['mends', '4'])
  expect(header('x-sluice-fallback-reason')).toBe('the answer is not valid')
  expect((await spanOf(traceId)).inputTokens).toBe(40)
})

test('responses are mended, too', async () => {
  for (const stream of [false, true]) {
    const { response, header } = await ask('mends', { input: 'Sure!', stream }, { path: '/v1/responses' })
    expect(await response.text()).toContain('mended')
    expect(header('x-sluice-repaired')).toBe('asked')
  }
})

test('legacy completions lose a fence, and are not asked again', async () => {
  const path = '/v1/completions'
  const { status, body } = await askJson('mends', { prompt: 'Sure!' }, { path })
  expect([status, body.error?.code]).toEqual([502, 'answer.not_valid'])
})

test('what is mended is held against guardrails, and a hedged route mends as well', async () => {
  const { header } = await askJson('mends-redacts', tell('Sure!'))
  expect([header('x-sluice-repaired'), header('x-sluice-guardrails')]).toEqual([
    'asked',
    'response:deny:flag',
  ])
  expect((await askJson('mends-hedged', tell('Sure!'))).body.choices?.[0]?.message.content).toBe(MENDED)
})
