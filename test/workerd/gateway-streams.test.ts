import { beforeAll, expect, test } from 'vitest'
import { ask, askJson, askStream, route, spanOf } from './gateway-routes.ts'

const STREAM_ERROR = { type: 'server_error', param: null, code: 'upstream_stream_error' }
const FALLS_OVER = {
  e500: 'HTTP 500',
  late: 'no first chunk in time',
  'in-band-stream': 'the stream begins with an error',
  empty: 'the stream is empty',
  html: 'the stream is empty',
}

beforeAll(async () => {
  await fetch('http://calls.test/')
  for (const behaviour of Object.keys(FALLS_OVER)) await route(`over-${behaviour}`, [behaviour, 'good'])
  for (const behaviour of ['good', 'slow', 'no-done', 'malformed-chunk']) await route(behaviour, [behaviour])
  for (const behaviour of ['cut', 'truncated']) await route(behaviour, [behaviour, 'good'])
  await route('stall', ['stall'], { timeouts: { totalMs: 600 } })
  await route('idle', ['stall'], { timeouts: { chunkMs: 150 } })
  await route('idle-slow', ['slow'], { timeouts: { chunkMs: 250 } })
  await route('late-only', ['late'], { timeouts: { totalMs: 500 } })
  for (const behaviour of ['cut', 'truncated', 'malformed-chunk', 'stall', 'good'])
    await route(`complete-${behaviour}`, [behaviour, 'good'].slice(0, behaviour === 'good' ? 1 : 2), {
      commit: 'complete',
      timeouts: { chunkMs: 150 },
    })
})

const textOf = (data: readonly string[]) =>
  data
    .filter((one) => one !== '[DONE]')
    .map(
      (one) =>
        (JSON.parse(one) as { choices?: { delta: { content?: string } }[] }).choices?.[0]?.delta.content ??
        '',
    )
    .join('')

test('a stream is passed on untouched, and its tokens and text are recorded', async () => {
  const { data, response, header, traceId } = await askStream('good', {
    stream_options: { include_usage: true },
  })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(textOf(data)).toBe('Parcels take three days.')
  expect(data.at(-1)).toBe('[DONE]')
  expect(JSON.parse(data.at(-2)!)).toMatchObject({ choices: [], usage: { total_tokens: 15 } })
  expect(header('x-sluice-target')).toBe('good')
  const span = await spanOf(traceId)
  expect(span).toMatchObject({
    status: 'ok',
    outcome: 'done',
    response: 'Parcels take three days.',
    inputTokens: 10,
    outputTokens: 5,
    ttftMs: expect.any(Number),
  })
  expect(span.attributes).toMatchObject({
    'gen_ai.request.stream': true,
    'gen_ai.response.model': 'm-served',
    'gen_ai.response.finish_reasons': ['stop'],
  })
})

test('chunks are passed on as they come', async () => {
  const { response } = await ask('slow', { stream: true })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  const first = await reader.read()
  const arrived = Date.now()
  expect(first.value).not.toContain('days')
  for (let part = await reader.read(); !part.done; part = await reader.read());
  expect(Date.now() - arrived).toBeGreaterThan(250)
})

test.for(Object.entries(FALLS_OVER))(
  'before the first output, %s falls over',
  async ([behaviour, reason]) => {
    const { status, data, header } = await askStream(`over-${behaviour}`)
    expect([status, textOf(data), data.at(-1)]).toEqual([200, 'Parcels take three days.', '[DONE]'])
    expect([header('x-sluice-target'), header('x-sluice-fallback-reason')]).toEqual(['good', reason])
  },
)

test.for([
  ['cut', 'cut'],
  ['truncated', 'cut'],
  ['stall', 'stalled'],
  ['idle', 'stalled'],
])('%s: a stream that breaks ends with an error event and is counted', async ([name, outcome]) => {
  const started = Date.now()
  const { data, traceId } = await askStream(name!)
  expect(Date.now() - started).toBeLessThan(1_500)
  expect(data).not.toContain('[DONE]')
  expect(JSON.parse(data.at(-1)!)).toEqual({ error: { message: expect.any(String), ...STREAM_ERROR } })
  const span = await spanOf(traceId)
  expect(span).toMatchObject({
    status: 'error',
    outcome,
    response: null,
    target: name === 'cut' || name === 'truncated' ? name : 'stall',
  })
  expect(span.attempts.at(-1)!.reason).toMatch(/^the stream /)
})

test('a limit between chunks leaves a stream alone that keeps it', async () => {
  expect((await askStream('idle-slow')).data.at(-1)).toBe('[DONE]')
})

test('a first chunk that never comes is one error within the total time', async () => {
  const { status, body } = await askJson('late-only', { stream: true })
  expect([status, body.error?.code]).toEqual([504, 'upstream.timeout'])
})

test('a finished stream without [DONE] is completed, and flagged', async () => {
  const { data, traceId } = await askStream('no-done')
  expect([textOf(data), data.at(-1)]).toEqual(['Parcels take three days.', '[DONE]'])
  expect(await spanOf(traceId)).toMatchObject({ status: 'ok', outcome: 'completed' })
})

test.for(['cut', 'truncated', 'malformed-chunk', 'stall'])(
  'with commit: complete, %s is never sent: the next target answers',
  async (behaviour) => {
    const { data, header } = await askStream(`complete-${behaviour}`)
    expect([textOf(data), data.at(-1)]).toEqual(['Parcels take three days.', '[DONE]'])
    expect(header('x-sluice-target')).toBe('good')
  },
)

test('with commit: complete a stream that falls silent is not asked for again', async () => {
  const { header } = await askStream('complete-stall')
  expect([header('x-sluice-attempts'), header('x-sluice-fallback-reason')]).toEqual([
    '2',
    'the stream stalled',
  ])
})

test('with commit: complete a good stream is sent whole', async () => {
  const { data, header, traceId } = await askStream('complete-good')
  expect([textOf(data), header('x-sluice-attempts')]).toEqual(['Parcels take three days.', '1'])
  expect(await spanOf(traceId)).toMatchObject({ outcome: 'done', response: 'Parcels take three days.' })
})
