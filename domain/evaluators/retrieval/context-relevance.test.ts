import { describe, expect, test } from 'vitest'
import { ORDER } from '../samples.fixture.ts'
import { HUGE_TEXTS, WRONG_INPUTS, brokenScore } from './any-texts.fixture.ts'
import { contextRelevance } from './context-relevance.ts'

const PASSAGES = [
  'Refunds are paid within 14 days of the return reaching our warehouse.',
  'Parcels in transit can be redirected to a pick-up point until the evening before delivery.',
  'A gift card is valid for three years and cannot be exchanged for money.',
]

function ask(said: string | string[], context = PASSAGES) {
  const messages = [said].flat().map((content) => ({ role: 'user' as const, content }))
  return contextRelevance.evaluate({ messages, context, response: '' })
}

function itemScores(request: string, ...context: string[]): number[] {
  const result = ask(request, context)
  return 'error' in result ? [] : (result.evidence?.items as number[])
}

describe('ContextRelevance@2', () => {
  test('golden scores: a change here needs a new version', () => {
    expect([
      ask('When is my refund paid?'),
      ask('Redirect my parcel to a pickup point'),
      ask('Do you sell shoes?'),
    ]).toMatchInlineSnapshot(`
      [
        {
          "evidence": {
            "answerFit": 1,
            "answerType": "time",
            "best": 0,
            "items": [
              0.9147,
              0,
              0,
            ],
          },
          "reason": "The best of 3 items shares "refund", "paid" with the request.",
          "score": 0.9147,
        },
        {
          "evidence": {
            "answerFit": 0.75,
            "answerType": "open",
            "best": 1,
            "items": [
              0,
              0.6721,
              0,
            ],
          },
          "reason": "The best of 3 items shares "parcel", "Redirect", "point" with the request.",
          "score": 0.6721,
        },
        {
          "evidence": {
            "answerFit": 0.75,
            "answerType": "yes or no",
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
    expect(ask(['I have a gift card.', 'When are refunds paid?'])).toMatchObject({ evidence: { best: 0 } })
    expect(ask(['I have a gift card.', 'How long is that?'])).toMatchObject({ evidence: { best: 2 } })
    expect(ask(['When are refunds paid?', 'Thanks a lot!'])).toEqual(ask('When are refunds paid?'))
  })

  test.each([
    ['Who founded the bakery?', 'The bakery was founded by Ada Baker.', 'The bakery was founded on bread.'],
    ['When did the bakery open?', 'The bakery did open in 1984.', 'The bakery did open with bread.'],
    ['How many shops has the bakery?', 'The bakery has 14 shops.', 'The bakery has lovely shops.'],
    ['What is a bakery?', 'A bakery is a shop with an oven.', 'We love a bakery.'],
  ])('%s: an item with the kind of answer is before one with the same words', (request, better, worse) => {
    const [first = 0, second = 0] = itemScores(request, better, worse)
    expect(first).toBeGreaterThan(second)
  })

  test('what the request says itself is no answer', () => {
    const [same = 0, other = 0] = itemScores(
      'Who is older than Ada Baker?',
      'Ada Baker is old.',
      'Eve Miller is old.',
    )
    expect(ask('Who is older than Ada Baker?', ['Ada Baker is old.'])).toMatchObject({
      evidence: { answerFit: 0 },
    })
    expect(other).toBeGreaterThan(0)
    expect(same).toBeGreaterThan(0)
  })

  test('other forms of a word count, other words do not', () => {
    const [form = 0, none = 0] = itemScores(
      'how did she die',
      'Her death was sudden.',
      'Her bread was sudden.',
    )
    expect(form).toBeGreaterThan(0)
    expect(none).toBe(0)
  })

  test('scores keep their item, blank ones too', () => {
    expect(itemScores('refund', '', 'A refund.', ' ')).toEqual([0, expect.any(Number), 0])
  })

  test('no context is irrelevant, no request an error', () => {
    const none = { score: 0, reason: 'No context was given.' }
    expect(contextRelevance.evaluate({ ...ORDER, context: [] })).toEqual(none)
    expect(ask([])).toEqual({
      error: 'no customer message with content: there is no request to be relevant to',
    })
  })

  test('wrong types are errors', () => {
    for (const input of WRONG_INPUTS) expect(contextRelevance.evaluate(input)).toHaveProperty('error')
  })

  test('any texts: a score in [0, 1] or an error, and the same again', () => {
    expect(brokenScore(contextRelevance)).toBeUndefined()
  })

  test.each(Object.entries(HUGE_TEXTS))('a megabyte of %s is bounded', (_, text) => {
    expect(ask([text], [text])).toMatchObject({ evidence: { truncated: true } })
  })
})
