import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contextRelevance } from './context-relevance.ts'
import { ORDER } from './samples.fixture.ts'

const PASSAGES = [
  'Refunds are paid within 14 days of the return reaching our warehouse.',
  'Parcels in transit can be redirected to a pick-up point until the evening before delivery.',
  'A gift card is valid for three years and cannot be exchanged for money.',
]

function ask(...said: string[]) {
  return contextRelevance.evaluate({
    messages: said.map((content) => ({ role: 'user', content })),
    context: PASSAGES,
    response: '',
  })
}

describe('ContextRelevance@1', () => {
  test('golden scores: a change here needs a new version', () => {
    expect([
      ask('When is my refund paid?'),
      ask('Redirect my parcel to a pickup point'),
      ask('Do you sell shoes?'),
    ]).toMatchInlineSnapshot(`
      [
        {
          "evidence": {
            "best": 0,
            "items": [
              0.8211,
              0,
              0,
            ],
          },
          "reason": "The best of 3 items shares refund, paid with the request.",
          "score": 0.8211,
        },
        {
          "evidence": {
            "best": 1,
            "items": [
              0,
              0.5715,
              0,
            ],
          },
          "reason": "The best of 3 items shares redirect, parcel, point with the request.",
          "score": 0.5715,
        },
        {
          "evidence": {
            "best": 0,
            "items": [
              0,
              0,
              0,
            ],
          },
          "reason": "The best of 3 items shares no word with the request.",
          "score": 0,
        },
      ]
    `)
  })

  test('the best item decides', () => {
    expect(ask('How long is a gift card valid?')).toMatchObject({ evidence: { best: 2 } })
    expect(ask('Can my parcels be redirected?')).toMatchObject({ evidence: { best: 1 } })
  })

  test('the earlier conversation counts less than the request, a thank-you at the end not at all', () => {
    expect(ask('I have a gift card.', 'When are refunds paid?')).toMatchObject({ evidence: { best: 0 } })
    expect(ask('I have a gift card.', 'How long is that?')).toMatchObject({ evidence: { best: 2 } })
    const asked = ask('When are refunds paid?')
    expect(ask('When are refunds paid?', 'Thanks a lot!')).toEqual(asked)
  })

  test('no context is irrelevant, no request an error', () => {
    expect(contextRelevance.evaluate({ ...ORDER, context: [] })).toEqual({
      score: 0,
      reason: 'No context was given.',
    })
    expect(ask()).toEqual({
      error: 'no customer message with content: there is no request to be relevant to',
    })
  })

  test('any texts: a score in [0, 1] or an error, and the same again', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), fc.array(text, { maxLength: 4 }), (said, context) => {
        const input = {
          messages: said.map((content) => ({ role: 'user' as const, content })),
          context,
          response: '',
        }
        const result = contextRelevance.evaluate(input)
        if (!('error' in result)) expect(result.score >= 0 && result.score <= 1).toBe(true)
        expect(contextRelevance.evaluate(input)).toEqual(result)
      }),
    )
  })
})
