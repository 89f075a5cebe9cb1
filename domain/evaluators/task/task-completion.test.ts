import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactly } from '../../dataset/tool-call.ts'
import type { Json } from '../../json.ts'
import type { EvaluatorInput } from '../evaluator.ts'
import { ORDER, order } from '../samples.fixture.ts'
import { taskCompletion } from './task-completion.ts'

const GOOD = 'Your order A-20318 (49.90 EUR) is in transit and arrives on 3 November.'

const evaluate = (input: EvaluatorInput, names = { changes: [] as string[], reads: [] as string[] }) =>
  taskCompletion.evaluate(input, names)

function scoreOf(input: EvaluatorInput, names?: { changes: string[]; reads: string[] }): number {
  const result = evaluate(input, names)
  if ('error' in result) throw new Error(result.error)
  return result.score
}

/** The input as it is online: no good answer is known. */
function online(input: EvaluatorInput): EvaluatorInput {
  const { messages, context, response } = input
  return { messages, context, response }
}

describe('TaskCompletion@2, by the answer', () => {
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
    expect(evaluate(order(GOOD, {}, 'refund_order'))).toMatchObject({
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
    const result = evaluate(online(order(GOOD)))
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
    expect(evaluate({ ...ORDER, expected: 'yes' })).toEqual({
      error: 'expected is no {intent, action, reply}',
    })
    expect(evaluate(online({ ...ORDER, messages: [] }))).toEqual({
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
          const result = evaluate(input)
          if (!('error' in result)) expect(result.score >= 0 && result.score <= 1).toBe(true)
          expect(evaluate(input)).toEqual(result)
        },
      ),
    )
  })
})

const CALLED: EvaluatorInput = {
  messages: [
    { role: 'user', content: 'Cancel reservation FQ8APE and refund the 49.90 EUR to my card 7407.' },
    { role: 'assistant', content: 'Shall I cancel FQ8APE?' },
    { role: 'user', content: 'Yes, please.' },
  ],
  context: [],
  response: 'Reservation FQ8APE has been cancelled, and 49.90 EUR refunded.',
  toolCalls: [
    { name: 'get_reservation', arguments: { id: 'FQ8APE' } },
    { name: 'cancel_reservation', arguments: { id: 'FQ8APE' } },
    { name: 'send_refund', arguments: { amount: 49.9, card: '7407' } },
  ],
}
const [look, cancel, refund] = CALLED.toolCalls!
const DUE: EvaluatorInput = { ...CALLED, expectedToolCalls: [refund!, look!, cancel!].map(exactly) }

describe('TaskCompletion@2, by the calls', () => {
  const made = (...toolCalls: NonNullable<EvaluatorInput['toolCalls']>[number][]) =>
    scoreOf({ ...DUE, toolCalls })

  test('golden scores: a change here needs a new version', () => {
    expect({
      right: scoreOf(DUE),
      readsLeftOut: made(cancel!, refund!),
      oneLeftUndone: made(cancel!),
      oneTooMany: made(cancel!, refund!, { name: 'book_flight', arguments: {} }),
      wrongAmount: made(cancel!, { name: 'send_refund', arguments: { amount: 59.9, card: '7407' } }),
      nothing: made(look!),
      failed: made(cancel!, { ...refund!, failed: true }),
      failedThenMade: made({ ...cancel!, failed: true }, refund!, cancel!),
      cancelledTwice: made(cancel!, cancel!, refund!),
      refundedTwice: made(cancel!, refund!, refund!),
      mustSay: scoreOf({ ...DUE, reference: '49.90 EUR' }),
      mustSayOther: scoreOf({ ...DUE, reference: '3 working days' }),
      weak: scoreOf(CALLED),
      weakClaim: scoreOf({ ...CALLED, toolCalls: [look!] }),
      weakUnsaid: scoreOf({
        ...CALLED,
        toolCalls: [{ name: 'cancel_reservation', arguments: { id: 'XXXXX1' } }],
      }),
    }).toMatchInlineSnapshot(`
      {
        "cancelledTwice": 1,
        "failed": 0.5,
        "failedThenMade": 1,
        "mustSay": 1,
        "mustSayOther": 0.5,
        "nothing": 0,
        "oneLeftUndone": 0.5,
        "oneTooMany": 0.6667,
        "readsLeftOut": 1,
        "refundedTwice": 0.6667,
        "right": 1,
        "weak": 1,
        "weakClaim": 0.4,
        "weakUnsaid": 0.25,
        "wrongAmount": 0.6,
      }
    `)
  })

  test('no change due and none made is right, whatever was looked up', () => {
    const input = { ...CALLED, expectedToolCalls: [], toolCalls: [look!] }
    expect(scoreOf(input)).toBe(1)
    expect(scoreOf({ ...input, toolCalls: [look!, cancel!] })).toBe(0)
  })

  test('a suite may say which tools change something', () => {
    const input = { ...CALLED, expectedToolCalls: [], toolCalls: [{ name: 'find_and_fix', arguments: {} }] }
    expect(scoreOf(input)).toBe(1)
    expect(scoreOf(input, { changes: ['find_and_fix'], reads: [] })).toBe(0)
    expect(scoreOf({ ...input, toolCalls: [cancel!] }, { changes: [], reads: ['cancel_reservation'] })).toBe(
      1,
    )
  })

  test('lists inside of arguments may come in any order', () => {
    const call = (items: Json[]) => ({ name: 'return_items', arguments: { items } })
    expect(
      scoreOf({ ...CALLED, toolCalls: [call(['b', 'a'])], expectedToolCalls: [exactly(call(['a', 'b']))] }),
    ).toBe(1)
  })

  test('a thank-you at the end changes nothing, with or without a reference', () => {
    const messages = [...CALLED.messages, { role: 'user' as const, content: 'Thanks, that is all!' }]
    expect(scoreOf({ ...DUE, messages })).toBe(scoreOf(DUE))
    expect(scoreOf({ ...CALLED, messages: CALLED.messages.slice(0, 1) })).toBe(
      scoreOf({ ...CALLED, messages: [CALLED.messages[0]!, messages.at(-1)!] }),
    )
  })

  test('the reason says what was left undone and what was not asked for', () => {
    expect(evaluate({ ...DUE, toolCalls: [cancel!, { name: 'book_flight', arguments: {} }] })).toMatchObject({
      reason: 'Actions left undone: send_refund; not asked for: book_flight.',
    })
  })

  test('without a reference, a change that is claimed and was not made costs half', () => {
    expect(evaluate({ ...CALLED, toolCalls: [look!] })).toMatchObject({
      weak: true,
      reason: expect.stringContaining('says that something was done that no call did'),
    })
  })

  test('bad calls are an error value', () => {
    // @ts-expect-error: rows from outside may hold other types
    expect(evaluate({ ...CALLED, toolCalls: 'none' })).toEqual({
      error: 'toolCalls is no list of {name, arguments}',
    })
  })

  test('any calls in any order score the same, in [0, 1]; those due score 1', () => {
    const call = fc.record({
      name: fc.constantFrom('get_x', 'set_x', 'send_x'),
      arguments: fc.dictionary(
        fc.constantFrom('a', 'b'),
        fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
      ),
    })
    const calls = fc.array(call, { maxLength: 4 })
    fc.assert(
      fc.property(calls, calls, (toolCalls, due) => {
        const expectedToolCalls = due.filter(({ name }) => name !== 'set_x').map(exactly)
        const score = scoreOf({ ...CALLED, toolCalls, expectedToolCalls })
        expect(score >= 0 && score <= 1).toBe(true)
        expect(scoreOf({ ...CALLED, toolCalls: toolCalls.toReversed(), expectedToolCalls })).toBe(score)
        expect(
          scoreOf({ ...CALLED, toolCalls: due.filter(({ name }) => name !== 'set_x'), expectedToolCalls }),
        ).toBe(1)
      }),
    )
  })
})
