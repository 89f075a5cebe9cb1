import { expect, test } from 'vitest'
import type { SpanMessage } from '../../workers/ingest/spans.ts'
import { viewOfCall, type GatewayCall } from './gateway-call.ts'
import { filled, said } from './spans.fixture.ts'

const version = 'a'.repeat(64)

/** As workers/gateway/span.ts makes it. */
const call: SpanMessage = {
  project: 'p',
  traceId: '1'.repeat(32),
  route: 'support',
  routeVersion: 'v1',
  epoch: 1,
  target: 'main',
  model: 'support-1',
  promptRef: `prompt:support@${version}`,
  cohort: 'billing-de',
  metadata: { tier: 'gold' },
  status: 'ok',
  fallbackReason: null,
  attempts: [],
  latencyMs: 812,
  ttftMs: 210,
  inputTokens: 90,
  outputTokens: 12,
  costUsd: 0.002,
  messages: [{ role: 'user', content: 'Where is my invoice?' }],
  context: ['[1] Invoices are sent by mail.'],
  response: 'In your mail.',
  at: 1,
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.response.model': 'gpt-5-mini-2026',
    'gen_ai.response.finish_reasons': ['tool_calls'],
    'gen_ai.response.time_to_first_chunk': 0.21,
    'gen_ai.usage.input_tokens': 90,
    'gen_ai.conversation.id': 's1',
    'sluice.guardrails': ['request:pii:redact'],
  },
}

test("a call of the gateway, which is a span's view like any other", () => {
  expect(filled(viewOfCall(call))).toEqual({
    kind: 'llm',
    operation: 'chat',
    provider: 'openai',
    requestModel: 'gpt-5-mini',
    responseModel: 'gpt-5-mini-2026',
    inputTokens: 90,
    outputTokens: 12,
    totalTokens: 102,
    costUsd: 0.002,
    input: [said('user', 'Where is my invoice?')],
    output: [said('assistant', 'In your mail.')],
    documents: [{ id: null, content: '[1] Invoices are sent by mail.', score: null, metadata: null }],
    sessionId: 's1',
    promptName: 'support',
    promptVersion: version,
    finishReasons: ['tool_call'],
    timeToFirstChunkMs: 210,
    guardrails: ['request:pii:redact'],
    cohort: 'billing-de',
    metadata: { tier: 'gold' },
    status: 'ok',
  })
})

test('a call from before there were attributes has its fields', () => {
  const { attributes: _, ttftMs: _ttftMs, costUsd: _costUsd, metadata: _metadata, ...early } = call
  const view = viewOfCall({ ...early, response: null, promptRef: null } satisfies GatewayCall)
  expect(view).toMatchObject({
    kind: 'llm',
    requestModel: 'support-1',
    costUsd: null,
    output: [],
    metadata: {},
  })
})
