import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { responseStream } from '../providers/responses/stream.ts'
import { sseEvent } from '../providers/translator.ts'
import { assembled, streamed } from './assembled.ts'
import { streamEnd, streamedAnswer } from './end.ts'

const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 }
const chunk = (choices: object[], more: object = {}) => sseEvent({ id: 'c1', model: 'm', choices, ...more })

test('texts, calls and the usage of a stream are put together', () => {
  const text = [
    chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
    ': ping\n\n',
    chunk([{ index: 0, delta: { content: 'Par' }, finish_reason: null }]),
    chunk([{ index: 1, delta: { role: 'assistant', content: 'Yes' }, finish_reason: null }]),
    chunk([{ index: 0, delta: { content: 'cels' }, finish_reason: null }]),
    chunk([
      {
        index: 1,
        delta: {
          tool_calls: [{ index: 0, id: 't', type: 'function', function: { name: 'find', arguments: '' } }],
        },
      },
    ]),
    chunk([{ index: 1, delta: { tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] } }]),
    chunk([{ index: 1, delta: { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] } }]),
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
    chunk([{ index: 1, delta: {}, finish_reason: 'tool_calls' }]),
    chunk([], { usage }),
    'data: [DONE]\n\n',
  ].join('')
  expect(assembled(text)).toEqual({
    id: 'c1',
    model: 'm',
    object: 'chat.completion',
    usage,
    choices: [
      { index: 0, message: { role: 'assistant', content: 'Parcels' }, finish_reason: 'stop', logprobs: null },
      {
        index: 1,
        message: {
          role: 'assistant',
          content: 'Yes',
          tool_calls: [{ id: 't', type: 'function', function: { name: 'find', arguments: '{"a":1}' } }],
        },
        finish_reason: 'tool_calls',
        logprobs: null,
      },
    ],
  })
})

const content = fc.oneof(fc.string(), fc.constant('data: [DONE]\n\n"\\'))
const call = fc.record({
  id: fc.string({ minLength: 1 }),
  type: fc.constant('function'),
  function: fc.record({ name: fc.string(), arguments: fc.string() }),
})
const message = fc.oneof(
  fc.record({ role: fc.constant('assistant'), content }),
  fc.record({
    role: fc.constant('assistant'),
    content: fc.constant(null),
    tool_calls: fc.array(call, { minLength: 1, maxLength: 3 }),
  }),
)

test('an answer that is told as a stream is the same answer', () => {
  const answers = fc.array(message, { minLength: 1, maxLength: 3 }).map((messages) => ({
    id: 'c1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: messages.map((one, index) => ({
      index,
      message: one,
      finish_reason: 'tool_calls' in one ? 'tool_calls' : 'stop',
      logprobs: null,
    })),
    usage,
  }))
  fc.assert(
    fc.property(answers, (answer) => {
      const text = streamed(answer, { includeUsage: true })
      expect(assembled(text)).toEqual(answer)
      expect(streamEnd(text)).toEqual({ how: 'done', usage })
      expect(assembled(streamed(answer, { includeUsage: false }))).toEqual({ ...answer, usage: undefined })
      if (answer.choices.length === 1 && !('tool_calls' in answer.choices[0]!.message))
        expect(streamedAnswer(text).text).toBe(answer.choices[0]!.message.content)
    }),
  )
})

test('legacy completions, too', () => {
  const answer = {
    id: 'c1',
    object: 'text_completion',
    model: 'm',
    choices: [{ index: 0, text: 'Hi', finish_reason: 'stop', logprobs: null }],
  }
  expect(assembled(streamed(answer, { includeUsage: false }))).toEqual(answer)
})

test('of a stream of the Responses API, what was said and called', () => {
  const asked = { kind: 'chat', body: { model: 'm' }, id: 'r1', at: new Date(0) } as const
  const message = {
    role: 'assistant',
    content: 'Three "days".',
    tool_calls: [{ id: 't', type: 'function', function: { name: 'find', arguments: '{"a":1}' } }],
  }
  const chat = { id: 'c1', model: 'm', choices: [{ index: 0, message, finish_reason: 'tool_calls' }] }
  const translator = responseStream(asked)
  const text = translator.feed(streamed(chat, { includeUsage: false })) + translator.end()
  expect(assembled(text).choices).toMatchObject([
    {
      message: {
        content: 'Three "days".',
        tool_calls: [{ id: 't', function: { name: 'find', arguments: '{"a":1}' } }],
      },
    },
  ])
})
