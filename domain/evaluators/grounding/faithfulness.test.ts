import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ORDER, order } from '../samples.fixture.ts'
import { faithfulness } from './faithfulness.ts'

function evaluate(reply: string, supportedAt = 0.4) {
  return faithfulness.evaluate(order(reply), { supportedAt })
}

function verdictsOf(reply: string) {
  const result = evaluate(reply)
  const claims = 'evidence' in result ? result.evidence?.claims : undefined
  return (claims as { text: string; verdict: string }[]).map(({ verdict }) => verdict)
}

describe('Faithfulness@1', () => {
  test('golden scores and reasons: a change here needs a new version', () => {
    const shown = (reply: string) => {
      const result = evaluate(reply)
      return 'error' in result ? result.error : `${result.score} ${result.reason}`
    }
    expect({
      copied: shown('Refunds are paid within 14 days of the return reaching our warehouse.'),
      reworded: shown('Your order A-20318 for €49.90 is in transit and should arrive on 3 November 2026.'),
      half: shown(
        'Parcels in transit can be redirected to a pick-up point, but refunds are paid within 20 days of the return.',
      ),
      invented: shown('Jane Fletcher at our Berlin office has shipped it by drone; you get 20% off.'),
    }).toMatchInlineSnapshot(`
      {
        "copied": "1 The one claim is borne out by the context.",
        "half": "0.5 1 of 2 claims is not borne out, such as "refunds are paid within 20 days of the return." (the context has it otherwise: 20 days against 14 days).",
        "invented": "0 The one claim is not borne out: "Jane Fletcher at our Berlin office has shipped it by drone; you get 20% off." (the context does not mention 20%, Jane Fletcher, Berlin).",
        "reworded": "1 All 2 claims are borne out by the context.",
      }
    `)
  })

  test.each([
    [
      'another number of the same unit',
      'Refunds are paid within 15 days of the return reaching our warehouse.',
    ],
    ['another unit', 'Refunds are paid within 14 weeks of the return reaching our warehouse.'],
    ['a negation', 'Refunds are not paid within 14 days of the return reaching our warehouse.'],
    ['a qualifier', 'Parcels in transit can be redirected until the evening after delivery.'],
  ])('%s contradicts', (_, claim) => expect(verdictsOf(claim)).toEqual(['contradicted']))

  test('a name that nobody mentioned is not supported, whatever the rest', () => {
    expect(
      verdictsOf('Refunds are paid within 14 days of the return reaching our Berlin warehouse.'),
    ).toEqual(['unsupported'])
  })

  test('parts of a sentence are judged by themselves', () => {
    expect(
      verdictsOf(
        'Refunds are paid within 14 days of the return, but a friendly driver always calls you first.',
      ),
    ).toEqual(['supported', 'unsupported'])
  })

  test('the level of support is a parameter', () => {
    const reply = 'Your parcel is on its way with Nordpost.'
    expect(evaluate(reply, 0)).toMatchObject({ score: 1 })
    expect(evaluate(reply, 1)).toMatchObject({ score: 0 })
  })

  test('bad input is an error value, an answer without claims is faithful', () => {
    expect(faithfulness.evaluate({ ...ORDER, context: [] }, { supportedAt: 0.4 })).toEqual({
      error: 'context is empty: there is nothing to hold the answer against',
    })
    expect(evaluate('Thank you!')).toMatchObject({ score: 1, weak: true })
  })

  test('any texts: a score in [0, 1] or an error, and the same again', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 3 }), (response, context) => {
        const input = { messages: [], context, response }
        const result = faithfulness.evaluate(input, { supportedAt: 0.4 })
        if (!('error' in result)) expect(result.score >= 0 && result.score <= 1).toBe(true)
        expect(faithfulness.evaluate(input, { supportedAt: 0.4 })).toEqual(result)
      }),
    )
  })
})
