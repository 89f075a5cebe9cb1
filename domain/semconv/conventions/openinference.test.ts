import { expect, test } from 'vitest'
import { normalise } from '../normalise.ts'
import { filled, said } from '../spans.fixture.ts'

const view = (attributes: Record<string, unknown>) => filled(normalise({ name: 'span', attributes }))

const weather = { name: 'weather', parameters: { type: 'object' } }

test('a model that another one stood in for, its cost, tools, tags and prompt', () => {
  const schema = JSON.stringify({ type: 'function', function: weather })
  expect(
    view({
      'openinference.span.kind': 'LLM',
      'llm.provider': 'azure',
      'llm.request.model_name': 'large',
      'llm.response.model_name': 'small',
      'llm.cost.prompt': 0.25,
      'llm.cost.completion': 0.5,
      'llm.tools.0.tool.json_schema': schema,
      'llm.tools.1.tool.name': 'weather',
      'llm.tools.1.tool.json_schema': '{"type":"object"}',
      'llm.prompt_template.version': 'v3',
      'prompt.id': 'support',
      'tag.tags': ['a', 'b'],
      'llm.finish_reason': 'stop',
      'agent.name': 'helper',
    }),
  ).toEqual({
    kind: 'llm',
    provider: 'azure.ai.openai',
    requestModel: 'large',
    responseModel: 'small',
    costUsd: 0.75,
    tools: [weather, weather],
    promptName: 'support',
    promptVersion: 'v3',
    tags: ['a', 'b'],
    finishReasons: ['stop'],
    agentName: 'helper',
    status: 'ok',
  })
})

test('a reranker and a tool', () => {
  expect(
    view({
      'openinference.span.kind': 'RERANKER',
      'reranker.query': 'q',
      'reranker.model_name': 'cross',
      'reranker.input_documents.0.document.content': 'all',
      'reranker.output_documents.0.document.content': 'best',
    }),
  ).toMatchObject({ kind: 'reranker', requestModel: 'cross', documents: [{ content: 'best' }] })
  expect(
    view({
      'openinference.span.kind': 'TOOL',
      'tool.name': 'weather',
      'input.value': '{"city":"Oslo"}',
      'output.value': 'rain',
    }).tool,
  ).toEqual({ name: 'weather', id: null, description: null, arguments: '{"city":"Oslo"}', result: 'rain' })
})

test('a message of ordered contents with a call among them', () => {
  const at = 'llm.output_messages.0.message.contents'
  expect(
    view({
      'llm.output_messages.0.message.role': 'assistant',
      [`${at}.0.message_content.type`]: 'reasoning',
      [`${at}.0.message_content.text`]: 'hm',
      [`${at}.1.message_content.type`]: 'text',
      [`${at}.1.message_content.text`]: 'yo',
      [`${at}.2.message_content.type`]: 'tool_use',
      [`${at}.2.tool_call.id`]: 'c1',
      [`${at}.2.tool_call.function.name`]: 'weather',
    }).output,
  ).toEqual([
    {
      ...said('assistant', 'yo'),
      reasoning: 'hm',
      toolCalls: [{ id: 'c1', name: 'weather', arguments: {} }],
    },
  ])
})
