import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { normalise } from './normalise.ts'
import type { Attributes, SemconvSpan } from './span.ts'
import { filled, said, spansIn } from './spans.fixture.ts'
import type { SpanView } from './view.ts'

const FIXTURES = '/work/shared/fixtures'
const HAS_FIXTURES = existsSync(FIXTURES)

const fixture = (path: string): unknown => JSON.parse(readFileSync(`${FIXTURES}/${path}`, 'utf8'))
const view = (file: string): SpanView =>
  normalise({ name: 'span', attributes: fixture(`openinference/${file}.json`) as Attributes })

/** The spans that a real client posted, in their order. */
function clientSpans(client: string): SemconvSpan[] {
  const files = readdirSync(`${FIXTURES}/clients/${client}`).filter((file) => file.includes('traces'))
  return files.toSorted().flatMap((file) => spansIn(fixture(`clients/${client}/${file}`)))
}

/** The example of openinference-genai, which its package writes in each convention. */
describe.skipIf(!HAS_FIXTURES)('one call in four conventions is one view', () => {
  const expected = {
    kind: 'llm',
    provider: 'openai',
    requestModel: 'gpt-4',
    responseModel: 'gpt-4-0613',
    inputTokens: 97,
    outputTokens: 52,
    totalTokens: 149,
    status: 'ok',
    finishReasons: ['stop'],
    input: [
      said('user', 'Weather in Paris?'),
      {
        ...said('assistant', 'Absolutely! Let me check the weather for you.'),
        toolCalls: [{ id: '1234', name: 'get_weather', arguments: { location: 'Paris' } }],
      },
      { ...said('tool', 'rainy, 57°F'), toolCallId: '1234' },
    ],
    output: [said('assistant', 'The weather in Paris is currently rainy with a temperature of 57°F.')],
  }
  const genAi = { operation: 'chat', responseId: 'chatcmpl-CQF10eCkoFphJZJQkzzN6EkTD0AVF' }

  test.each([
    ['otel_genai_client_span_tool_calls', genAi],
    ['otel_genai_deprecated_client_span_tool_calls', genAi],
    ['openinference_client_span_tool_calls', {}],
    ['openinference_client_span_input_output_only', {}],
  ])('%s', (file, more) => {
    expect(filled(view(file))).toEqual({ ...expected, ...more })
  })

  test('a span that ran a tool has its arguments and its result', () => {
    const { kind, tool } = view('otel_genai_tool_execution_span')
    expect({ kind, tool }).toMatchObject({
      kind: 'tool',
      tool: { name: 'get_weather', id: '1234', arguments: '{"city": "New York"}' },
    })
    expect(tool?.result).toContain('sunny')
  })
})

describe.skipIf(!HAS_FIXTURES)('spans that real clients posted', () => {
  test('traceAI: a chat, a stream, an embedding and a retriever', () => {
    const chat = {
      kind: 'llm',
      operation: 'chat',
      provider: 'openai',
      requestModel: 'prod-model',
      responseModel: 'prod-model',
      responseId: 'chatcmpl-1',
      inputTokens: 1,
      outputTokens: 2,
      totalTokens: 3,
      output: [said('assistant', 'Hello')],
      finishReasons: ['stop'],
      status: 'ok',
      metadata: { git_sha: 'abc123', dataset_version: '3' },
    }
    expect(clientSpans('traceai-ts').map((span) => filled(normalise(span)))).toEqual([
      {
        ...chat,
        input: [said('system', 'be nice'), said('user', 'hi, mail me at a@b.com')],
        tools: [{ name: 'lookup', parameters: { type: 'object', properties: { id: { type: 'string' } } } }],
      },
      // Of a stream, traceAI leaves usage and end to the raw chunks.
      { ...chat, input: [said('user', 'hi')] },
      {
        kind: 'embedding',
        operation: 'embeddings',
        requestModel: 'e',
        responseModel: 'm',
        inputTokens: 1,
        totalTokens: 1,
        status: 'ok',
        metadata: chat.metadata,
      },
      {
        kind: 'retriever',
        documents: [{ id: null, content: 'ctx', score: null, metadata: null }],
        retrievalQuery: 'q',
        sessionId: 's1',
        userId: 'u1',
        cohort: 'eu',
        metadata: { cohort: 'eu' },
        status: 'ok',
      },
    ])
  })

  test('traceAI by hand: a span without attributes, and one with an input alone', () => {
    const views = clientSpans('traceai-ts-batch').map((span) => filled(normalise(span)))
    expect(views).toHaveLength(6)
    expect(views[0]).toEqual({ kind: 'other', status: 'ok' })
    expect(views[5]).toMatchObject({ kind: 'other', input: [{ role: 'user' }] })
  })

  test('the Vercel AI SDK: the call of a model, and the chain around it that carries its sums', () => {
    const call = {
      provider: 'edge',
      requestModel: 'prod-model',
      inputTokens: 1,
      outputTokens: 2,
      totalTokens: 3,
      cacheReadTokens: 0,
      reasoningTokens: 0,
      input: [said('user', 'hi')],
      output: [said('assistant', 'Hello')],
      finishReasons: ['stop'],
      status: 'ok',
    }
    const model = {
      kind: 'llm',
      operation: 'chat',
      responseModel: 'prod-model',
      responseId: 'chatcmpl-1',
    }
    const told = {
      agentName: 'answer',
      sessionId: 's1',
      userId: 'u1',
      cohort: 'eu',
      metadata: { cohort: 'eu', sessionId: 's1', userId: 'u1' },
    }
    const first = { timeToFirstChunkMs: expect.closeTo(26.98, 2) }
    expect(clientSpans('npm-vercel-otel').map((span) => filled(normalise(span)))).toEqual([
      { ...call, ...model, ...told },
      { ...call, ...told, kind: 'chain' },
      { ...call, ...model, ...first },
      { ...call, kind: 'chain' },
    ])
  })
})
