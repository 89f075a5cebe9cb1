import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answered, scoreOf } from './compared.fixture.ts'
import { numericTolerance } from './numeric-tolerance.ts'
import { quantities } from './quantities.ts'

const Params = numericTolerance.params!

function score(answer: string, reference: string, params: unknown = {}): number {
  return scoreOf(numericTolerance.evaluate(answered(answer, reference), Params.parse(params)))
}

describe('NumericTolerance@1', () => {
  test('golden scores: a change here needs a new version', () => {
    expect(score('It costs €1,249.00 in total.', '1249')).toBe(1)
    expect(score('It costs 1,250 euros.', '1249 EUR')).toBe(0)
    expect(score('It costs 1,250 euros.', '1249 EUR', { absolute: 1 })).toBe(1)
    expect(score('about 1,250', '1249', { relative: 0.001 })).toBe(1)
    expect(score('It takes 90 minutes.', '1.5 hours')).toBe(1)
    expect(score('30 kg', '30 days')).toBe(0)
    expect(score('You get 20% on 3 items.', '3 items at 25%')).toBe(0.5)
    expect(score('2 + 3 = 5', '5', { compare: 'last' })).toBe(1)
    expect(score('2 + 3 = 5', '2', { compare: 'last' })).toBe(0)
    expect(score('Das macht 1.249,50 €', '1249,5', { decimal: ',' })).toBe(1)
  })

  test.each([
    ['1,249.00', [1249]],
    ['1 249 000 and 1’000', [1249000, 1000]],
    ['-5 and −7.5 but 10-20', [-5, -7.5, 10, 20]],
    ['1.2e-3', [0.0012]],
    ['$3.5 million, 20k', [3.5e6, 20000]],
    ['order A-20318, v1.2.3, x5', []],
    ['49.90.', [49.9]],
    ['7,5', [7, 5]],
  ])('reads %s', (text, values) => {
    expect(quantities(text).map(({ value }) => value)).toEqual(values)
  })

  test('a number is within its own tolerance, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), (value) => {
        expect(score(`The result is ${value}.`, String(value))).toBe(1)
        expect(score(`The result is ${value}.`, String(value), { compare: 'last' })).toBe(1)
      }),
    )
  })

  test('names the numbers that are missing; without any it is an error', () => {
    expect(
      numericTolerance.evaluate(answered('3 days', '3 days, 49.90 EUR'), Params.parse({})),
    ).toMatchObject({
      score: 0.5,
      reason: 'The answer does not state 49.90 EUR.',
    })
    expect(numericTolerance.evaluate(answered('3', 'three'), Params.parse({}))).toEqual({
      error: 'the good answer has no number in digits',
    })
  })

  test('a megabyte of digits ends', () => {
    for (const long of [
      '1 '.repeat(500_000),
      '1'.repeat(1_000_000),
      '1,111'.repeat(200_000),
      '- '.repeat(500_000),
    ])
      expect(numericTolerance.evaluate(answered(long, `5 ${long}`), Params.parse({}))).toBeDefined()
  }, 10_000)
})
