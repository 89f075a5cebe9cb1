import { describe, expect, test } from 'vitest'
import { ORDER, order } from '../samples.fixture.ts'
import { answerRelevance } from './answer-relevance.ts'
import { HUGE_TEXTS, WRONG_INPUTS, brokenScore } from './any-texts.fixture.ts'

function answer(response: string, request = 'When is my refund paid?', context: string[] = []) {
  return answerRelevance.evaluate({ messages: [{ role: 'user', content: request }], context, response })
}

function score(...given: Parameters<typeof answer>): number {
  const result = answer(...given)
  return 'error' in result ? Number.NaN : result.score
}

describe('AnswerRelevance@1', () => {
  test('golden scores: a change here needs a new version', () => {
    expect([
      answerRelevance.evaluate(ORDER),
      answerRelevance.evaluate(order('We also sell gift cards. They are valid for three years.')),
      answer('I am sorry, but I cannot say when your refund is paid.'),
    ]).toMatchInlineSnapshot(`
      [
        {
          "evidence": {
            "answerFit": 1,
            "answerType": "time",
            "evasive": [],
            "offSubject": [],
            "onSubject": 1,
            "requestCoverage": 1,
          },
          "reason": "The one statement takes up the request, with an answer of the kind asked for (time).",
          "score": 1,
          "weak": true,
        },
        {
          "evidence": {
            "answerFit": 1,
            "answerType": "time",
            "evasive": [],
            "offSubject": [
              "We also sell gift cards.",
            ],
            "onSubject": 0.5,
            "requestCoverage": 0,
          },
          "reason": "1 of 2 statements take up the request, with an answer of the kind asked for (time).",
          "score": 0.5,
          "weak": true,
        },
        {
          "evidence": {
            "answerFit": 0,
            "answerType": "time",
            "evasive": [
              "I am sorry, but I cannot say when your refund is paid.",
            ],
            "offSubject": [],
            "onSubject": 0,
            "requestCoverage": 1,
          },
          "reason": "It evades: "I am sorry, but I cannot say when your refund is paid.".",
          "score": 0,
          "weak": true,
        },
      ]
    `)
  })

  test('an answer to the request is before one to another', () => {
    const good = score('Your refund is paid within 14 days.')
    expect(good).toBeGreaterThan(0.8)
    expect(good).toBeGreaterThan(score('Your refund is very important to us.'))
    expect(score('Your refund is very important to us.')).toBeGreaterThan(score('Shoes are sold in Hamburg.'))
  })

  test.each([
    "I don't know.",
    'I am unable to answer that.',
    'I’m sorry, but I can’t help with your refund.',
    'The context does not mention when the refund is paid.',
    'There is no information available on that.',
  ])('"%s" evades', (evasion) => {
    expect(answer(evasion)).toMatchObject({ score: 0, evidence: { evasive: [evasion] } })
  })

  test('"No, refunds don\'t expire" and "you cannot" are answers', () => {
    expect(answer("No, a refund doesn't expire.")).toMatchObject({ evidence: { evasive: [] } })
    expect(answer('You cannot have the refund paid before 3 November.')).toMatchObject({
      evidence: { evasive: [] },
    })
  })

  test('padding lowers the score, a question back answers nothing', () => {
    const direct = 'Your refund is paid within 14 days.'
    expect(score(direct)).toBeGreaterThan(score(`${direct} Shoes are sold in Hamburg. The sun shines today.`))
    expect(score('Could you tell me more about the refund?')).toBeLessThan(score(direct) / 1.5)
  })

  test('yes and no answer what asks for them, courtesies add and take nothing', () => {
    expect(score('Yes.', 'Is my order shipped?')).toBeGreaterThan(0.6)
    expect(score('Yes.', 'When is my order shipped?')).toBe(0)
    const direct = 'Your refund is paid within 14 days.'
    expect(score(`Hi Jane! Thanks for reaching out. ${direct} Feel free to contact us!`)).toBe(score(direct))
  })

  test('after a thank-you what was answered before counts', () => {
    const messages = [
      { role: 'user' as const, content: 'When is my refund paid?' },
      { role: 'assistant' as const, content: 'Your refund is paid within 14 days.' },
      { role: 'user' as const, content: 'Thanks a lot!' },
    ]
    expect(answerRelevance.evaluate({ messages, context: [], response: "You're welcome!" })).toMatchObject({
      score: 1,
    })
  })

  test('a statement from the item that is about the request is on the subject', () => {
    const record = 'movie: Dogman; director: Matteo Garrone'
    const reply = 'Matteo Garrone made it.'
    expect(score(reply, 'Which director made Dogman?', [record])).toBeGreaterThan(
      score('Nordpost carries parcels.', 'Which director made Dogman?', [record]),
    )
  })

  test('it is always weak; an empty answer is 0, no request an error', () => {
    expect(answer('Your refund is paid.')).toMatchObject({ weak: true })
    expect(answer('')).toEqual({ score: 0, reason: 'The answer is empty.', weak: true })
    expect(answer('text', '')).toEqual({
      error: 'no customer message with content: there is no request to address',
    })
  })

  test('wrong types are errors', () => {
    for (const input of WRONG_INPUTS) expect(answerRelevance.evaluate(input)).toHaveProperty('error')
  })

  test('any texts: a score in [0, 1] or an error, and the same again', () => {
    expect(brokenScore(answerRelevance)).toBeUndefined()
  })

  test.each(Object.entries(HUGE_TEXTS))('a megabyte of %s is bounded', (_, text) => {
    expect(answer(text, text, [text])).toMatchObject({ evidence: { truncated: true } })
  })
})
