import { expect, test } from 'vitest'
import { normalise } from '../normalise.ts'
import { filled, said } from '../spans.fixture.ts'
import type { SpanEvent } from '../span.ts'

const view = (attributes: Record<string, unknown>, events: SpanEvent[] = []) =>
  filled(normalise({ name: 'span', attributes, events }))

const weather = { name: 'weather', parameters: { type: 'object' } }

test('a step with tools, as versions 3 and 5 write it', () => {
  const step = {
    kind: 'llm',
    operation: 'chat',
    provider: 'openai',
    tools: [weather],
    finishReasons: ['tool_call'],
  }
  const common = {
    'ai.operationId': 'ai.generateText.doGenerate',
    'ai.model.provider': 'openai.responses',
    'ai.prompt.tools': [
      JSON.stringify({ type: 'function', name: 'weather', inputSchema: { type: 'object' } }),
    ],
  }
  const call = { id: 'c1', name: 'weather', arguments: { city: 'Oslo' } }
  expect(
    view({
      ...common,
      'ai.response.finishReason': 'tool-calls',
      'ai.response.toolCalls': '[{"toolCallId":"c1","toolName":"weather","input":{"city":"Oslo"}}]',
      'ai.response.reasoning': 'hm',
    }),
  ).toMatchObject({ ...step, output: [{ content: '', reasoning: 'hm', toolCalls: [call] }] })
  expect(
    view({
      ...common,
      'ai.finishReason': 'tool-calls',
      'ai.result.toolCalls': '[{"toolCallId":"c1","toolName":"weather","args":"{\\"city\\":\\"Oslo\\"}"}]',
      'ai.usage.promptTokens': 3,
    }),
  ).toMatchObject({ ...step, inputTokens: 3, output: [{ toolCalls: [call] }] })
})

test('a tool, embeddings, a reranking and an object', () => {
  expect(
    view({
      'ai.operationId': 'ai.toolCall',
      'ai.toolCall.name': 'weather',
      'ai.toolCall.id': 'c1',
      'ai.toolCall.args': '{"city":"Oslo"}',
      'ai.toolCall.result': '"rain"',
    }),
  ).toMatchObject({
    kind: 'tool',
    operation: 'execute_tool',
    tool: { name: 'weather', id: 'c1', result: '"rain"' },
  })
  const embedded = normalise({
    name: 'ai.embedMany.doEmbed',
    attributes: {
      'ai.operationId': 'ai.embedMany.doEmbed',
      'ai.values': ['"one"', '"two"'],
      'ai.usage.tokens': 2,
    },
  })
  expect(embedded).toMatchObject({ kind: 'embedding', inputText: 'one\ntwo', inputTokens: 2, input: [] })
  expect(
    view({ 'ai.operationId': 'ai.rerank.doRerank', 'ai.documents': ['"one"', '{"title":"two"}'] }),
  ).toMatchObject({
    kind: 'reranker',
    operation: 'rerank',
    documents: [{ content: 'one' }, { content: '{"title":"two"}' }],
  })
  expect(
    view({
      'ai.operationId': 'ai.streamObject',
      'ai.response.object': '{"a":1}',
      'ai.settings.context.cohort': 'eu',
    }),
  ).toMatchObject({ kind: 'chain', output: [said('assistant', '{"a":1}')], cohort: 'eu' })
})

test('time to the first chunk stands in the event of version 3', () => {
  const events = [{ name: 'ai.stream.firstChunk', attributes: { 'ai.stream.msToFirstChunk': 12 } }]
  expect(view({ 'ai.operationId': 'ai.streamText.doStream' }, events)).toMatchObject({
    timeToFirstChunkMs: 12,
  })
})
