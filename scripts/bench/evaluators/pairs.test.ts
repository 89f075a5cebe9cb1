import { expect, test } from 'vitest'
import { matchArguments } from '../../../domain/evaluators/tools/ast.ts'
import { type TaskRow, taskPairs } from './task-pairs.ts'
import { type ToolRow, toolPairs } from './tool-pairs.ts'

const tool = (name: string) => ({
  name,
  parameters: {
    type: 'dict',
    properties: { city: { type: 'string' }, n: { type: 'integer' } },
    required: ['city'],
  },
})
const row = (id: string, city: string): ToolRow => ({
  id,
  group: 'multiple',
  messages: [{ role: 'user', content: `Weather in ${city} for 3 days` }],
  tools: [tool('weather'), tool('traffic')],
  expected: [{ name: 'weather', args: { city: [city, 'there'], n: ['', 3] } }],
})
const ROWS: ToolRow[] = [
  row('a', 'Oslo'),
  row('b', 'Rome'),
  { ...row('c', 'Bonn'), group: 'irrelevance', expected: [] },
  { ...row('d', 'Kiel'), expected: null },
]

test('pairs of tool calls: one right, and each way to be wrong', () => {
  const pairs = toolPairs(ROWS, 1)
  expect(pairs.map(({ id, kind, label }) => `${id} ${kind} ${label}`)).toEqual([
    'a accepted 1',
    'a other-tool 0',
    'a wrong-value 0',
    'a missing-argument 0',
    'a left-out 0',
    'b accepted 1',
    'b other-tool 0',
    'b wrong-value 0',
    'b missing-argument 0',
    'b left-out 0',
    'c rightly-none 1',
    'c not-due 0',
  ])
  const callOf = (at: number) => pairs[at]!.input.toolCalls![0]!
  expect(callOf(0)).toEqual({ name: 'weather', arguments: { city: 'Oslo' } })
  expect(callOf(1)).toMatchObject({ name: 'traffic', arguments: { city: 'Oslo' } })
  expect(callOf(2)).toEqual({ name: 'weather', arguments: { city: 'Rome' } })
  expect(matchArguments(callOf(0), pairs[0]!.reference.expectedToolCalls![0]!)).toMatchObject({
    right: 1,
    total: 1,
  })
  expect(callOf(3)).toEqual({ name: 'weather', arguments: {} })
})

test('the same rows and seed give the same pairs', () => {
  expect(toolPairs(ROWS, 7)).toEqual(toolPairs(ROWS, 7))
})

test('a trajectory: calls with their failures, the last text as the response, no thanks', () => {
  const call = (name: string) => [{ name, args: '{"id":"1"}' }]
  const rowOf: TaskRow = {
    id: 't',
    group: 'g',
    label: 1,
    expected_actions: [{ name: 'cancel', kwargs: { id: '1' } }],
    expected_outputs: ['4'],
    transcript: [
      { role: 'user', content: 'Cancel 1' },
      { role: 'assistant', content: null, tool_calls: call('get') },
      { role: 'tool', content: 'Error: no' },
      { role: 'assistant', content: 'One moment', tool_calls: call('cancel') },
      { role: 'tool', content: 'done' },
      { role: 'assistant', content: 'Cancelled.' },
      { role: 'user', content: 'Thanks' },
    ],
  }
  expect(taskPairs([rowOf])).toEqual([
    {
      id: 't',
      group: 'g',
      label: 1,
      input: {
        messages: [
          { role: 'user', content: 'Cancel 1' },
          { role: 'assistant', content: 'One moment' },
        ],
        context: ['Error: no', 'done'],
        response: 'Cancelled.',
        toolCalls: [
          { name: 'get', arguments: { id: '1' }, failed: true },
          { name: 'cancel', arguments: { id: '1' } },
        ],
      },
      reference: {
        expectedToolCalls: [{ name: 'cancel', arguments: { id: ['1'] }, optional: [] }],
        reference: '4',
      },
    },
  ])
})
