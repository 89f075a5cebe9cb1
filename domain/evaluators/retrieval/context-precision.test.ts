import { describe, expect, test } from 'vitest'
import { ORDER } from '../samples.fixture.ts'
import { HUGE_TEXTS, WRONG_INPUTS, brokenScore } from './any-texts.fixture.ts'
import { averagePrecision, contextPrecision } from './context-precision.ts'

const RELEVANT = 'Refunds are paid within 14 days of the return reaching our warehouse.'
const IRRELEVANT = 'A gift card is valid for three years and cannot be exchanged for money.'
const UNRELATED = 'Our shop in Hamburg opens at nine.'

function rank(context: string[], reference?: string) {
  return contextPrecision.evaluate({
    messages: [{ role: 'user', content: 'When is my refund paid?' }],
    context,
    response: '',
    ...(reference === undefined ? {} : { reference }),
  })
}

describe('ContextPrecision@1', () => {
  test('golden scores: a change here needs a new version', () => {
    expect([
      rank([IRRELEVANT, RELEVANT], 'It is paid within 14 days.'),
      rank([IRRELEVANT, RELEVANT]),
      contextPrecision.evaluate(ORDER),
    ]).toMatchInlineSnapshot(`
      [
        {
          "evidence": {
            "items": [
              0,
              1,
            ],
            "relevant": [
              1,
            ],
          },
          "reason": "1 of 2 items is relevant, the first at rank 2.",
          "score": 0.5,
        },
        {
          "evidence": {
            "items": [
              0,
              0.9149,
            ],
            "relevant": [
              1,
            ],
          },
          "reason": "1 of 2 items is relevant, the first at rank 2.",
          "score": 0.5,
          "weak": true,
        },
        {
          "evidence": {
            "items": [
              0.7645,
              0.0886,
              0,
            ],
            "relevant": [
              0,
            ],
          },
          "reason": "1 of 3 items is relevant, the first at rank 1.",
          "score": 1,
        },
      ]
    `)
  })

  test('average precision is the mean of precision@k over the relevant ranks: 1/3 and 2/4 for 0, 0, 1, 1, 0', () => {
    expect(averagePrecision([false, false, true, true, false])).toBeCloseTo((1 / 3 + 2 / 4) / 2)
    expect(averagePrecision([true, true, false])).toBe(1)
    expect(averagePrecision([false])).toBe(0)
    expect(averagePrecision([])).toBe(0)
  })

  test('a relevant item scores by its rank, with and without a reference', () => {
    for (const reference of ['Refunds take 14 days.', undefined]) {
      expect(rank([RELEVANT, IRRELEVANT, UNRELATED], reference)).toMatchObject({ score: 1 })
      expect(rank([IRRELEVANT, RELEVANT, UNRELATED], reference)).toMatchObject({ score: 0.5 })
      expect(rank([IRRELEVANT, UNRELATED, RELEVANT], reference)).toMatchObject({ score: 0.3333 })
    }
  })

  test('a score without reference is weak', () => {
    expect(rank([RELEVANT])).toMatchObject({ weak: true })
    expect(rank([RELEVANT], 'Refunds take 14 days.')).not.toHaveProperty('weak')
  })

  test('the expected reply is a reference', () => {
    expect(contextPrecision.evaluate(ORDER)).not.toHaveProperty('weak')
  })

  test('no relevant item is 0, no item or nothing to be relevant to an error', () => {
    expect(rank([UNRELATED], 'Refunds take 14 days.')).toMatchObject({ score: 0 })
    expect(rank([])).toEqual({ error: 'context is empty: there is nothing to rank' })
    expect(contextPrecision.evaluate({ messages: [], context: ['text'], response: '' })).toHaveProperty(
      'error',
    )
  })

  test('wrong types are errors', () => {
    for (const input of WRONG_INPUTS) expect(contextPrecision.evaluate(input)).toHaveProperty('error')
    expect(rank(['text'], 3 as unknown as string)).toEqual({ error: 'the reference is no text' })
  })

  test('any texts: a score in [0, 1] or an error, and the same again', () => {
    expect(brokenScore(contextPrecision)).toBeUndefined()
  })

  test.each(Object.entries(HUGE_TEXTS))('a megabyte of %s is bounded', (_, text) => {
    const result = rank([text], text)
    expect('error' in result || result.score <= 1).toBe(true)
  })
})
