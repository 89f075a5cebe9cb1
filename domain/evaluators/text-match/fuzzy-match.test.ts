import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answered, scoreOf } from './compared.fixture.ts'
import { fuzzyMatch } from './fuzzy-match.ts'

const Params = fuzzyMatch.params!

function score(answer: string, reference: string, params: unknown = {}): number {
  return scoreOf(fuzzyMatch.evaluate(answered(answer, reference), Params.parse(params)))
}

describe('FuzzyMatch@1', () => {
  test('golden scores: a change here needs a new version', () => {
    expect(score('kitten', 'sitting')).toBe(0.5714)
    expect(score('3 November', '3 Novembr')).toBe(0.9)
    expect(score('ABC', 'abc')).toBe(0)
    expect(score('ABC', 'abc', { ignoreCase: true })).toBe(1)
    expect(score('', '')).toBe(1)
    expect(score('', 'abc')).toBe(0)
  })

  test('is symmetric, 1 only for the same text, and bounded by the lengths', () => {
    const text = fc.string({ maxLength: 40 }).map((one) => one.trim())
    fc.assert(
      fc.property(text, text, (a, b) => {
        const score1 = score(a, b, { trim: false })
        expect(score1).toBe(score(b, a, { trim: false }))
        expect(score1 === 1).toBe(a.normalize('NFC') === b.normalize('NFC'))
        expect(score1).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('a megabyte is cut, and says so', () => {
    expect(
      fuzzyMatch.evaluate(answered('ab'.repeat(500_000), 'ba'.repeat(500_000)), Params.parse({})),
    ).toMatchObject({ score: 0.9999, evidence: { truncated: true } })
  }, 5000)
})
