import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ORDER, order } from '../samples.fixture.ts'
import { groundedness } from './groundedness.ts'

function scoreOf(reply: string, context = ORDER.context): number {
  const result = groundedness.evaluate(order(reply, { context }))
  if ('error' in result) throw new Error(result.error)
  return result.score
}

describe('Groundedness@2', () => {
  test('golden scores: a change here needs a new version', () => {
    expect({
      copied: scoreOf('Refunds are paid within 14 days of the return reaching our warehouse.'),
      reworded: scoreOf(
        'Your order A-20318 for €49.90 is in transit with Nordpost and should arrive on 3 November 2026.',
      ),
      wrongAmount: scoreOf(
        'Your order A-20318 for €59.90 is in transit with Nordpost and should arrive on 3 November 2026.',
      ),
      wrongDate: scoreOf(
        'Your order A-20318 for €49.90 is in transit with Nordpost and should arrive on 5 November 2026.',
      ),
      negated: scoreOf('Refunds are not paid within 14 days of the return reaching our warehouse.'),
      oneOfTwo: scoreOf('Refunds are paid within 14 days. A driver calls you before he rings the bell.'),
      invented: scoreOf('Jane Fletcher at our Berlin office has shipped it by drone; you get 20% off.'),
    }).toMatchInlineSnapshot(`
      {
        "copied": 1,
        "invented": 0,
        "negated": 0.4124,
        "oneOfTwo": 0.25,
        "reworded": 0.8394,
        "wrongAmount": 0.3487,
        "wrongDate": 0.3487,
      }
    `)
  })

  test('a wrong number, date, unit or name costs half', () => {
    const right = scoreOf('Refunds are paid within 14 days, your order came with Nordpost.')
    for (const [from, to] of [
      ['14 days', '15 days'],
      ['14 days', '14 weeks'],
      ['Nordpost', 'Sudpost'],
    ] as const)
      expect(
        scoreOf('Refunds are paid within 14 days, your order came with Nordpost.'.replace(from, to)),
      ).toBeLessThan(right / 2 + 0.01)
  })

  test.each([
    ['a negation', 'Refunds are not paid within 14 days of the return reaching our warehouse.'],
    ['a qualifier', 'Parcels in transit can be redirected until the evening after delivery.'],
  ])('%s turned round costs more than other words do', (_, turned) => {
    expect(scoreOf(turned)).toBeLessThan(0.55)
    expect(groundedness.evaluate(order(turned))).toMatchObject({
      reason: expect.stringContaining('The context contradicts'),
    })
  })

  test("names in each other's place cost, though every word is known", () => {
    const context = [
      'Anna Berg of Nordpost sold the depot in Kiel. Paul Winter of Seeland bought a ship in Bremen.',
    ]
    expect(scoreOf('Paul Winter sold the depot in Kiel.', context)).toBeLessThan(
      scoreOf('Anna Berg sold the depot in Kiel.', context) - 0.1,
    )
  })

  test('one unsupported claim weighs more than its share of the words', () => {
    const supported = 'Refunds are paid within 14 days of the return reaching our warehouse. '
    const invented = 'The driver calls you before ringing the bell.'
    expect(scoreOf(supported.repeat(3) + invented)).toBeLessThan(0.65)
  })

  test('the same in other words: rounded, spelled out, abbreviated', () => {
    const context = [
      'The World Health Organization counted 181,674,817 cases in Germany. Three labs of 2014-15 closed on 2026-11-03.',
    ]
    const answer =
      'The WHO counted 181.7 million German cases; 3 labs closed in November 2026. It began in 2015.'
    expect(groundedness.evaluate(order(answer, { context }))).toMatchObject({
      evidence: { missingNumbers: [], missingEntities: [] },
    })
  })

  test('what the customer said is no invention', () => {
    const messages = [{ role: 'user' as const, content: 'My name is Jane Fletcher, I wait since 9 May.' }]
    const result = groundedness.evaluate(
      order('Jane Fletcher, your parcel of 9 May is in transit.', { messages }),
    )
    expect(result).toMatchObject({ evidence: { missingNumbers: [], missingEntities: [] } })
  })

  test('the fields of a record are said of one thing', () => {
    const record = 'order_id: A-20318; amount: 49.90; carrier: Nordpost; eta: 2026-11-03; status: in transit'
    expect(scoreOf('Your order is in transit.', [record])).toBe(1)
    expect(scoreOf('It cost €49.90 and is in transit.', [record])).toBeGreaterThan(
      scoreOf('Your order was lost.', [record]),
    )
  })

  test('what the customer did may be said again, what the customer asked may not be affirmed', () => {
    const said = (content: string, reply: string) =>
      groundedness.evaluate(order(reply, { messages: [{ role: 'user', content }] }))
    expect(said('I ordered blue shoes.', 'You ordered blue shoes.')).toMatchObject({ score: 1, weak: true })
    expect(said('Did I win blue shoes?', 'You want to win blue shoes.')).toMatchObject({
      score: expect.closeTo(0, 1),
    })
  })

  test('mark-up claims nothing', () => {
    const plain = scoreOf('Your order is in transit with Nordpost.')
    expect(scoreOf('<p>Your <b>order</b> is in transit with <i>Nordpost</i>.</p>')).toBe(plain)
    expect(scoreOf('```text\nYour order is in transit with Nordpost.\n```')).toBe(plain)
    expect(scoreOf('| Number | Price |\n|---|---|\n| A-20318 | 49.90 |')).toBe(scoreOf('A-20318, 49.90'))
  })

  test('an answer in another language than the context says so', () => {
    expect(
      groundedness.evaluate(order('Ihre Bestellung wurde storniert und das Geld wird morgen erstattet.')),
    ).toMatchObject({
      weak: true,
      reason: 'The answer is in German and the context in English, so that words say little of its support.',
      evidence: { languages: ['de', 'en'] },
    })
  })

  test('evidence names what is missing, where the nearest evidence stands, and how much was copied', () => {
    expect(groundedness.evaluate(order('You get 20% off from Jane Fletcher.'))).toMatchObject({
      reason: 'The context does not mention 20%, Jane Fletcher, as in "You get 20% off from Jane Fletcher.".',
      evidence: { copyRate: 0 },
    })
    const copy = groundedness.evaluate(order(ORDER.context[1] ?? ''))
    expect(copy).toMatchObject({
      score: 1,
      reason: 'Every claim is covered by the context.',
      evidence: { copyRate: 1, sentences: [{ window: { item: 1, start: 0 }, missingTerms: [] }] },
    })
  })

  test('what claims nothing is grounded, what is empty is not', () => {
    for (const nothing of [
      "You're welcome!",
      'No.',
      'Hi Jane! Let me know if you need anything else. Kind regards, Tom',
      'Would you like anything else?',
      'The passage does not say when.',
    ])
      expect(groundedness.evaluate(order(nothing))).toMatchObject({
        score: 1,
        reason: 'The answer makes no claim that the context could bear out.',
        weak: true,
      })
    expect(groundedness.evaluate(order(' '))).toMatchObject({ score: 0, reason: 'The answer is empty.' })
  })

  test('bad input is an error value', () => {
    expect(groundedness.evaluate({ ...ORDER, context: [] })).toEqual({
      error: 'context is empty: there is nothing to hold the answer against',
    })
    // @ts-expect-error: rows from outside may lack fields
    expect(groundedness.evaluate({})).toEqual({ error: 'response is missing or no text' })
    // @ts-expect-error: rows from outside may hold other types
    expect(groundedness.evaluate({ ...ORDER, context: [1] })).toEqual({
      error: 'context is missing or no list of texts',
    })
  })

  test.each([
    ['sentences', 'the order 14 arrives in Berlin on 3 May. '],
    ['one word', 'order '],
    ['numbers', '14 15,3 2014-15 '],
    ['no spaces', 'aB1-'],
    ['negations', 'not all paid until '],
  ])('a megabyte of %s takes bounded time and says that it was cut', (_, piece) => {
    const long = piece.repeat(1_000_000 / piece.length)
    const start = performance.now()
    const result = groundedness.evaluate(order(long, { context: [long] }))
    expect(performance.now() - start).toBeLessThan(5000)
    if (!('evidence' in result && result.reason.includes('no claim')))
      expect(result).toMatchObject({ evidence: { truncated: true } })
  })

  test('any texts: a score in [0, 1] or an error, and the same again', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 3 }), text, (response, context, said) => {
        const input = { messages: [{ role: 'user' as const, content: said }], context, response }
        const result = groundedness.evaluate(input)
        if (!('error' in result)) expect(result.score >= 0 && result.score <= 1).toBe(true)
        expect(groundedness.evaluate(input)).toEqual(result)
      }),
    )
  })

  test('an answer of whole sentences of its context is grounded', () => {
    const sentence = fc
      .array(fc.stringMatching(/^[a-z]{3,9}$/), { minLength: 4, maxLength: 12 })
      .map((words) => `The ${words.join(' ')}.`)
    fc.assert(
      fc.property(fc.uniqueArray(sentence, { minLength: 2, maxLength: 8 }), (context) => {
        const result = groundedness.evaluate({
          messages: [],
          context: [context.join(' ')],
          response: context.slice(0, 2).join(' '),
        })
        expect(result).toMatchObject({ score: expect.closeTo(1, 3) })
      }),
    )
  })
})
