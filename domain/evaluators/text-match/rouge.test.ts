import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answered, scoreOf } from './compared.fixture.ts'
import { REFERENCE_SCORES } from './reference-scores.fixture.ts'
import { rouge } from './rouge.ts'

const Params = rouge.params!
const MEASURES = ['precision', 'recall', 'f1'] as const
const VARIANTS = ['rouge1', 'rouge2', 'rougeL', 'rougeLsum'] as const

describe('ROUGE@1', () => {
  test("agrees with Google's rouge_score", () => {
    for (const { reference, answer, rouge: wanted } of REFERENCE_SCORES.slice(0, -1))
      for (const variant of VARIANTS)
        MEASURES.forEach((measure, index) =>
          expect(
            scoreOf(rouge.evaluate(answered(answer, reference), Params.parse({ variant, measure }))),
            `${variant} ${measure}: ${answer}`,
          ).toBeCloseTo(wanted[variant][index]!, 3),
        )
  })

  test('stems bring inflected words together', () => {
    const input = answered('The parcels arrived', 'the parcel arrives')
    expect(scoreOf(rouge.evaluate(input, Params.parse({ variant: 'rouge1' })))).toBe(0.3333)
    expect(scoreOf(rouge.evaluate(input, Params.parse({ variant: 'rouge1', stem: true })))).toBe(1)
  })

  test('a text is like itself, and precision one way is recall the other', () => {
    const words = fc.array(fc.constantFrom('a', 'the', 'order', 'arrives', 'today', '\n'), { minLength: 2 })
    fc.assert(
      fc.property(words, words, fc.constantFrom(...VARIANTS), (a, b, variant) => {
        const [left, right] = [`x y ${a.join(' ')}`, `y z ${b.join(' ')}`]
        expect(scoreOf(rouge.evaluate(answered(left, left), Params.parse({ variant })))).toBe(1)
        if (variant === 'rougeLsum') return
        const precision = rouge.evaluate(
          answered(left, right),
          Params.parse({ variant, measure: 'precision' }),
        )
        const recall = rouge.evaluate(answered(right, left), Params.parse({ variant, measure: 'recall' }))
        expect(scoreOf(precision)).toBe(scoreOf(recall))
      }),
    )
  })

  test('what it cannot read is an error, what is empty scores 0', () => {
    expect(rouge.evaluate(answered('Заказ прибудет', 'Ваш заказ прибудет'), Params.parse({}))).toEqual({
      error: 'the good answer has no words in Latin letters, the only ones that ROUGE reads: use ChrF',
    })
    expect(scoreOf(rouge.evaluate(answered('', 'A good answer'), Params.parse({})))).toBe(0)
  })

  test('a megabyte takes no longer than its first tokens', () => {
    const long = 'a b c d e\n'.repeat(100_000)
    for (const variant of VARIANTS)
      expect(rouge.evaluate(answered(long, long), Params.parse({ variant }))).toMatchObject({
        score: 1,
        evidence: { truncated: true },
      })
  }, 5000)
})
