import { describe, expect, test } from 'vitest'
import { instructions, messagesOf } from './messages.ts'
import { payloadFinishReasons, payloadMessages } from './payload.ts'
import { said } from './spans.fixture.ts'

const call = { id: 'c1', name: 'weather', arguments: { city: 'Oslo' } }

describe('a call of a tool and the answer to it', () => {
  const asked = { ...said('assistant', ''), toolCalls: [call] }
  const answered = { ...said('tool', 'rain'), toolCallId: 'c1' }

  test.each([
    [
      'OpenTelemetry',
      [
        { role: 'assistant', parts: [{ type: 'tool_call', ...call }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'rain' }] },
      ],
    ],
    [
      'OpenAI',
      [
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'rain' },
      ],
    ],
    [
      "OpenAI's Responses",
      [
        { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{"city":"Oslo"}' },
        { type: 'function_call_output', call_id: 'c1', output: 'rain' },
      ],
    ],
    [
      'Anthropic',
      [
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Oslo' } }],
        },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'rain' }] }],
        },
      ],
    ],
    [
      'the Vercel AI SDK',
      [
        {
          role: 'assistant',
          content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: { city: 'Oslo' } }],
        },
        {
          role: 'tool',
          content: [{ type: 'tool-result', toolCallId: 'c1', output: { type: 'text', value: 'rain' } }],
        },
      ],
    ],
  ])('as %s writes it, as a list or as JSON text', (_, messages) => {
    expect(messagesOf(messages, 'assistant')).toEqual([asked, answered])
    expect(messagesOf(JSON.stringify(messages), 'assistant')).toEqual([asked, answered])
  })
})

test('a message of many parts: texts joined, thoughts and attachments apart, answers before it', () => {
  const parts = [
    { type: 'tool_call_response', id: 'a', response: { ok: true } },
    { type: 'text', content: 'one' },
    { type: 'reasoning', content: 'hm' },
    { type: 'uri', modality: 'image', uri: 'https://x.test/a.png' },
    { type: 'input_audio' },
    { type: 'text', text: 'two' },
  ]
  expect(messagesOf([{ role: 'user', parts }], 'user')).toEqual([
    { ...said('tool', '{"ok":true}'), toolCallId: 'a' },
    { ...said('user', 'one\ntwo'), reasoning: 'hm', attachments: ['image', 'audio'] },
  ])
})

test('roles by any name; one that nobody knows is of the side', () => {
  const roles = ['developer', 'human', 'ai', 'model', 'function', 'critic', 'constructor']
  expect(
    messagesOf(
      roles.map((role) => ({ role, content: 'x' })),
      'user',
    ).map(({ role }) => role),
  ).toEqual(['system', 'user', 'assistant', 'assistant', 'tool', 'user', 'user'])
})

test('JSON that a user wrote stays text; a list of parts as text is a list of parts', () => {
  const written = '[{"type":"invoice","text":"pay"}]'
  expect(messagesOf([{ role: 'user', content: written }], 'user')).toEqual([said('user', written)])
  expect(messagesOf([{ role: 'user', content: '[{"type":"text","text":"pay"}]' }], 'user')).toEqual([
    said('user', 'pay'),
  ])
})

test('what says nothing is no message', () => {
  expect(messagesOf([{}, { role: 'user' }, { role: 'user', content: [{}] }, null, ''], 'user')).toEqual([])
  expect(instructions([])).toEqual([])
})

test('instructions as text and as parts', () => {
  expect(instructions('be nice')).toEqual([said('system', 'be nice')])
  expect(instructions('[{"type":"text","content":"be"},{"type":"text","content":"nice"}]')).toEqual([
    said('system', 'be\nnice'),
  ])
})

describe('an input or an output that is one value', () => {
  test.each([
    ['a text', 'hi', [said('user', 'hi')]],
    [
      "a provider's request",
      { model: 'm', system: 's', messages: [{ role: 'user', content: 'hi' }] },
      [said('system', 's'), said('user', 'hi')],
    ],
    ["the Vercel AI SDK's prompt", '{"system":"s","prompt":"hi"}', [said('system', 's'), said('user', 'hi')]],
    ["a chain's input", '{"question":"hi","k":4}', [said('user', 'hi')]],
    ['what nothing explains', '{"a":1}', [said('user', '{"a":1}')]],
    ['numbers', '[1,2]', [said('user', '[1,2]')]],
    ['nothing', {}, []],
  ])('asked: %s', (_, value, messages) => {
    expect(payloadMessages(value, 'user')).toEqual(messages)
  })

  test.each([
    ['choices', { choices: [{ message: { role: 'assistant', content: 'a' } }, { text: 'b' }] }, ['a', 'b']],
    [
      'Responses',
      {
        output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a' }] }],
        text: { format: {} },
      },
      ['a'],
    ],
    [
      'Anthropic',
      { role: 'assistant', content: [{ type: 'text', text: 'a' }], stop_reason: 'end_turn' },
      ['a'],
    ],
    ['a chain', '{"answer":"a","sources":[]}', ['a']],
  ])('answered: %s', (_, value, texts) => {
    expect(payloadMessages(value, 'assistant').map(({ content }) => content)).toEqual(texts)
  })

  test('why an answer ended', () => {
    expect(
      payloadFinishReasons({ choices: [{ finish_reason: 'stop' }, { finish_reason: 'length' }] }),
    ).toEqual(['stop', 'length'])
    expect(payloadFinishReasons('{"stop_reason":"max_tokens"}')).toEqual(['length'])
    expect(payloadFinishReasons('stop')).toEqual([])
  })
})
