import { describe, expect, test } from 'vitest'
import { ORDER } from '../samples.fixture.ts'
import { HUGE_TEXTS, WRONG_INPUTS, brokenScore } from './any-texts.fixture.ts'
import { contextRecall } from './context-recall.ts'

const PASSAGES = [
  'Refunds are paid within 14 days of the return reaching our warehouse.',
  'A gift card is valid for three years and cannot be exchanged for money.',
]

function recall(reference: string | undefined, context = PASSAGES) {
  return contextRecall.evaluate({
    messages: [],
    context,
    response: '',
    ...(reference === undefined ? {} : { reference }),
  })
}

describe('ContextRecall@1', () => {
  test('golden scores: a change here needs a new version', () => {
    expect([
      recall('Your refund is paid within 14 days. You may also redirect parcels to a locker.'),
      contextRecall.evaluate(ORDER),
    ]).toMatchInlineSnapshot(`
      [
        {
          "evidence": {
            "claims": [
              {
                "by": 0,
                "coverage": 1,
                "text": "Your refund is paid within 14 days.",
              },
              {
                "coverage": 0,
                "text": "You may also redirect parcels to a locker.",
              },
            ],
          },
          "reason": "1 of 2 claims of the good answer are supported; not "You may also redirect parcels to a locker.".",
          "score": 0.5,
        },
        {
          "evidence": {
            "claims": [
              {
                "by": 0,
                "coverage": 0.7645,
                "text": "Order A-20318 (49.90 EUR) is in transit and arrives on 3 November.",
              },
            ],
          },
          "reason": "The one claim of the good answer is supported.",
          "score": 1,
        },
      ]
    `)
  })

  test('the share of claims that an item supports', () => {
    expect(recall('Refunds are paid within 14 days. Gift cards are valid for three years.')).toMatchObject({
      score: 1,
    })
    expect(recall('Refunds are paid within 14 days. Shoes are sold in Hamburg.')).toMatchObject({
      score: 0.5,
    })
    expect(recall('Shoes are sold in Hamburg.')).toMatchObject({ score: 0 })
    expect(recall('Refunds are paid within 14 days.', [])).toMatchObject({ score: 0 })
  })

  test('another number is not supported', () => {
    expect(recall('Refunds are paid within 30 days.')).toMatchObject({ score: 0 })
    expect(recall('Refunds are paid within 14 minutes.')).toMatchObject({ score: 0 })
  })

  test('values are compared as values', () => {
    expect(
      recall('It arrives on 3 November 2026 and costs €49.90.', ['eta: 2026-11-03; amount: 49.90 EUR']),
    ).toMatchObject({
      score: 1,
    })
  })

  test('two halves in two items support no claim', () => {
    const halves = ['The blue suitcase weighs much.', 'Returned luggage is stored near gate twelve.']
    expect(recall('The blue suitcase with broken wheels is stored downstairs.', halves)).toMatchObject({
      score: 0,
    })
  })

  test('questions and thanks are no claims', () => {
    const reference = 'Thanks a lot! Refunds are paid within 14 days. Is there anything else I can do?'
    expect(recall(reference)).toMatchObject({
      score: 1,
      reason: 'The one claim of the good answer is supported.',
    })
  })

  test('no reference is an error of the row', () => {
    const error = 'no reference: give reference or expected.reply to hold the context against'
    expect(recall(undefined)).toEqual({ error })
    expect(recall('  ')).toEqual({ error })
    expect(recall('Thanks!')).toEqual({ error: 'the reference makes no claim' })
  })

  test('wrong types are errors', () => {
    for (const input of WRONG_INPUTS) expect(contextRecall.evaluate(input)).toHaveProperty('error')
    expect(recall(3 as unknown as string)).toEqual({ error: 'the reference is no text' })
  })

  test('any texts: a score in [0, 1] or an error, and the same again', () => {
    expect(brokenScore(contextRecall)).toBeUndefined()
  })

  test.each(Object.entries(HUGE_TEXTS))('a megabyte of %s is bounded', (_, text) => {
    const result = recall(text, [text])
    expect('error' in result || result.evidence?.truncated).toBeTruthy()
  })
})
