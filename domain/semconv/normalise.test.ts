import { describe, expect, test } from 'vitest'
import { normalise } from './normalise.ts'
import type { SpanView } from './view.ts'

const view = (attributes: Record<string, unknown>): SpanView => normalise({ name: 'span', attributes })

describe('precedence', () => {
  test('the current name counts before the previous one, and each fills what the other leaves out', () => {
    const { inputTokens, outputTokens, provider } = view({
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.system': 'openai',
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.prompt_tokens': 1,
      'gen_ai.usage.completion_tokens': 3,
    })
    expect({ inputTokens, outputTokens, provider }).toEqual({
      inputTokens: 7,
      outputTokens: 3,
      provider: 'anthropic',
    })
  })

  test('a name of the wrong type says nothing, and the next convention is heard', () => {
    expect(
      view({ 'gen_ai.usage.input_tokens': ['7'], 'llm.token_count.prompt': 5, 'gen_ai.request.model': {} }),
    ).toMatchObject({ inputTokens: 5, requestModel: null, conventions: ['openinference'] })
  })

  test('a kind that is named counts before that of the operation, which counts before what the span holds', () => {
    const operation = { 'gen_ai.operation.name': 'chat', 'gen_ai.tool.name': 'lookup' }
    expect(view({ ...operation, 'openinference.span.kind': 'AGENT' }).kind).toBe('agent')
    expect(view(operation).kind).toBe('llm')
    expect(view({ 'gen_ai.tool.name': 'lookup' }).kind).toBe('tool')
    expect(view({ 'fi.span.kind': 'UNKNOWN', 'retrieval.documents.0.document.id': 'a' }).kind).toBe(
      'retriever',
    )
    expect(view({}).kind).toBe('other')
  })

  test('metadata is merged by name, and tells session, user and cohort where no attribute does', () => {
    const both = view({
      metadata: '{"cohort":"eu","session_id":"s1","plan":{"tier":2}}',
      'metadata.cohort': 'us',
      'metadata.userId': 'u1',
      'session.id': 's2',
    })
    expect(both).toMatchObject({ cohort: 'eu', sessionId: 's2', userId: 'u1' })
    expect(both.metadata).toEqual({ cohort: 'eu', session_id: 's1', plan: '{"tier":2}', userId: 'u1' })
    expect(view({ 'sluice.cohort': 'de', metadata: { cohort: 'eu' } }).cohort).toBe('de')
  })
})

describe('outcome', () => {
  const failed = { name: 'span', attributes: { 'error.type': 'timeout' } }

  test('an error by status, or by error.type unless the status is ok', () => {
    expect(normalise(failed)).toMatchObject({ status: 'error', errorType: 'timeout' })
    expect(normalise({ ...failed, status: { code: 1 } })).toMatchObject({ status: 'ok', errorType: null })
    expect(normalise({ name: 'span', attributes: {}, status: { code: 2, message: 'no' } })).toMatchObject({
      status: 'error',
      errorMessage: 'no',
    })
  })

  test('an exception names the error of a span that failed, and is none of one that did not', () => {
    const events = [
      { name: 'exception', attributes: { 'exception.type': 'RangeError', 'exception.message': 'too far' } },
    ]
    expect(normalise({ name: 'span', attributes: {}, events, status: { code: 2 } })).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'too far',
    })
    expect(normalise({ name: 'span', attributes: {}, events }).status).toBe('ok')
  })
})
