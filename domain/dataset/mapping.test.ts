import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { ProblemError } from '../problem.ts'
import { toDatasetRow, type TranscriptMapping } from './mapping.ts'
import { Transcript } from './transcript.ts'

const record = { id: 'r1', question: 'Where is it?', label: 'track', answer: 'On its way.' }
const map = (change: Record<string, Json>, mapping: TranscriptMapping = {}) =>
  Transcript.parse(toDatasetRow({ ...record, ...change }, mapping, 3).data)
const talk = [
  { role: 'user', content: 'one' },
  { role: 'assistant', content: 'two' },
  { role: 'user', content: 'three' },
]

function refusal(change: Record<string, Json>, mapping: TranscriptMapping = {}): ProblemError {
  try {
    toDatasetRow({ ...record, ...change }, mapping, 3)
  } catch (error) {
    if (error instanceof ProblemError) return error
    throw error
  }
  throw new Error('the row was accepted')
}

describe('text that looks like JSON', () => {
  test('a good answer that is a JSON document stays the text it is', () => {
    expect(map({ answer: '{"status":"shipped"}' }).expected.reply).toBe('{"status":"shipped"}')
    expect(map({ label: '[escalate]' }).expected.intent).toBe('[escalate]')
  })

  test('a reply in words is never changed, whatever it holds', () => {
    const text = fc.oneof(fc.string({ minLength: 1 }), fc.json())
    fc.assert(
      fc.property(text, (reply) => {
        expect(map({ answer: reply }).expected.reply).toBe(reply)
      }),
    )
  })

  test('a cell with messages or knowledge as JSON is read, and one with text alone is text', () => {
    const { messages, knowledge } = map({
      question: JSON.stringify(talk),
      context: '["Kettles: 14 days.", "Irons: 7 days."]',
    })
    expect(messages).toEqual(talk)
    expect(knowledge.map(({ text }) => text)).toEqual(['Kettles: 14 days.', 'Irons: 7 days.'])
    expect(map({ question: '[unreadable' }).messages).toEqual([{ role: 'user', content: '[unreadable' }])
  })

  test('a column inside a cell that holds JSON is found', () => {
    expect(map({ call: '{"tool": "lookup"}' }, { action: 'call.tool' }).expected.action).toBe('lookup')
  })
})

describe('what is not a text where a text belongs is refused', () => {
  test.for(['id', 'cohort', 'intent', 'action', 'reply'] as const)('%s', (name) => {
    const { message, extra } = refusal({ part: { a: 1 } }, { [name]: 'part' })
    expect(message).toBe(`Row 3: ${name} must be a text, not an object or a list`)
    expect(extra).toEqual({ row: 3, field: name })
  })

  test('numbers and truth values are taken as texts', () => {
    expect(toDatasetRow({ ...record, id: 7, cohort: true }, {}, 1)).toMatchObject({ id: '7', cohort: 'true' })
  })
})

describe('until', () => {
  test('cuts off the expected reply and all that follows', () => {
    expect(map({ messages: talk, until: 1 }).messages).toEqual(talk.slice(0, 1))
    expect(map({ messages: talk, until: '2' }).messages).toEqual(talk.slice(0, 2))
    expect(map({ messages: talk }).messages).toEqual(talk)
    expect(map({ messages: talk, until: 3 }).messages).toEqual(talk)
  })

  test('an empty cell cuts nothing off', () => {
    expect(map({ messages: talk, until: '' }).messages).toEqual(talk)
  })

  test.for([0, -1, 1.5, 'x'])('%j is no message of three', (until) => {
    expect(refusal({ messages: talk, until }).message).toBe(
      'Row 3: until must be the index of a message, from 1',
    )
  })
})

test('a conversation without a message is refused by its own name', () => {
  expect(refusal({ messages: [] }).message).toBe('Row 3: messages must hold at least one message')
})

test('roles are known by their usual names, in any case', () => {
  const roles = ['System', 'user', 'customer', 'Assistant', 'agent', 'BOT']
  const { messages } = map({ messages: roles.map((role) => ({ role, content: 'x' })) })
  expect(messages.map(({ role }) => role)).toEqual([
    'system',
    'user',
    'user',
    'assistant',
    'assistant',
    'assistant',
  ])
})

test('knowledge keeps the ids of passages and the fields of records', () => {
  const { knowledge } = map({
    knowledge: [{ id: 'kb-7', text: 'A' }, { text: 'B' }, { order: 'A1', open: true }],
  })
  expect(knowledge).toEqual([
    { id: 'kb-7', text: 'A' },
    { id: 'k2', text: 'B' },
    { id: 'k3', text: '', fields: { order: 'A1', open: 'true' } },
  ])
})

test('a column is not found because every object has one of that name', () => {
  expect(refusal({}, { intent: 'constructor' }).message).toBe(
    'Row 3: intent the column constructor that intent is mapped to is missing',
  )
})

test('a row that is one already passes as it is', () => {
  const row = { id: 'r1', cohort: 'orders', data: { messages: [], anything: 1 } }
  expect(toDatasetRow(row, {}, 1)).toEqual(row)
})
