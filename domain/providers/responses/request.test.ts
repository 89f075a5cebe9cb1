import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conversation } from '../conversations.fixture.ts'
import type { JsonObject } from '../provider.ts'
import { chatRequest } from './request.ts'

test('a text with settings', () => {
  const body = {
    model: 'support',
    instructions: 'Be brief.',
    input: 'Hello',
    max_output_tokens: 100,
    temperature: 0.2,
    reasoning: { effort: 'low', summary: 'auto' },
    text: {
      verbosity: 'low',
      format: { type: 'json_schema', name: 'v', strict: true, schema: { type: 'object' } },
    },
    tools: [{ type: 'function', name: 'f', description: 'F', parameters: { type: 'object' }, strict: true }],
    tool_choice: { type: 'function', name: 'f' },
    parallel_tool_calls: false,
    metadata: { cohort: 'beta' },
    store: true,
    include: ['reasoning.encrypted_content'],
    truncation: 'auto',
    previous_response_id: null,
    stream: true,
  }
  expect(chatRequest(body)).toEqual({
    model: 'support',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
    ],
    max_completion_tokens: 100,
    temperature: 0.2,
    reasoning_effort: 'low',
    verbosity: 'low',
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'v', strict: true, schema: { type: 'object' } },
    },
    tools: [
      {
        type: 'function',
        function: { name: 'f', description: 'F', parameters: { type: 'object' }, strict: true },
      },
    ],
    tool_choice: { type: 'function', function: { name: 'f' } },
    parallel_tool_calls: false,
    stream: true,
    stream_options: { include_usage: true },
  })
})

test('items: what was said, seen, called and answered', () => {
  const input = [
    { role: 'developer', content: 'Use Celsius.' },
    {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_text', text: 'Here?' },
        { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' },
      ],
    },
    { type: 'reasoning', id: 'rs_1', summary: [] },
    {
      type: 'message',
      role: 'assistant',
      id: 'msg_1',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Let me look.', annotations: [] }],
    },
    { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{"a":1}' },
    { type: 'function_call', call_id: 'call_2', name: 'f', arguments: '{"a":2}' },
    { type: 'function_call_output', call_id: 'call_1', output: 'one' },
    { type: 'function_call_output', call_id: 'call_2', output: [{ type: 'input_text', text: 'two' }] },
    { type: 'function_call', call_id: 'call_3', name: 'f', arguments: '{}' },
  ]
  const call = (id: string, args: string) => ({
    id,
    type: 'function',
    function: { name: 'f', arguments: args },
  })
  expect(chatRequest({ model: 'm', input }).messages).toEqual([
    { role: 'system', content: 'Use Celsius.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Here?' },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
      ],
    },
    {
      role: 'assistant',
      content: 'Let me look.',
      tool_calls: [call('call_1', '{"a":1}'), call('call_2', '{"a":2}')],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'one' },
    { role: 'tool', tool_call_id: 'call_2', content: 'two' },
    { role: 'assistant', content: null, tool_calls: [call('call_3', '{}')] },
  ])
})

test('what the assistant said behind its calls stands before their results', () => {
  const input = [
    { role: 'user', content: 'Here?' },
    { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'One moment.' }] },
    { type: 'function_call_output', call_id: 'call_1', output: 'rain' },
  ]
  expect(chatRequest({ model: 'm', input }).messages).toEqual([
    { role: 'user', content: 'Here?' },
    {
      role: 'assistant',
      content: 'One moment.',
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
  ])
})

test.each<[JsonObject, string]>([
  [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
  [{ conversation: 'conv_1' }, 'conversation'],
  [{ background: true }, 'background'],
  [{ prompt: { id: 'pmpt_1' } }, 'prompt'],
  [{ tools: [{ type: 'web_search' }] }, 'tools[0]'],
  [{ tools: [{ type: 'function', name: 'f' }], tool_choice: { type: 'web_search' } }, 'tool_choice'],
  [{ text: { format: { type: 'grammar' } } }, 'text.format'],
  [{ input: undefined }, 'input'],
  [{ input: [] }, 'input'],
  [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input[0]'],
  [{ input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] }, 'input[0].content[0]'],
  [{ input: [{ role: 'user' }] }, 'input[0].content'],
  [
    { input: [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image' }] }] },
    'input[0].output',
  ],
])('%j is refused', (body, param) => {
  expect(() => chatRequest({ model: 'm', input: 'Hello', ...body })).toThrow(
    expect.objectContaining({ name: 'Untranslatable', param }),
  )
})

/** A conversation as items of a response's input. */
function itemsOf(messages: JsonObject[]): JsonObject[] {
  return messages.flatMap(({ role, content, tool_calls, tool_call_id }): JsonObject[] => {
    if (role === 'tool') return [{ type: 'function_call_output', call_id: tool_call_id, output: content }]
    const type = role === 'assistant' ? 'output_text' : 'input_text'
    const parts = Array.isArray(content)
      ? (content as JsonObject[]).map(({ text }) => ({ type, text }))
      : content
    return [
      ...(content === null ? [] : [{ type: 'message', role, content: parts }]),
      ...((tool_calls ?? []) as { id: string; function: JsonObject }[]).map(({ id, function: called }) => ({
        type: 'function_call',
        call_id: id,
        ...called,
      })),
    ]
  })
}

/** One text where all is text, and `system` for the developer, which chat models other than OpenAI's do not know. */
function asItIsAsked({ role, content, ...rest }: JsonObject): JsonObject {
  const parts = Array.isArray(content) ? (content as JsonObject[]) : undefined
  const plain = parts && (role !== 'user' || parts.length === 1)
  return {
    role: role === 'developer' ? 'system' : role,
    content: plain ? parts.map(({ text }) => text).join('') : content,
    ...rest,
  }
}

test('any conversation given as items is the same conversation', () => {
  fc.assert(
    fc.property(conversation, (messages) => {
      const translated = chatRequest({ model: 'm', input: itemsOf(messages) }).messages as JsonObject[]
      // Where an assistant's calls follow another's words, they are the former's.
      const merged: JsonObject[] = []
      for (const message of messages) {
        const last = merged.at(-1)
        if (last?.role === 'assistant' && message.role === 'assistant' && message.content === null)
          last.tool_calls = [
            ...((last.tool_calls ?? []) as JsonObject[]),
            ...(message.tool_calls as JsonObject[]),
          ]
        else merged.push(asItIsAsked(message))
      }
      expect(translated).toEqual(merged)
    }),
  )
})
