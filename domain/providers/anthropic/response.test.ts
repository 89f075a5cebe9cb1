import { expect, test } from 'vitest'
import { asked } from '../streams.fixture.ts'
import { WEATHER_MESSAGE } from './messages.fixture.ts'
import { completionOf, finishReason } from './response.ts'

test('a message becomes a chat completion, its reads from the cache counted as input', () => {
  expect(completionOf(WEATHER_MESSAGE, asked())).toEqual({
    id: 'msg_014p7gG3wDgGV9EUtLvnow3U',
    object: 'chat.completion',
    created: 1_795_651_200,
    model: 'claude-sonnet-4-5',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          refusal: null,
          content: 'Okay, let’s check the weather',
          tool_calls: [
            {
              id: 'toolu_01T1x1fJ34qAmk2tNTrN7Up6',
              type: 'function',
              function: { name: 'get_weather', arguments: '{"location":"San Francisco, CA"}' },
            },
          ],
        },
        logprobs: null,
        finish_reason: 'tool_calls',
      },
    ],
    usage: {
      prompt_tokens: 572,
      completion_tokens: 89,
      total_tokens: 661,
      prompt_tokens_details: { cached_tokens: 100 },
    },
  })
})

test('thinking is left out, and texts are joined', () => {
  const content = [
    { type: 'thinking', thinking: 'Hm.', signature: 'x' },
    { type: 'text', text: 'One, ' },
    { type: 'redacted_thinking', data: 'x' },
    { type: 'text', text: 'two.' },
  ]
  const { choices } = completionOf({ ...WEATHER_MESSAGE, content }, asked())
  expect(choices).toMatchObject([{ message: { content: 'One, two.' } }])
})

test.each([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
  ['something_new', 'stop'],
  ['constructor', 'stop'],
  [null, 'stop'],
])('stop reason %s is %s', (stopReason, reason) => {
  expect(finishReason(stopReason)).toBe(reason)
})

test.each([null, 'text', [], {}, { content: 'text' }])('%j is no message', (json) => {
  expect(() => completionOf(json, asked())).toThrow(TypeError)
})
