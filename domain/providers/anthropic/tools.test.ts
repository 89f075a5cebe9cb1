import { expect, test } from 'vitest'
import { toolsOf } from './tools.ts'

const WEATHER = {
  name: 'get_weather',
  description: 'The weather now',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}
const TOOLS = [{ type: 'function', function: { ...WEATHER, strict: true } }]

test('tools have their parameters as input schema', () => {
  expect(toolsOf({ tools: [...TOOLS, { type: 'function', function: { name: 'now' } }] }).tools).toEqual([
    {
      name: WEATHER.name,
      description: WEATHER.description,
      input_schema: WEATHER.parameters,
      strict: true,
    },
    { name: 'now', input_schema: { type: 'object' } },
  ])
})

test.each([
  ['auto', undefined, { type: 'auto' }],
  ['required', undefined, { type: 'any' }],
  ['none', false, { type: 'none' }],
  [{ type: 'function', function: { name: 'get_weather' } }, undefined, { type: 'tool', name: 'get_weather' }],
  ['required', false, { type: 'any', disable_parallel_tool_use: true }],
  [undefined, false, { type: 'auto', disable_parallel_tool_use: true }],
  [undefined, true, undefined],
])('tool_choice %j, parallel %s', (tool_choice, parallel_tool_calls, choice) => {
  expect(toolsOf({ tools: TOOLS, tool_choice, parallel_tool_calls }).tool_choice).toEqual(choice)
})

test('there is no choice without any', () => {
  expect(toolsOf({ tool_choice: 'auto', parallel_tool_calls: false })).not.toHaveProperty('tool_choice')
})

test('a choice among some of the tools is refused', () => {
  expect(() => toolsOf({ tools: TOOLS, tool_choice: { type: 'allowed_tools' } })).toThrow(
    expect.objectContaining({ name: 'Untranslatable', param: 'tool_choice' }),
  )
})

test('tools that a conversation called are told, though none may be called any more', () => {
  const call = (name: string) => ({ id: 'c', type: 'function', function: { name, arguments: '{}' } })
  const messages = [
    { role: 'user', content: 'Weather?' },
    { role: 'assistant', content: null, tool_calls: [call('get_weather'), call('now'), call('now')] },
    { role: 'tool', tool_call_id: 'c', content: '12 °C' },
  ]
  const called = ['get_weather', 'now'].map((name) => ({ name, input_schema: { type: 'object' } }))
  expect(toolsOf({ messages })).toEqual({ tools: called, tool_choice: { type: 'none' } })
  expect(toolsOf({ messages, tools: TOOLS }).tools).toHaveLength(1)
  expect(toolsOf({ messages: messages.slice(0, 1) })).toEqual({})
})
