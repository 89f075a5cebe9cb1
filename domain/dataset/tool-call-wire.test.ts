import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readToolCalls, readTools, readTrajectory, saysError } from './tool-call-wire.ts'

const parameters = { type: 'object', properties: { city: { type: 'string' } } }

test('tools of OpenAI, Anthropic, MCP and bare ones read the same', () => {
  const tool = { name: 'book', description: 'Books.', parameters }
  const { parameters: schema, ...rest } = tool
  expect(
    readTools([
      { type: 'function', function: tool },
      { ...rest, input_schema: schema },
      { ...rest, inputSchema: schema },
      tool,
      { type: 'web_search' },
      null,
    ]),
  ).toEqual([tool, tool, tool, tool])
})

test('calls read the same, with arguments as text or object', () => {
  const call = { name: 'book', arguments: { city: 'Oslo' } }
  expect(
    readToolCalls([
      { id: 'a', type: 'function', function: { name: 'book', arguments: '{"city":"Oslo"}' } },
      { type: 'tool_use', name: 'book', input: { city: 'Oslo' } },
      { name: 'book', args: '{"city":"Oslo"}' },
      call,
      { type: 'function', function: { arguments: '{}' } },
    ]),
  ).toEqual([call, call, call, call])
  expect(readToolCalls([{ name: 'book', arguments: '' }, { name: 'book' }])).toEqual([
    { name: 'book', arguments: {} },
    { name: 'book', arguments: {} },
  ])
  expect(readToolCalls([{ name: 'book', arguments: '{"city":' }])).toEqual([
    { name: 'book', arguments: {}, failed: true },
  ])
})

describe('a conversation', () => {
  const call = (id: string, name: string) => ({ id, function: { name, arguments: '{}' } })

  test('its calls, and which of them failed, by the id of the call', () => {
    expect(
      readTrajectory([
        { role: 'user', content: 'Book it' },
        { role: 'assistant', tool_calls: [call('1', 'book'), call('2', 'pay')] },
        { role: 'tool', tool_call_id: '2', content: 'Error: card refused' },
        { role: 'tool', tool_call_id: '1', content: 'booked' },
        { role: 'assistant', function_call: { name: 'pay', arguments: '{"card":2}' } },
        { role: 'function', name: 'pay', content: '{"status":"ok"}' },
      ]),
    ).toEqual([
      { name: 'book', arguments: {} },
      { name: 'pay', arguments: {}, failed: true },
      { name: 'pay', arguments: { card: 2 } },
    ])
  })

  test.for<[unknown, boolean]>([
    ['Error: flight not available', true],
    ['["error"]', true],
    ['ValueError: bad date', true],
    ['No error occurred', false],
    ['Payment failed', true],
    ['{"error": "not found"}', true],
    ['{"error": null, "id": 1}', false],
    ['{"success": false}', true],
    [{ isError: true }, true],
    ['{"status": 404}', true],
    ['{"status": "available"}', false],
    ['No errors were found', false],
    [undefined, false],
  ])('%j says an error: %s', ([content, isError]) => {
    expect(saysError(content)).toBe(isError)
  })

  test('any JSON is read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const read of [readTools, readToolCalls, readTrajectory])
          expect(Array.isArray(read(value))).toBe(true)
      }),
    )
  })
})
