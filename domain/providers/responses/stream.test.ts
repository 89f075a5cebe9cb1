import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WEATHER_STREAM } from '../anthropic/messages.fixture.ts'
import { messagesStream } from '../anthropic/stream.ts'
import type { JsonObject } from '../provider.ts'
import { asked, eventsOf, sse, translated } from '../streams.fixture.ts'
import { chained } from '../translator.ts'
import { responseOf } from './response.ts'
import { responseStream } from './stream.ts'

interface Completion {
  content: string | null
  refusal: string | null
  calls: { id: string; name: string; arguments: string }[]
  finish: string
}

const USAGE = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }

function chunk(delta: JsonObject, finish_reason: string | null = null): JsonObject {
  const choices = [{ index: 0, delta, finish_reason }]
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-x', choices }
}

/** A completion as OpenAI streams it, in pieces of so many characters. */
function chatStream({ content, refusal, calls, finish }: Completion, size: number): string {
  const pieces = (text: string | null) =>
    Array.from({ length: Math.ceil((text ?? '').length / size) }, (_, i) =>
      text!.slice(i * size, (i + 1) * size),
    )
  return sse([
    chunk({ role: 'assistant', content: '', refusal: null }),
    ...pieces(content).map((content) => chunk({ content })),
    ...pieces(refusal).map((refusal) => chunk({ refusal })),
    ...calls.flatMap(({ id, name, arguments: args }, index) => [
      chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      ...pieces(args).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
    chunk({}, finish),
    { ...chunk({}), choices: [], usage: USAGE },
    '[DONE]',
  ])
}

test('the events of an answer, in order and numbered', () => {
  const completion = {
    content: 'Hello',
    refusal: null,
    calls: [{ id: 'call_1', name: 'f', arguments: '{"a":1}' }],
    finish: 'tool_calls',
  }
  const translator = responseStream(asked())
  const events = eventsOf(translated(translator, chatStream(completion, 4))) as JsonObject[]
  expect(events.map(({ type }) => type)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.delta',
    'response.output_item.added',
    'response.function_call_arguments.delta',
    'response.function_call_arguments.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.function_call_arguments.done',
    'response.output_item.done',
    'response.completed',
  ])
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, i) => i))
  expect(events[4]).toEqual({
    type: 'response.output_text.delta',
    sequence_number: 4,
    item_id: 'msg_req-1_0',
    output_index: 0,
    content_index: 0,
    delta: 'Hell',
    logprobs: [],
  })
  expect(events[12]).toEqual({
    type: 'response.function_call_arguments.done',
    sequence_number: 12,
    item_id: 'fc_req-1_1',
    output_index: 1,
    name: 'f',
    arguments: '{"a":1}',
  })
  expect(translator).toMatchObject({ done: true, failed: false, usage: USAGE })
})

test('calls that a server gives the same index, or no id, are still told apart', () => {
  const call = (name: string, id?: string) =>
    chunk({ tool_calls: [{ index: 0, id, type: 'function', function: { name, arguments: '{}' } }] })
  const calls = (chunks: JsonObject[]) => {
    const stream = sse([...chunks, chunk({}, 'tool_calls'), '[DONE]'])
    const events = eventsOf(translated(responseStream(asked()), stream)) as JsonObject[]
    return (events.at(-1)!.response as { output: JsonObject[] }).output
  }
  expect(calls([call('f', 'call_1'), call('g', 'call_2')])).toMatchObject([
    { call_id: 'call_1', name: 'f', arguments: '{}' },
    { call_id: 'call_2', name: 'g', arguments: '{}' },
  ])
  expect(calls([call('f', '')])).toMatchObject([{ call_id: expect.stringMatching(/^call_./) as string }])
})

test('nothing is sent before there is something of the answer', () => {
  const translator = responseStream(asked())
  expect(
    translator.feed(sse([chunk({ role: 'assistant', content: '', refusal: null, tool_calls: [] })])),
  ).toBe('')
  expect(translator.feed(sse([chunk({ content: 'H' })]))).toContain('response.created')
})

/** A response put together from the events of its items, as clients do it. */
function outputOf(events: JsonObject[]): JsonObject[] {
  const output: { content?: JsonObject[]; arguments?: string }[] = []
  for (const event of events) {
    const item = output[event.output_index as number]
    const part = item?.content?.[event.content_index as number] as Record<string, string> | undefined
    if (event.type === 'response.output_item.added') output.push(structuredClone(event.item) as object)
    if (event.type === 'response.content_part.added')
      item!.content!.push(structuredClone(event.part) as JsonObject)
    if (event.type === 'response.output_text.delta') part!.text += event.delta as string
    if (event.type === 'response.refusal.delta') part!.refusal += event.delta as string
    if (event.type === 'response.function_call_arguments.delta') item!.arguments += event.delta as string
    if (event.type === 'response.output_item.done')
      Object.assign(item!, { status: (event.item as JsonObject).status })
  }
  return output as JsonObject[]
}

const text = fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }))
const completion: fc.Arbitrary<Completion> = fc.record({
  content: text,
  refusal: text,
  calls: fc.array(
    fc.record({
      id: fc.uuid(),
      name: fc.stringMatching(/^[a-z]{1,9}$/),
      arguments: fc.dictionary(fc.string(), fc.jsonValue()).map((input) => JSON.stringify(input)),
    }),
    { maxLength: 3 },
  ),
  finish: fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter'),
})

test('wherever it is cut, a stream put together is the response without streaming', () => {
  fc.assert(
    fc.property(
      completion,
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (completion, size, cuts) => {
        const request = asked({ input: 'Hello' })
        const stream = chatStream(completion, size)
        const out = translated(responseStream(request), stream, cuts)
        expect(out).toBe(translated(responseStream(request), stream))
        const { content, refusal, calls, finish } = completion
        const tool_calls = calls.map(({ id, ...called }) => ({ id, type: 'function', function: called }))
        const whole = responseOf(
          {
            model: 'gpt-x',
            choices: [
              { message: { role: 'assistant', content, refusal, tool_calls }, finish_reason: finish },
            ],
            usage: USAGE,
          },
          request,
        )
        const events = eventsOf(out) as JsonObject[]
        expect(events.at(-1)).toMatchObject({ type: `response.${String(whole.status)}`, response: whole })
        expect(outputOf(events)).toEqual(whole.output)
      },
    ),
  )
})

test('an error, or the lack of an end, fails the response', () => {
  const error = { message: 'Too much', type: 'server_error', code: 'overloaded', param: null }
  for (const [stream, code] of [
    [sse([chunk({ content: 'He' }), { error }]), 'overloaded'],
    [sse([chunk({ content: 'He' })]), 'upstream_stream_error'],
    ['', 'upstream_stream_error'],
  ] as const) {
    const translator = responseStream(asked())
    const events = eventsOf(translated(translator, stream)) as JsonObject[]
    expect(events.slice(-2)).toMatchObject([
      { type: 'error', code, error: { code } },
      { type: 'response.failed', response: { status: 'failed', error: { code } } },
    ])
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, i) => i))
    expect(translator).toMatchObject({ failed: true, done: false })
  }
})

test('an Anthropic stream becomes a response', () => {
  const request = asked({ stream: true, stream_options: { include_usage: true } })
  const translator = chained(messagesStream(request), responseStream(request))
  const events = eventsOf(translated(translator, sse(WEATHER_STREAM, true))) as JsonObject[]
  expect(events.at(-1)).toMatchObject({
    type: 'response.completed',
    response: {
      model: 'claude-sonnet-4-5',
      output: [
        { type: 'message' },
        { type: 'function_call', arguments: '{"location": "San Francisco, CA"}' },
      ],
      usage: { input_tokens: 572, output_tokens: 89 },
    },
  })
  expect(translator).toMatchObject({ done: true, failed: false, usage: { total_tokens: 661 } })
})
