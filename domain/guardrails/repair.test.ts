import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { askedAgain, usedTogether, withoutFences } from './repair.ts'

const SCHEMA = { type: 'object', required: ['intent'] }
const answer = (content: string | null, more: object = {}) => ({
  id: 'c1',
  choices: [{ index: 0, message: { role: 'assistant', content, ...more }, logprobs: { content: [] } }],
})
const repair = (content: string | null, more: object = {}) => withoutFences(answer(content, more), SCHEMA)

test('a good answer stays as it is', () => {
  const good = answer('{"intent":"a"}')
  const found = withoutFences(good, SCHEMA)
  expect(found).toEqual({ valid: true, answer: good, stripped: false })
  expect(found.valid && found.answer).toBe(good)
})

test.for([
  '```json\n{"intent":"a"}\n```',
  '```\n{"intent":"a"}```',
  'Here it is:\n```json\n{"intent":"a"}\n```\nEnjoy!',
])('a fence goes: %j', (content) => {
  const found = repair(content)
  expect(found).toMatchObject({ valid: true, stripped: true })
  expect(found.valid && found.answer.choices).toEqual([
    { index: 0, message: { role: 'assistant', content: '{"intent":"a"}' }, logprobs: null },
  ])
})

test('a fence is no fault where it belongs to a valid answer', () => {
  const content = JSON.stringify({ intent: '```json\n{"intent":"b"}\n```' })
  expect(repair(content)).toMatchObject({ valid: true, stripped: false })
})

test.for([['Sure!'], [''], ['```json\n{"x":1}\n```'], ['```\n{"intent":1}\n```\n```\n{}\n```']])(
  'is not valid: %j',
  ([content]) => {
    expect(repair(content!)).toMatchObject({
      valid: false,
      text: content,
      reason: expect.stringMatching(/./),
    })
  },
)

test('who calls a tool, or refuses, owes no document', () => {
  expect(repair(null, { tool_calls: [{ function: { name: 'find' } }] })).toMatchObject({ valid: true })
  expect(repair(null, { refusal: 'I cannot.' })).toMatchObject({ valid: true })
})

test('asking again shows the answer and what is wrong, and wants no stream', () => {
  const body = {
    model: 'r',
    stream: true,
    stream_options: {},
    temperature: 0,
    messages: [{ role: 'user', content: 'Hi' }],
  }
  const again = askedAgain(body, '', '"intent" is missing', SCHEMA)
  expect(again).toMatchObject({
    model: 'r',
    temperature: 0,
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: '-' },
      { role: 'user', content: expect.stringContaining('"intent" is missing') },
    ],
  })
  expect(again).not.toHaveProperty('stream')
  expect(again).not.toHaveProperty('stream_options')
})

test('usage is added up, details included', () => {
  const details = (cached_tokens: number) => ({ prompt_tokens_details: { cached_tokens } })
  expect(
    usedTogether(
      { prompt_tokens: 7, completion_tokens: 3, ...details(1) },
      { prompt_tokens: 20, total_tokens: 25, ...details(2) },
    ),
  ).toEqual({ prompt_tokens: 27, completion_tokens: 3, total_tokens: 25, ...details(3) })
  const usage = fc.option(fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat(100)), { nil: null })
  fc.assert(
    fc.property(usage, usage, (a, b) => {
      const both = usedTogether(a, b)
      for (const field of ['a', 'b', 'c'])
        expect(both?.[field] ?? 0).toBe((a?.[field] ?? 0) + (b?.[field] ?? 0))
    }),
  )
})
