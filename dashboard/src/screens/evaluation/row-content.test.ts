import { expect, test } from 'vitest'
import { contentOf } from './row-content.ts'

test('a row with the names of usual sets is told apart', () => {
  const row = {
    question: 'When?',
    contexts: ['Monday.', { id: '1', text: 'Tuesday.' }],
    label: 'On Monday.',
    split: 'test',
  }
  expect(contentOf(row)).toEqual({
    messages: [{ role: 'user', text: 'When?' }],
    expected: 'On Monday.',
    context: ['Monday.', 'Tuesday.'],
    rest: { split: 'test' },
  })
})

test('a transcript keeps its roles, and an answer that is a document is shown as one', () => {
  const row = {
    messages: [{ role: 'user', content: 'Hi' }, { role: 'agent', text: 'Hello' }, null],
    expected: { intent: 'greet', reply: 'Hello' },
  }
  const { messages, expected, context } = contentOf(row)
  expect(messages.map(({ role }) => role)).toEqual(['user', 'agent', ''])
  expect(messages[1]!.text).toBe('Hello')
  expect(JSON.parse(expected!)).toEqual({ intent: 'greet', reply: 'Hello' })
  expect(context).toEqual([])
})

test('a row without any of them is all rest', () => {
  expect(contentOf({ a: 1, context: null })).toMatchObject({
    messages: [],
    expected: null,
    context: [],
    rest: { a: 1 },
  })
})
