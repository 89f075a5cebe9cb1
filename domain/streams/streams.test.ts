import { expect, test } from 'vitest'
import { isSound, streamEnd, streamedAnswer } from './end.ts'
import { streamStart } from './start.ts'

const chunk = (delta: object, finish_reason: string | null = null, extra: object = {}) =>
  `data: ${JSON.stringify({ id: 'c1', model: 'm-1', choices: [{ index: 0, delta, finish_reason }], ...extra })}\n\n`
const role = chunk({ role: 'assistant', content: '' })
const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 }

test.for([
  ['only the role', role, undefined],
  ['a keep-alive', ': ping\n\n', undefined],
  [
    'filter results before the first choice',
    'data: {"choices":[],"prompt_filter_results":[]}\n\n',
    undefined,
  ],
  ['a word', role + chunk({ content: 'Hi' }), 'answer'],
  ['a call of a tool', chunk({ tool_calls: [{ index: 0 }] }), 'answer'],
  ['an empty answer that says it is finished', role + chunk({}, 'stop'), 'answer'],
  ['a legacy completion', 'data: {"choices":[{"text":"Hi"}]}\n\n', 'answer'],
  ['an error', `${role}data: {"error":{"message":"overloaded"}}\n\n`, 'error'],
  ['an error by its type', 'event: error\ndata: {"message":"overloaded"}\n\n', 'error'],
  ['an error after the answer began', `${chunk({ content: 'Hi' })}data: {"error":{}}\n\n`, 'answer'],
  ['no JSON', 'data: {"choices":[{\n\n', 'not_json'],
  ['nothing but the end', `${role}data: [DONE]\n\n`, 'empty'],
] as const)('a stream that begins with %s', ([, text, expected]) => {
  expect(streamStart().feed(text)).toBe(expected)
  // However it is cut.
  const start = streamStart()
  let seen
  for (const char of text) seen = start.feed(char)
  expect(seen).toBe(expected)
})

test.for([
  ['done', chunk({}, 'stop') + chunk({}, null, { usage }) + 'data: [DONE]\n\n', 'done', usage],
  [
    'done, with other line ends',
    chunk({}, 'stop').replaceAll('\n', '\r\n') + 'data:[DONE]\r\n\r\n',
    'done',
    null,
  ],
  ['finished without [DONE]', chunk({ content: 'Hi' }) + chunk({}, 'stop'), 'unsaid', null],
  ['cut between two chunks', role + chunk({ content: 'Hi' }), 'broken', null],
  ['cut within the last chunk', role + chunk({}, 'stop').slice(0, -3), 'broken', null],
  ['with an error', `${chunk({ content: 'Hi' })}data: {"error":{"message":"x"}}\n\n`, 'error', null],
  ['before it began', '', 'broken', null],
  ['by words of the answer', chunk({ content: 'data: [DONE]' }), 'broken', null],
] as const)('a stream that ends %s', ([, text, how, used]) => {
  expect(streamEnd(text)).toEqual({ how, usage: used })
  expect(streamEnd('data: {}\n\n'.repeat(1_000) + text)).toEqual({ how, usage: used })
})

test('an answer is put together from its chunks', () => {
  const text = `${role}${chunk({ content: 'Par' })}: ping\n\n${chunk({ content: 'cels' })}${chunk({}, 'stop')}data: [DONE]\n\n`
  expect(streamedAnswer(text)).toEqual({ text: 'Parcels', finishReason: 'stop', id: 'c1', model: 'm-1' })
  const odd = ['"', '\\', '"content":"x"', 'ü\u0000\n', '😀', '}', 'data: [DONE]']
  const parts = odd.map((content) => chunk({ content }))
  expect(streamedAnswer(`${role}${parts.join('')}${chunk({}, 'stop')}`).text).toBe(odd.join(''))
  // One that takes the careful way says the same.
  const second = chunk({ content: 'no' }).replace('"index":0', '"index":1')
  expect(streamedAnswer(`${role}${second}${parts.join('')}`).text).toBe(odd.join(''))
  expect(streamedAnswer(chunk({ tool_calls: [{ index: 0 }] }, 'tool_calls')).text).toBeNull()
  expect(isSound(text)).toBe(true)
  expect(isSound(`${text}data: {"choices":\n\n`)).toBe(false)
})
