import { expect, test } from 'vitest'
import { normalise } from '../normalise.ts'
import { filled, said } from '../spans.fixture.ts'
import type { SpanEvent } from '../span.ts'

const view = (attributes: Record<string, unknown>, events: SpanEvent[] = []) =>
  filled(normalise({ name: 'span', attributes, events }))

const weather = { name: 'weather', parameters: { type: 'object' } }

test('contents as an event, details of usage, a prompt and an agent', () => {
  const details = {
    name: 'gen_ai.client.inference.operation.details',
    attributes: {
      'gen_ai.system_instructions': [{ type: 'text', content: 'be nice' }],
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }],
      'gen_ai.output.messages': [
        { role: 'assistant', parts: [{ type: 'text', content: 'yo' }], finish_reason: 'length' },
      ],
      'gen_ai.tool.definitions': [{ type: 'function', ...weather }],
      'gen_ai.request.model': 'not this one',
    },
  }
  const attributes = {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.request.model': 'm',
    'gen_ai.agent.name': 'helper',
    'gen_ai.prompt.name': 'support',
    'gen_ai.usage.cache_read.input_tokens': 4,
    'gen_ai.usage.cache_creation.input_tokens': '5',
    'gen_ai.usage.reasoning.output_tokens': 6,
    'gen_ai.response.time_to_first_chunk': 0.5,
  }
  expect(view(attributes, [details])).toEqual({
    kind: 'agent',
    operation: 'invoke_agent',
    requestModel: 'm',
    agentName: 'helper',
    promptName: 'support',
    cacheReadTokens: 4,
    cacheWriteTokens: 5,
    reasoningTokens: 6,
    timeToFirstChunkMs: 500,
    input: [said('system', 'be nice'), said('user', 'hi')],
    output: [said('assistant', 'yo')],
    tools: [weather],
    finishReasons: ['length'],
    status: 'ok',
  })
})

test('a retrieval', () => {
  const documents = '[{"id":"doc_1","score":0.95}]'
  expect(
    view({
      'gen_ai.operation.name': 'retrieval',
      'gen_ai.retrieval.query.text': 'q',
      'gen_ai.retrieval.documents': documents,
    }),
  ).toMatchObject({
    kind: 'retriever',
    retrievalQuery: 'q',
    documents: [{ id: 'doc_1', content: null, score: 0.95 }],
  })
})
