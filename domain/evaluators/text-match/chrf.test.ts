import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chrF } from './chrf.ts'
import { answered, scoreOf } from './compared.fixture.ts'
import { REFERENCE_SCORES } from './reference-scores.fixture.ts'

const Params = chrF.params!

describe('ChrF@1', () => {
  test("agrees with sacreBLEU's sentence_chrf", () => {
    for (const { reference, answer, chrF: wanted, chrFplus } of REFERENCE_SCORES) {
      const input = answered(answer, reference)
      expect(scoreOf(chrF.evaluate(input, Params.parse({})))).toBeCloseTo(wanted, 3)
      expect(scoreOf(chrF.evaluate(input, Params.parse({ variant: 'chrF++' })))).toBeCloseTo(chrFplus, 3)
    }
  })

  test('a text is like itself in any script; with beta 1 both directions are the same', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((one) => one.trim() !== '')
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(scoreOf(chrF.evaluate(answered(a, a), Params.parse({ variant: 'chrF++' })))).toBe(1)
        const params = Params.parse({ beta: 1 })
        expect(scoreOf(chrF.evaluate(answered(a, b), params))).toBeCloseTo(
          scoreOf(chrF.evaluate(answered(b, a), params)),
          4,
        )
      }),
    )
  })

  test('empty good answers are an error, long ones are cut', () => {
    expect(chrF.evaluate(answered('x', ''), Params.parse({}))).toEqual({ error: 'the good answer is empty' })
    const long = '日本語 '.repeat(250_000)
    expect(chrF.evaluate(answered(long, long), Params.parse({}))).toMatchObject({ score: 1 })
  }, 5000)
})
