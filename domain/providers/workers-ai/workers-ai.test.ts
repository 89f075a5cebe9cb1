import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../provider.ts'
import { asked, assembled, sse, translated } from '../streams.fixture.ts'
import { statusOf, workersAiError } from './error.ts'
import { workersAi } from './workers-ai.ts'

const target = { servedModel: '@cf/meta/llama-3.3-70b-instruct-fp8-fast', baseUrl: 'https://unused.test/v1' }
const request = (body: JsonObject) => workersAi.request('chat', { model: 'support', ...body }, target)
const TOOL = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })

describe('requests', () => {
  test('run the served model, with contents as text', () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }
    const image = [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }]
    const messages = [
      {
        role: 'developer',
        content: [
          { type: 'text', text: 'Be ' },
          { type: 'text', text: 'brief.' },
        ],
      },
      { role: 'user', content: image },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: 'one' },
    ]
    expect(
      request({ messages, max_completion_tokens: 9, temperature: 0, stream: true, stream_options: {} }),
    ).toEqual({
      path: target.servedModel,
      headers: {},
      body: {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: image },
          { role: 'assistant', content: '', tool_calls: [call] },
          { role: 'tool', content: 'one', tool_call_id: 'call_1' },
        ],
        max_tokens: 9,
        temperature: 0,
        stream: true,
      },
    })
  })

  test('without a limit an answer is not cut off at the 256 tokens that are its default', () => {
    expect(request({ messages: [{ role: 'user', content: 'Hi' }] }).body.max_tokens).toBe(4_096)
  })

  test('a named tool is the only one, and must be used', () => {
    const tools = [TOOL('f'), TOOL('g')]
    expect(request({ tools, tool_choice: 'auto' }).body).toMatchObject({ tools, tool_choice: 'auto' })
    expect(request({ tools, tool_choice: { type: 'function', function: { name: 'g' } } }).body).toMatchObject(
      {
        tools: [TOOL('g')],
        tool_choice: 'required',
      },
    )
  })

  test('a schema stands without its name', () => {
    const response_format = { type: 'json_schema', json_schema: { name: 'v', schema: { type: 'object' } } }
    expect(request({ response_format }).body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { type: 'object' },
    })
  })

  test.each<[JsonObject, string]>([
    [{ n: 2 }, 'n'],
    [{ tools: [TOOL('f')], tool_choice: { type: 'function', function: { name: 'g' } } }, 'tool_choice'],
  ])('%j is refused', (body, param) => {
    expect(() => request(body)).toThrow(expect.objectContaining({ name: 'Untranslatable', param }))
  })
})

const message = (json: JsonObject) => {
  const { choices, usage } = workersAi.response(json, asked()) as { choices: [JsonObject]; usage: unknown }
  return { ...choices[0], usage }
}
const USAGE = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }

describe('answers', () => {
  // The shapes of https://developers.cloudflare.com/workers-ai/ and of its provider for the AI SDK.
  test.each<[string, JsonObject, JsonObject]>([
    [
      'text',
      { response: 'Hello', usage: USAGE },
      { message: { content: 'Hello' }, finish_reason: 'stop', usage: USAGE },
    ],
    ['the REST API’s', { result: { response: 'Hello' }, success: true }, { message: { content: 'Hello' } }],
    ['JSON mode', { response: { ok: true } }, { message: { content: '{"ok":true}' } }],
    [
      'flat calls',
      { response: null, tool_calls: [{ name: 'f', arguments: { a: 1 } }] },
      {
        finish_reason: 'tool_calls',
        message: {
          content: null,
          tool_calls: [
            { id: 'call_req-1_0', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
          ],
        },
      },
    ],
    [
      'OpenAI’s',
      {
        id: 'x',
        choices: [{ index: 0, message: { content: 'Hello' }, finish_reason: 'length' }],
        usage: USAGE,
      },
      { message: { content: 'Hello' }, finish_reason: 'length', usage: USAGE },
    ],
  ])('%s', (_, json, expected) => {
    expect(message(json)).toMatchObject(expected)
  })

  test.each([null, 'text', {}, { result: {} }])('%j is none', (json) => {
    expect(() => workersAi.response(json, asked())).toThrow(TypeError)
  })
})

const stream = (events: (JsonObject | string)[], cuts: number[] = []) => {
  const translator = workersAi.stream!(asked({ stream_options: { include_usage: true } }))
  return { ...assembled(translated(translator, sse(events), cuts)), failed: translator.failed }
}
const whole = { errors: [], done: true, failed: false, usage: USAGE }

describe('streams', () => {
  const TEXT = [{ response: 'Hel', p: 'abc' }, { response: 'lo' }, { response: '', usage: USAGE }, '[DONE]']

  test('of text', () => {
    expect(stream(TEXT)).toEqual({ ...whole, content: 'Hello', finish: 'stop' })
  })

  test('of flat calls, each whole', () => {
    const tool_calls = [
      { name: 'f', arguments: { a: 1 } },
      { name: 'g', arguments: {} },
    ]
    expect(stream([{ response: '', tool_calls }, { usage: USAGE }, '[DONE]'])).toEqual({
      ...whole,
      content: null,
      finish: 'tool_calls',
      tool_calls: [
        { id: 'call_req-1_0', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
        { id: 'call_req-1_1', type: 'function', function: { name: 'g', arguments: '{}' } },
      ],
    })
  })

  test('of OpenAI’s chunks, with the nulls that end a call', () => {
    const chunk = (delta: JsonObject, finish_reason: string | null = null) => ({
      id: 'x',
      choices: [{ index: 0, delta, finish_reason }],
    })
    const piece = (call: JsonObject) => chunk({ tool_calls: [call] })
    const events = [
      chunk({ role: 'assistant', content: '' }),
      chunk({ reasoning_content: 'Hm.' }),
      chunk({ content: 'Hello' }),
      piece({ id: 'call_1', type: 'function', index: 0, function: { name: 'f' } }),
      piece({ index: 0, function: { arguments: '{"a"' } }),
      piece({ index: 0, function: { arguments: ':1}' } }),
      piece({ id: null, type: null, index: 0, function: { name: null, arguments: '' } }),
      chunk({}, 'tool_calls'),
      { choices: [], usage: USAGE },
      '[DONE]',
    ]
    expect(stream(events)).toEqual({
      ...whole,
      content: 'Hello',
      finish: 'tool_calls',
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
    })
  })

  test('of one event with the whole answer', () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })
    const tool_calls = [call('call_1'), call('call_2')]
    const choices = [
      { index: 0, message: { role: 'assistant', content: 'Hello', tool_calls }, finish_reason: 'stop' },
    ]
    const answer = { ...whole, content: 'Hello', finish: 'stop' }
    expect(stream([{ id: 'x', choices, usage: USAGE }, '[DONE]'])).toEqual({ ...answer, tool_calls })
    expect(stream([{ response: 'Hello', usage: USAGE }, '[DONE]'])).toEqual(answer)
  })

  test('that break off, or carry an error', () => {
    expect(stream(TEXT.slice(0, 2))).toMatchObject({ failed: true, done: false, errors: [{}] })
    expect(stream([{ errors: [{ code: 3040, message: 'No more data centers' }] }])).toMatchObject({
      failed: true,
      errors: [{ message: 'No more data centers', code: 'overloaded' }],
    })
  })

  test('are the same wherever they are cut', () => {
    const once = stream(TEXT)
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 9 }), (cuts) => {
        expect(stream(TEXT, cuts)).toEqual(once)
      }),
    )
  })
})

describe('embeddings', () => {
  const input = (body: JsonObject) => workersAi.request('embeddings', { model: 'e', ...body }, target).body

  test('of one text or several', () => {
    expect(input({ input: 'a' })).toEqual({ text: ['a'] })
    expect(input({ input: ['a', 'b'], encoding_format: 'base64' })).toEqual({ text: ['a', 'b'] })
    expect(() => input({ input: [1, 2] })).toThrow(expect.objectContaining({ param: 'input' }))
    expect(() => input({ input: 'a', dimensions: 64 })).toThrow(
      expect.objectContaining({ param: 'dimensions' }),
    )
  })

  const answer = {
    shape: [2, 2],
    data: [
      [0.5, -1],
      [2, 0],
    ],
    pooling: 'mean',
  }

  test('as numbers, or as Base64, which the openai package asks for', () => {
    const list = (body: JsonObject) => workersAi.response(answer, asked(body, 'embeddings'))
    expect(list({})).toEqual({
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [0.5, -1] },
        { object: 'embedding', index: 1, embedding: [2, 0] },
      ],
      model: 'support',
      usage: { prompt_tokens: 0, total_tokens: 0 },
    })
    const { data } = list({ encoding_format: 'base64' }) as { data: { embedding: string }[] }
    const bytes = Uint8Array.from(atob(data[0]!.embedding), (character) => character.charCodeAt(0))
    expect([...new Float32Array(bytes.buffer)]).toEqual([0.5, -1])
  })
})

describe('errors', () => {
  test.each([
    ['InferenceUpstreamError: 5007: No such model @cf/x or task', 400, 'model_not_found'],
    [
      'InferenceUpstreamError: 3036: You have used up your daily free allocation of 10,000 neurons.',
      429,
      'insufficient_quota',
    ],
    ['3040: Capacity temporarily exceeded, please try again.', 429, 'overloaded'],
    ['InferenceUpstreamError: 3007: Request timeout', 408, null],
    [
      'AiError: 5021: The estimated number of tokens (9000) exceeded this model context window limit (8192).',
      400,
      'context_length_exceeded',
    ],
    ['Network connection lost.', 500, null],
  ])('%s', (message, status, code) => {
    expect(statusOf(message)).toBe(status)
    expect(workersAiError(status, message)).toMatchObject({ message, code })
  })

  test('of the REST API', () => {
    const body = JSON.stringify({
      success: false,
      errors: [{ code: 5007, message: 'No such model x' }],
      result: {},
    })
    expect(workersAiError(400, body)).toEqual({
      message: 'No such model x',
      type: 'invalid_request_error',
      code: 'model_not_found',
      param: null,
    })
  })
})

test('an answer that fills its limit was cut off, where the model does not say why it ended', () => {
  const body = { max_tokens: 5, stream_options: { include_usage: true } }
  const finishes = (completion_tokens: number) => {
    const answer = { response: 'Parcels take', usage: { prompt_tokens: 3, completion_tokens } }
    const { choices } = workersAi.response(answer, asked(body)) as { choices: [{ finish_reason: string }] }
    const stream = translated(workersAi.stream!(asked(body)), sse([answer, '[DONE]']))
    return [choices[0].finish_reason, assembled(stream).finish]
  }
  expect(finishes(5)).toEqual(['length', 'length'])
  expect(finishes(4)).toEqual(['stop', 'stop'])
})
