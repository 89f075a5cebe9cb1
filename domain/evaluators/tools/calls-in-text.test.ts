import fc from 'fast-check'
import { expect, test } from 'vitest'
import { callsInText } from './calls-in-text.ts'

const CALL = { name: 'book', arguments: { city: 'Oslo' } }
const names = new Set(['book'])

test.for([
  ['alone', JSON.stringify(CALL)],
  ['in a list', JSON.stringify([CALL])],
  [
    'under tool_calls',
    JSON.stringify({ tool_calls: [{ function: { name: 'book', arguments: '{"city":"Oslo"}' } }] }),
  ],
  [
    'in an answer of Anthropic',
    JSON.stringify({
      role: 'assistant',
      content: [
        { type: 'text', text: 'One moment.' },
        { type: 'tool_use', id: 'toolu_1', name: 'book', input: { city: 'Oslo' } },
      ],
    }),
  ],
  [
    'in an answer of OpenAI',
    JSON.stringify({
      choices: [
        {
          message: {
            content: null,
            tool_calls: [{ function: { name: 'book', arguments: '{"city":"Oslo"}' } }],
          },
        },
      ],
    }),
  ],
  [
    'in an answer of Google',
    JSON.stringify({
      candidates: [{ content: { parts: [{ functionCall: { name: 'book', args: { city: 'Oslo' } } }] } }],
    }),
  ],
  ['by its name', '{"book": {"city": "Oslo"}}'],
  ['in tags', `I will book it.\n<tool_call>\n${JSON.stringify(CALL)}\n</tool_call>`],
  ['in a fence', `Here:\n\`\`\`json\n${JSON.stringify(CALL)}\n\`\`\``],
])('a call %s', ([, response]) => {
  expect(callsInText(response!, names)).toEqual([CALL])
})

test.for([
  '',
  'I have booked it.',
  '{"reply": "book {}"}',
  '[1, "book"]',
  '{"book"',
  '```json\n{"city": "Oslo"}\n```',
])('no call: %s', (response) => {
  expect(callsInText(response, names)).toEqual([])
})

test('arguments that are no JSON object make a call that failed', () => {
  expect(callsInText('{"name": "book", "arguments": "{city"}', names)).toEqual([
    { name: 'book', arguments: {}, failed: true },
  ])
})

test('any text is read in time', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(callsInText(text, names))))
  const started = performance.now()
  callsInText('<tool_call>'.repeat(90_000), names)
  callsInText('```json\n'.repeat(90_000), names)
  callsInText('{'.repeat(1_000_000), names)
  expect(performance.now() - started).toBeLessThan(2000)
})
