import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVALUATION_RESULT, externalScore, type EvaluationEvent } from './evaluation-result.ts'

const ids = { traceId: '5B8EFFF798038103D269B633813FC60C', spanId: 'EEE19B7EC3C1B174' }
const attributes = {
  'gen_ai.evaluation.name': 'Relevance',
  'gen_ai.evaluation.score.value': 4,
  'gen_ai.evaluation.score.label': 'relevant',
  'gen_ai.evaluation.explanation': 'It answers.',
  'gen_ai.response.id': 'chatcmpl-1',
}
const event: EvaluationEvent = { eventName: EVALUATION_RESULT, ...ids, attributes }

const read = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  responseId: 'chatcmpl-1',
  evaluator: 'Relevance',
  score: 4,
  label: 'relevant',
  explanation: 'It answers.',
  error: null,
}

describe('a score', () => {
  test('of an event, on the scale of its evaluator', () => {
    expect(externalScore(event)).toEqual({ score: read })
    expect(externalScore({ ...ids, attributes: { ...attributes, 'event.name': EVALUATION_RESULT } })).toEqual(
      {
        score: read,
      },
    )
    expect(externalScore({ ...event, attributes: {}, body: attributes })).toEqual({ score: read })
  })

  test('of a completion, where no span is told', () => {
    const { score } = externalScore({ ...event, traceId: '0'.repeat(32) }) as { score: object }
    expect(score).toMatchObject({ traceId: null, spanId: null, responseId: 'chatcmpl-1' })
  })

  test('an evaluation that failed has no score', () => {
    const failed = { 'gen_ai.evaluation.name': 'Relevance', 'error.type': 'timeout' }
    expect(externalScore({ ...event, attributes: failed })).toMatchObject({
      score: { score: null, label: null, error: 'timeout' },
    })
  })

  test.each([
    [true, 1],
    ['-0.5', -0.5],
    [0, 0],
  ])('%j is the score %d', (value, score) => {
    const given = { ...attributes, 'gen_ai.evaluation.score.value': value }
    expect(externalScore({ ...event, attributes: given })).toMatchObject({ score: { score } })
  })
})

describe('a refusal says why', () => {
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)))

  test.each([
    [{ ...event, eventName: 'gen_ai.user.message' }, 'only gen_ai.evaluation.result events are taken'],
    [
      { ...event, attributes: without('gen_ai.evaluation.name') },
      'gen_ai.evaluation.result needs gen_ai.evaluation.name',
    ],
    [
      { ...event, traceId: 'nonsense', attributes: without('gen_ai.response.id') },
      'Relevance: neither a trace id nor gen_ai.response.id says what was judged',
    ],
    [
      {
        ...event,
        attributes: { ...without('gen_ai.evaluation.score.label'), 'gen_ai.evaluation.score.value': 'NaN' },
      },
      'Relevance: has neither a finite score, nor a label, nor an error',
    ],
  ])('%#', (hostile, refused) => {
    expect(externalScore(hostile)).toEqual({ refused })
  })

  test('and whatever comes, nothing is thrown', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('', 'NaN', '1e999', '9'.repeat(400)),
    )
    const names = [...Object.keys(attributes), 'event.name', '__proto__', 'error.type']
    const hostile = fc.record({
      eventName: fc.constantFrom(EVALUATION_RESULT, ''),
      traceId: fc.oneof(fc.constantFrom(null, ids.traceId), fc.string()),
      spanId: fc.oneof(fc.constantFrom(null, ids.spanId), fc.string()),
      attributes: fc.dictionary(fc.constantFrom(...names), value),
      body: value,
    })
    fc.assert(
      fc.property(hostile, (one) => {
        const result = externalScore(one)
        if ('refused' in result) expect(result.refused.length).toBeGreaterThan(0)
        else expect(result.score.score === null || Number.isFinite(result.score.score)).toBe(true)
      }),
    )
  })
})
