import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groundedness } from './groundedness.ts'
import { ORDER, order } from './samples.fixture.ts'

function scoreOf(reply: string, context = ORDER.context): number {
  const result = groundedness.evaluate(order(reply, { context }))
  if ('error' in result) throw new Error(result.error)
  return result.score
}

describe('Groundedness@1', () => {
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
      invented: scoreOf('Jane Fletcher at our Berlin office has shipped it by drone; you get 20% off.'),
    }).toMatchInlineSnapshot(`
      {
        "copied": 1,
        "invented": 0,
        "reworded": 0.4809,
        "wrongAmount": 0.268,
        "wrongDate": 0.268,
      }
    `)
  })

  test('a wrong number, date, unit or name costs', () => {
    const right = scoreOf('Refunds are paid within 14 days, your order came with Nordpost.')
    expect(scoreOf('Refunds are paid within 15 days, your order came with Nordpost.')).toBeLessThan(
      right - 0.1,
    )
    expect(scoreOf('Refunds are paid within 14 weeks, your order came with Nordpost.')).toBeLessThan(
      right - 0.1,
    )
    expect(scoreOf('Refunds are paid within 14 days, your order came with Sudpost.')).toBeLessThan(
      right - 0.05,
    )
  })

  test('what the customer said is no invention', () => {
    const messages = [{ role: 'user' as const, content: 'My name is Jane Fletcher, I wait since 9 May.' }]
    const result = groundedness.evaluate(
      order('Jane Fletcher, your parcel of 9 May is in transit.', { messages }),
    )
    expect(result).toMatchObject({ evidence: { missingNumbers: [], missingEntities: [] } })
  })

  test('evidence names what is missing and how much was copied', () => {
    const result = groundedness.evaluate(order('You get 20% off from Jane Fletcher.'))
    expect(result).toMatchObject({
      reason: 'The context does not mention 20%, Jane Fletcher.',
      evidence: { copyRate: 0 },
    })
    const copy = groundedness.evaluate(order(ORDER.context[1] ?? ''))
    expect(copy).toMatchObject({ score: 1, evidence: { copyRate: 1 } })
  })

  test('what claims nothing is grounded, what is empty is not', () => {
    expect(groundedness.evaluate(order("You're welcome!"))).toMatchObject({
      score: 1,
      reason: 'The answer makes no claim.',
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

  test('a megabyte takes bounded time and says that it was cut', () => {
    const long = 'the order 14 arrives in Berlin on 3 May. '.repeat(25_000)
    const start = performance.now()
    const result = groundedness.evaluate(order(long, { context: [long] }))
    expect(performance.now() - start).toBeLessThan(5000)
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
})
