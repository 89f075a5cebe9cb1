import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject } from '../provider.ts'
import { asked, assembled, eventsOf, sse, translated } from '../streams.fixture.ts'
import { streamOf, WEATHER_MESSAGE, WEATHER_STREAM } from './messages.fixture.ts'
import { completionOf } from './response.ts'
import { messagesStream } from './stream.ts'

const withUsage = asked({ stream: true, stream_options: { include_usage: true } })

test('a stream with text and a call of a tool becomes chunks, with the usage at the end', () => {
  const translator = messagesStream(withUsage)
  const stream = translated(translator, sse(WEATHER_STREAM, true))
  expect(assembled(stream)).toEqual({
    content: 'Okay, let’s check the weather',
    tool_calls: [
      {
        id: 'toolu_01T1x1fJ34qAmk2tNTrN7Up6',
        type: 'function',
        function: { name: 'get_weather', arguments: '{"location": "San Francisco, CA"}' },
      },
    ],
    finish: 'tool_calls',
    usage: {
      prompt_tokens: 572,
      completion_tokens: 89,
      total_tokens: 661,
      prompt_tokens_details: { cached_tokens: 100 },
    },
    errors: [],
    done: true,
  })
  const [first, ...others] = eventsOf(stream)
  expect(first).toEqual({
    id: 'msg_014p7gG3wDgGV9EUtLvnow3U',
    object: 'chat.completion.chunk',
    created: 1_795_651_200,
    model: 'claude-sonnet-4-5',
    choices: [
      { index: 0, delta: { role: 'assistant', content: 'Okay' }, logprobs: null, finish_reason: null },
    ],
    usage: null,
  })
  expect(others.at(-2)).toMatchObject({ choices: [], usage: { total_tokens: 661 } })
  expect(translator).toMatchObject({ done: true, failed: false, usage: { total_tokens: 661 } })
})

test('usage is only in the stream where it was asked for, and is known all the same', () => {
  const translator = messagesStream(asked({ stream: true }))
  const events = eventsOf(translated(translator, sse(WEATHER_STREAM)))
  expect(events.some((event) => event !== null && 'usage' in event)).toBe(false)
  expect(translator.usage).toMatchObject({ completion_tokens: 89 })
})

test('nothing is sent before there is something of the answer', () => {
  const translator = messagesStream(asked())
  expect(translator.feed(sse(WEATHER_STREAM.slice(0, 3)))).toBe('')
  expect(translator.feed(sse(WEATHER_STREAM.slice(3, 4)))).toContain('"content":"Okay"')
})

// https://platform.claude.com/docs/en/build-with-claude/streaming#error-events
const OVERLOADED = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }

test('an error before the answer is all there is; one within it ends the stream without [DONE]', () => {
  const error = { message: 'Overloaded', type: 'server_error', param: null, code: 'overloaded' }
  for (const before of [0, 5]) {
    const translator = messagesStream(asked())
    const stream = sse([...WEATHER_STREAM.slice(0, before), OVERLOADED, ...WEATHER_STREAM.slice(5)])
    const answer = assembled(translated(translator, stream))
    expect(answer).toMatchObject({ errors: [error], done: false, finish: null })
    expect(translator).toMatchObject({ failed: true, done: false })
  }
})

test('a stream that breaks off anywhere before its end fails', () => {
  const whole = sse(WEATHER_STREAM)
  fc.assert(
    fc.property(fc.nat({ max: whole.length - 3 }), (length) => {
      const translator = messagesStream(asked())
      const answer = assembled(translated(translator, whole.slice(0, length)))
      expect(translator.failed).toBe(true)
      expect(answer.done).toBe(false)
      expect(answer.errors).toMatchObject([{ code: 'upstream_stream_error', type: 'server_error' }])
    }),
  )
})

test('what comes after the end is of no matter', () => {
  const translator = messagesStream(asked())
  translator.feed(sse(WEATHER_STREAM))
  expect(translator.done).toBe(true)
  expect(translator.feed(sse([OVERLOADED]))).toBe('')
  expect(translator.end()).toBe('')
  expect(translator.failed).toBe(false)
})

test('a call of a tool without arguments has an empty object of them', () => {
  const message = {
    ...WEATHER_MESSAGE,
    content: [{ type: 'tool_use', id: 'toolu_1', name: 'now', input: {} }],
  }
  const answer = assembled(translated(messagesStream(asked()), sse(streamOf(message, 4))))
  expect(answer).toMatchObject({
    content: null,
    tool_calls: [{ function: { name: 'now', arguments: '{}' } }],
  })
})

test('counts only grow: a server that says 0 at the end takes back nothing', () => {
  const events = WEATHER_STREAM.map((event) =>
    event.type === 'message_delta'
      ? { ...event, usage: { input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 89 } }
      : event,
  )
  const translator = messagesStream(asked())
  translated(translator, sse(events))
  expect(translator.usage).toMatchObject({ prompt_tokens: 572, completion_tokens: 89 })
})

test('tools of the server, thinking and what is not known yet are left out', () => {
  const block = (index: number, content_block: JsonObject, deltas: JsonObject[]) => [
    { type: 'content_block_start', index, content_block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]
  const [start, ...others] = WEATHER_STREAM
  const shifted = others.map((event) =>
    typeof event.index === 'number' ? { ...event, index: event.index + 4 } : event,
  )
  const answer = assembled(
    translated(
      messagesStream(asked()),
      sse([
        start!,
        ...block(0, { type: 'thinking', thinking: '', signature: '' }, [
          { type: 'thinking_delta', thinking: 'Hm' },
          { type: 'signature_delta', signature: 'EqQ' },
        ]),
        ...block(1, { type: 'redacted_thinking', data: 'EmwK' }, []),
        ...block(2, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }, [
          { type: 'input_json_delta', partial_json: '{"query":"x"}' },
        ]),
        ...block(3, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }, []),
        { type: 'event_of_tomorrow', index: 9 },
        ...shifted,
      ]),
    ),
  )
  expect(answer).toEqual(assembled(translated(messagesStream(asked()), sse(WEATHER_STREAM))))
})

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
const block: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ type: fc.constant('text'), text }),
  fc.record({ type: fc.constant('thinking'), thinking: text, signature: fc.string() }),
  fc.record({
    type: fc.constant('tool_use'),
    id: fc.uuid().map((id) => `toolu_${id}`),
    name: fc.stringMatching(/^[a-z_]{1,20}$/),
    input: fc
      .dictionary(fc.string(), fc.jsonValue())
      .map((input) => JSON.parse(JSON.stringify(input)) as JsonObject),
  }),
)
const message: fc.Arbitrary<JsonObject> = fc.record({
  id: fc.constant('msg_1'),
  type: fc.constant('message'),
  role: fc.constant('assistant'),
  model: fc.constant('claude-sonnet-4-5'),
  content: fc.array(block, { maxLength: 5 }),
  stop_reason: fc.constantFrom(
    'end_turn',
    'max_tokens',
    'stop_sequence',
    'tool_use',
    'refusal',
    'pause_turn',
  ),
  usage: fc.record({
    input_tokens: fc.nat(),
    cache_creation_input_tokens: fc.option(fc.nat()),
    cache_read_input_tokens: fc.option(fc.nat()),
    output_tokens: fc.nat(),
  }),
})

test('wherever it is cut, a stream put together is the answer without streaming', () => {
  fc.assert(
    fc.property(
      message,
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 12 }),
      (message, pieceSize, crlf, cuts) => {
        const lines = sse(streamOf(message, pieceSize), true)
        const stream = crlf ? lines.replaceAll('\n', '\r\n') : lines
        const answer = translated(messagesStream(withUsage), stream, cuts)
        expect(answer).toBe(translated(messagesStream(withUsage), lines))
        const { choices, usage } = completionOf(message, withUsage) as unknown as {
          choices: [{ message: { content: string | null; tool_calls?: unknown }; finish_reason: string }]
          usage: unknown
        }
        const [{ message: whole, finish_reason }] = choices
        expect(assembled(answer)).toEqual({
          content: whole.content,
          ...(whole.tool_calls ? { tool_calls: whole.tool_calls } : {}),
          finish: finish_reason,
          usage,
          errors: [],
          done: true,
        })
      },
    ),
  )
})
