import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bleu } from './bleu.ts'
import { answered, scoreOf } from './compared.fixture.ts'
import { REFERENCE_SCORES } from './reference-scores.fixture.ts'

const Params = bleu.params!

describe('BLEU@1', () => {
  test("agrees with sacreBLEU's sentence_bleu", () => {
    for (const { reference, answer, bleu: wanted } of REFERENCE_SCORES)
      for (const smoothing of ['exp', 'floor', 'add-k', 'none'] as const)
        expect(
          scoreOf(bleu.evaluate(answered(answer, reference), Params.parse({ smoothing }))),
          `${smoothing}: ${answer}`,
        ).toBeCloseTo(wanted[smoothing], 3)
  })

  test('a text is like itself, and no score leaves [0, 1]', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 20 }), fc.lorem({ maxCount: 20 }), (a, b) => {
        expect(scoreOf(bleu.evaluate(answered(a, a), Params.parse({})))).toBe(1)
        const score = scoreOf(bleu.evaluate(answered(a, b), Params.parse({})))
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('letter case counts unless told otherwise', () => {
    const input = answered('YOUR ORDER IS HERE TODAY', 'your order is here today')
    expect(scoreOf(bleu.evaluate(input, Params.parse({})))).toBe(0)
    expect(scoreOf(bleu.evaluate(input, Params.parse({ lowercase: true })))).toBe(1)
  })

  test('empty answers score 0, empty good answers are an error, long ones are cut', () => {
    expect(scoreOf(bleu.evaluate(answered('', 'x'), Params.parse({})))).toBe(0)
    expect(bleu.evaluate(answered('x', ' '), Params.parse({}))).toEqual({ error: 'the good answer is empty' })
    const long = 'a b. c, '.repeat(125_000)
    expect(bleu.evaluate(answered(long, long), Params.parse({}))).toMatchObject({
      score: 1,
      evidence: { truncated: true },
    })
  }, 5000)
})
