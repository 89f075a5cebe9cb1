import { expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { evaluatorInput, rowInput, storedAnswer, unaskable, type RowInput } from './row-input.ts'

const read = (data: Record<string, Json>) => rowInput(data) as RowInput
const asked = [{ role: 'user', content: 'Where?' }]

test('an example is read as it stands, and its completion is what is expected', () => {
  const completion = { intent: 'i', action: 'a', reply: 'r' }
  const row = read({ split: 'golden', prompt: asked, context: ['c'], completion, conversation: 'k' })
  expect(row).toEqual({ prompt: asked, context: ['c'], expected: completion, conversation: 'k' })
})

test.for<[Record<string, Json>, Partial<RowInput>]>([
  [
    { question: 'Where?', contexts: ['a', 'b'] },
    { prompt: asked as never, context: ['a', 'b'] },
  ],
  [
    { prompt: 'Where?', context: 'a' },
    { prompt: asked as never, context: ['a'] },
  ],
  [{ input: 'Where?', output: 'Here.' }, { response: 'Here.' }],
  [{ query: 'Where?', answer: { at: 1 } }, { response: '{"at":1}' }],
  [{ question: 'q', reference: 'Here.' }, { reference: 'Here.' }],
  [{ question: 'q', label: 1 }, { reference: '1' }],
  [
    { question: 'q', expected: { intent: 'i', action: 'a', reply: 'r' } },
    { expected: { intent: 'i', action: 'a', reply: 'r' }, reference: 'r' },
  ],
  [
    { question: 'q', knowledge: [{ id: 'k', text: 'old', fields: { city: 'Bern' } }] },
    { context: ['city: Bern'] },
  ],
  [
    {
      transcript: [
        { role: 'human', text: 'Hi' },
        { role: 'agent', text: 'Yes?' },
        { role: 'tool', content: 'x' },
      ],
    },
    {
      prompt: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Yes?' },
      ],
    },
  ],
  [
    { question: 'q', expected: [{ name: 'find', args: { by: ['x', 'y'], year: [1, ''] } }] },
    {
      expectedToolCalls: [{ name: 'find', arguments: { by: ['x', 'y'], year: [1, ''] }, optional: ['year'] }],
    },
  ],
  [
    { question: 'q', expected_actions: [{ name: 'pay', kwargs: { id: 'a' } }] },
    { expectedToolCalls: [{ name: 'pay', arguments: { id: ['a'] }, optional: [] }] },
  ],
  [
    {
      question: 'q',
      tools: [{ type: 'function', function: { name: 'find' } }],
      tool_calls: [{ id: '1', type: 'function', function: { name: 'find', arguments: '{"a":1}' } }],
    },
    { tools: [{ name: 'find' }], toolCalls: [{ name: 'find', arguments: { a: 1 } }] },
  ],
  [
    { question: 'q', toolCalls: [{ name: 'f', arguments: '[1' }] },
    { toolCalls: [{ name: 'f', arguments: {}, failed: true }] },
  ],
])('%j', ([data, expected]) => {
  expect(rowInput(data)).toMatchObject(expected)
})

test.for<[Record<string, Json>, string]>([
  [{ messages: [{ role: 'robot', content: 'x' }] }, 'messages.0.role is "robot"'],
  [{ messages: 7 }, 'messages is neither a text nor a list'],
  [{ question: 'q', context: [{ id: 1 }] }, 'context.0 has no text'],
  [{ question: 'q', tools: [{ description: 'nameless' }] }, 'tools.0 is no tool'],
  [{ question: 'q', toolCalls: 'f()' }, 'toolCalls is no list'],
])('%j says what is wrong with it', ([data, sentence]) => {
  expect((rowInput(data) as { error: string }).error).toContain(sentence)
})

test('evaluators see the conversation without the system prompt, and the answer that is judged', () => {
  const row = read({ messages: [{ role: 'system', content: 's' }, ...asked], response: 'old', context: 'c' })
  expect(evaluatorInput(row, 'new')).toEqual({ messages: asked, context: ['c'], response: 'new' })
})

test('an answer may be the end of a recorded conversation; a row without one says what to give', () => {
  const talk = read({ messages: [...asked, { role: 'assistant', content: 'There.' }] })
  expect(storedAnswer(talk)).toEqual({ row: { ...talk, prompt: asked }, response: 'There.' })
  expect(storedAnswer(read({ question: 'Where?', output: 'Here.' }))).toMatchObject({ response: 'Here.' })
  expect(storedAnswer(read({ question: 'Where?' }))).toEqual({
    error: expect.stringContaining('give response, answer'),
  })
  expect(unaskable(read({ context: 'c' }))).toContain('give one of messages, prompt')
})

test('calls of a recorded conversation are the calls that were made', () => {
  const call = { id: '1', type: 'function', function: { name: 'find', arguments: '{"a":1}' } }
  const messages = [...asked, { role: 'assistant', content: null, tool_calls: [call] }]
  expect(read({ messages }).toolCalls).toEqual([{ name: 'find', arguments: { a: 1 } }])
})
