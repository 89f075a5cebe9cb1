import { expect, test } from 'vitest'
import { normalise } from '../normalise.ts'
import { filled, said } from '../spans.fixture.ts'
import type { SpanEvent } from '../span.ts'

const view = (attributes: Record<string, unknown>, events: SpanEvent[] = []) =>
  filled(normalise({ name: 'span', attributes, events }))

const expected = {
  input: [said('system', 'be nice'), said('user', 'hi')],
  output: [
    { ...said('assistant', 'yo'), toolCalls: [{ id: 'c1', name: 'weather', arguments: { city: 'Oslo' } }] },
  ],
  finishReasons: ['tool_call'],
  provider: 'aws.bedrock',
  status: 'ok',
  kind: 'llm',
}
const provider = { 'gen_ai.system': 'aws.bedrock' }
const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }
const prompt = '[{"role":"system","content":"be nice"},{"role":"user","content":"hi"}]'
const completion = JSON.stringify({
  choices: [
    { finish_reason: 'tool_calls', message: { role: 'assistant', content: 'yo', tool_calls: [call] } },
  ],
})

test('contents as attributes, and as events of one attribute', () => {
  expect(view({ ...provider, 'gen_ai.prompt': prompt, 'gen_ai.completion': completion })).toEqual(expected)
  expect(
    view(provider, [
      { name: 'gen_ai.content.prompt', attributes: { 'gen_ai.prompt': prompt } },
      { name: 'gen_ai.content.completion', attributes: { 'gen_ai.completion': completion } },
    ]),
  ).toEqual(expected)
})

test('contents as flattened attributes', () => {
  expect(
    view({
      ...provider,
      'gen_ai.prompt.0.role': 'system',
      'gen_ai.prompt.0.content': 'be nice',
      'gen_ai.prompt.1.role': 'user',
      'gen_ai.prompt.1.content': '[{"type":"text","text":"hi"}]',
      'gen_ai.completion.0.role': 'assistant',
      'gen_ai.completion.0.content': 'yo',
      'gen_ai.completion.0.finish_reason': 'tool_calls',
      'gen_ai.completion.0.tool_calls.0.id': 'c1',
      'gen_ai.completion.0.tool_calls.0.name': 'weather',
      'gen_ai.completion.0.tool_calls.0.arguments': '{"city":"Oslo"}',
    }),
  ).toEqual(expected)
})

test('contents as an event a message, with fields of its own or in one JSON text', () => {
  const choice = { index: 0, finish_reason: 'tool_calls', message: { content: 'yo' }, tool_calls: [call] }
  const spoken = [
    { name: 'gen_ai.system.message', attributes: { content: 'be nice' } },
    { name: 'gen_ai.user.message', attributes: { 'gen_ai.event.content': '{"content":"hi"}' } },
  ]
  expect(view(provider, [...spoken, { name: 'gen_ai.choice', attributes: choice }])).toEqual(expected)
  const texts = { ...choice, message: '{"content":"yo"}', tool_calls: JSON.stringify([call]) }
  expect(view(provider, [...spoken, { name: 'gen_ai.choice', attributes: texts }])).toEqual(expected)
})

test("an event of a tool's answer names its call", () => {
  const answer = { name: 'gen_ai.tool.message', attributes: { id: 'c1', content: { rain: true } } }
  expect(view({}, [answer]).input).toEqual([{ ...said('tool', '{"rain":true}'), toolCallId: 'c1' }])
})

test('usage', () => {
  const usage = {
    'gen_ai.usage.prompt_tokens': 3,
    'gen_ai.usage.completion_tokens': 4,
    'gen_ai.usage.cost': 0.1,
  }
  expect(view(usage)).toMatchObject({ inputTokens: 3, outputTokens: 4, totalTokens: 7, costUsd: 0.1 })
})
