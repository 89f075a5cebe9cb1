import { createExecutionContext } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import type { Env } from '../../workers/env.ts'
import worker from '../../workers/index.ts'
import { ask, askJson, QUESTION, route, spanOf } from './gateway-routes.ts'
import { ADMIN_KEY, env } from './support.ts'

beforeAll(async () => {
  await route('cf', [{ id: 'cf', provider: 'workers-ai', servedModel: '@cf/m' }])
  const breaker = { inARow: 2, cooldownMs: 60_000 }
  await route('apis', ['chat-only', 'good'], { retry: { sameTarget: 0 }, breaker } as never)
  await route('unasked', [{ id: 'claude', provider: 'anthropic' }, 'e500'], {
    retry: { sameTarget: 0 },
  } as never)
  await route('echo', ['echo'])
  await ask('echo')
})

type Run = NonNullable<Env['AI']>['run']

/** Asks the route `cf` of a Worker that has the binding. */
function askBound(run: Run, body: object): Promise<Response> {
  const asked = new Request('http://sluice.test/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
    body: JSON.stringify({ model: 'cf', messages: QUESTION, ...body }),
  })
  return Promise.resolve(worker.fetch(asked as never, { ...env, AI: { run } }, createExecutionContext()))
}

const ANSWER = { response: 'Three days.', usage: { prompt_tokens: 3, completion_tokens: 2 } }

test('Workers AI answers whole and as a stream', async () => {
  const whole = await askBound((model, { messages }) => Promise.resolve({ ...ANSWER, model, messages }), {})
  expect(await whole.json()).toMatchObject({
    model: 'cf',
    choices: [{ message: { content: 'Three days.' } }],
    usage: { total_tokens: 5 },
  })
  const events = ['data: {"response":"Three "}\n\n', 'data: {"response":"days."}\n\n', 'data: [DONE]\n\n']
  const stream = await askBound(() => Promise.resolve(new Blob(events).stream()), { stream: true })
  const text = await stream.text()
  expect(text).toMatch(/"content":"Three ".*"content":"days\.".*\[DONE\]/s)
})

test('a model of Workers AI that does not stream answers a stream all the same', async () => {
  const stream = await askBound(() => Promise.resolve(ANSWER), {
    stream: true,
    stream_options: { include_usage: true },
  })
  expect(stream.headers.get('content-type')).toBe('text/event-stream')
  const text = await stream.text()
  expect(text).toMatch(/"content":"Three days\.".*"finish_reason":"stop".*"total_tokens":5.*\[DONE\]/s)
})

test('what Workers AI throws is told as its API would, and its model is ended in time', async () => {
  const tooLong = await askBound(
    () =>
      Promise.reject(
        new Error(
          '5021: The estimated number of input and maximum output tokens exceeded this model context window limit',
        ),
      ),
    {},
  )
  expect([tooLong.status, await tooLong.json()]).toMatchObject([
    400,
    { error: { code: 'context_length_exceeded' } },
  ])
  let ended = false
  const silent = await askBound(
    (_, __, options) => new Promise(() => options!.signal!.addEventListener('abort', () => (ended = true))),
    {},
  )
  expect([silent.status, ended]).toEqual([504, true])
})

test('embeddings that fail do not keep a model from chatting', async () => {
  const embed = () => askJson('apis', { input: 'hello' }, { path: '/v1/embeddings' })
  for (const attempts of ['2', '2', '1']) {
    const { header } = await embed()
    expect([header('x-sluice-target'), header('x-sluice-attempts')]).toEqual(['good', attempts])
  }
  expect((await embed()).header('x-sluice-fallback-reason')).toBe('its breaker is open')
  const { header } = await askJson('apis')
  expect([header('x-sluice-target'), header('x-sluice-attempts')]).toEqual(['chat-only', '1'])
})

test('what one target could not be asked does not hide how the other failed', async () => {
  const { status, body } = await askJson('unasked', { input: 'hello' }, { path: '/v1/embeddings' })
  expect([status, body.error?.code]).toEqual([502, 'upstream.failed'])
  expect(body.error?.message).toContain('e500: HTTP 500')
})

test('metadata of a response tells its cohort, and stays here', async () => {
  const asked = { input: 'Where is it?', metadata: { cohort: 'beta' } }
  const { response, traceId } = await ask('echo', asked, { path: '/v1/responses' })
  const { output, metadata } = (await response.json()) as {
    metadata: object
    output: { content: { text: string }[] }[]
  }
  const sent = JSON.parse(output[0]!.content[0]!.text) as { text: string }
  expect(sent.text).not.toContain('beta')
  expect(metadata).toEqual({ cohort: 'beta' })
  expect(await spanOf(traceId)).toMatchObject({ cohort: 'beta', metadata: { cohort: 'beta' } })
})
