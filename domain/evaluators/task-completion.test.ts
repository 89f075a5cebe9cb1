import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EvaluatorInput } from './evaluator.ts'
import { ORDER, order } from './samples.fixture.ts'
import { taskCompletion } from './task-completion.ts'

const GOOD = 'Your order A-20318 (49.90 EUR) is in transit and arrives on 3 November.'

function scoreOf(input: EvaluatorInput): number {
  const result = taskCompletion.evaluate(input)
  if ('error' in result) throw new Error(result.error)
  return result.score
}

/** The input as it is online: no good answer is known. */
function online(input: EvaluatorInput): EvaluatorInput {
  const { messages, context, response } = input
  return { messages, context, response }
}

describe('TaskCompletion@1', () => {
  test('golden scores: a change here needs a new version', () => {
    expect({
      good: scoreOf(order(GOOD)),
      wrongAmount: scoreOf(order(GOOD.replace('49.90', '59.90'))),
      vague: scoreOf(order('It is on its way.')),
      wrongAction: scoreOf(order(GOOD, {}, 'refund_order')),
      extraAction: scoreOf(order(GOOD, {}, 'lookup_order, refund_order')),
      noJson: scoreOf({ ...ORDER, response: GOOD }),
      online: scoreOf(online(order(GOOD))),
    }).toMatchInlineSnapshot(`
      {
        "extraAction": 0.5,
        "good": 1,
        "noJson": 0,
        "online": 0.9439,
        "vague": 0.5,
        "wrongAction": 0,
        "wrongAmount": 0.8438,
      }
    `)
  })

  test('a wrong action leaves nothing, one too many at most half', () => {
    expect(taskCompletion.evaluate(order(GOOD, {}, 'refund_order'))).toMatchObject({
      score: 0,
      reason: expect.stringContaining('left undone: lookup_order; not asked for: refund_order'),
    })
    expect(scoreOf(order(GOOD, {}, 'lookup_order, refund_order'))).toBeLessThanOrEqual(0.5)
  })

  test('no action due and none made is right', () => {
    const expected = { intent: 'smalltalk', action: 'none', reply: 'Refunds take 14 days.' }
    expect(scoreOf(order('Refunds take 14 days.', { expected }, 'none'))).toBe(1)
  })

  test('without a reference the score is weak, and an invented fact costs', () => {
    const result = taskCompletion.evaluate(online(order(GOOD)))
    expect(result).toMatchObject({ weak: true })
    expect(scoreOf(online(order('Your order A-77777 comes with Jane Fletcher on 9 May.')))).toBeLessThan(
      scoreOf(online(order(GOOD))) - 0.3,
    )
  })

  test('a thank-you at the end changes nothing', () => {
    const messages = [...ORDER.messages, { role: 'user' as const, content: 'Thanks, that is all I need!' }]
    expect(scoreOf(online(order(GOOD, { messages })))).toBe(scoreOf(online(order(GOOD))))
  })

  test('bad input is an error value', () => {
    // @ts-expect-error: rows from outside may hold other types
    expect(taskCompletion.evaluate({ ...ORDER, expected: 'yes' })).toEqual({
      error: 'expected is no {intent, action, reply}',
    })
    expect(taskCompletion.evaluate(online({ ...ORDER, messages: [] }))).toEqual({
      error: 'no customer message with content: there is no task to complete',
    })
  })

  test('any texts: a score in [0, 1] or an error, and the same again', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 })
    const maybe = fc.option(fc.record({ intent: text, action: text, reply: text }), { nil: undefined })
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(text, { maxLength: 3 }),
        maybe,
        (said, response, context, expected) => {
          const input = {
            messages: [{ role: 'user' as const, content: said }],
            context,
            response,
            ...(expected ? { expected } : {}),
          }
          const result = taskCompletion.evaluate(input)
          if (!('error' in result)) expect(result.score >= 0 && result.score <= 1).toBe(true)
          expect(taskCompletion.evaluate(input)).toEqual(result)
        },
      ),
    )
  })
})
