import { expect, test } from 'vitest'
import { asked } from '../streams.fixture.ts'
import { responseOf } from './response.ts'

const chat = (message: object, finish_reason = 'stop') => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-x',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
  usage: {
    prompt_tokens: 10,
    completion_tokens: 5,
    total_tokens: 15,
    prompt_tokens_details: { cached_tokens: 4 },
    completion_tokens_details: { reasoning_tokens: 2 },
  },
})

test('words and calls become items', () => {
  const tool_calls = [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }]
  const request = asked({ instructions: 'Be brief.', input: 'Hello', temperature: 0.2 })
  expect(responseOf(chat({ content: 'One moment.', tool_calls }, 'tool_calls'), request)).toEqual({
    id: 'resp_req-1',
    object: 'response',
    created_at: 1_795_651_200,
    status: 'completed',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: 'Be brief.',
    max_output_tokens: null,
    metadata: {},
    model: 'gpt-x',
    output: [
      {
        id: 'msg_req-1_0',
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'One moment.', annotations: [], logprobs: [] }],
      },
      {
        id: 'fc_req-1_1',
        type: 'function_call',
        status: 'completed',
        call_id: 'call_1',
        name: 'f',
        arguments: '{}',
      },
    ],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: 'default',
    store: false,
    temperature: 0.2,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 15,
    },
    user: null,
  })
})

test('an answer that was cut, filtered, refused or empty', () => {
  expect(responseOf(chat({ content: 'One' }, 'length'), asked())).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    output: [{ status: 'incomplete' }],
  })
  expect(responseOf(chat({ content: '' }, 'content_filter'), asked())).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'content_filter' },
    output: [{ content: [{ type: 'output_text', text: '' }] }],
  })
  expect(responseOf(chat({ content: null, refusal: 'I can’t.' }), asked())).toMatchObject({
    status: 'completed',
    output: [{ content: [{ type: 'refusal', refusal: 'I can’t.' }] }],
  })
})

test('a request that is named as a response gives its name on', () => {
  const named = { ...asked(), id: 'resp_abc' }
  expect(responseOf(chat({ content: 'One' }), named)).toMatchObject({
    id: 'resp_abc',
    output: [{ id: 'msg_abc_0' }],
  })
})
