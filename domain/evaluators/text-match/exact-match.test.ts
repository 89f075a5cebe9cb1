import { describe, expect, test } from 'vitest'
import { answered, scoreOf } from './compared.fixture.ts'
import { exactMatch } from './exact-match.ts'

const Params = exactMatch.params!

function score(answer: string, reference: string, params: unknown = {}): number {
  return scoreOf(exactMatch.evaluate(answered(answer, reference), Params.parse(params)))
}

describe('ExactMatch@1', () => {
  test('golden scores: a change here needs a new version', () => {
    expect(score(' 3 November ', '3 November')).toBe(1)
    expect(score(' 3 November ', '3 November', { trim: false })).toBe(0)
    expect(score('3 november', '3 November')).toBe(0)
    expect(score('3 november', '3 November', { ignoreCase: true })).toBe(1)
    expect(score('3 November!', '3 November', { ignorePunctuation: true })).toBe(1)
    expect(score('5 €', '5 $', { ignorePunctuation: true })).toBe(0)
    expect(score('3\n November', '3 November')).toBe(0)
    expect(score('3\n November', '3 November', { collapseWhitespace: true })).toBe(1)
    expect(score('cafe\u0301', 'café')).toBe(1)
    expect(score('', '')).toBe(1)
  })

  // What normalize_answer of the official SQuAD v2.0 script gives for both sides of each.
  test('compares as SQuAD does', () => {
    const squad = { normalisation: 'squad' }
    expect(score('The Eiffel  Tower.', 'eiffel tower', squad)).toBe(1)
    expect(score('an apple a day', 'apple day', squad)).toBe(1)
    expect(score('U.S.A.', 'usa', squad)).toBe(1)
    expect(score('theatre', 'atre', squad)).toBe(0)
    expect(score('“Paris”', 'paris', squad)).toBe(0)
  })

  test('says where the texts part', () => {
    expect(exactMatch.evaluate(answered('3 March', '3 May'), Params.parse({}))).toEqual({
      score: 0,
      reason: 'Differs from the good answer from character 5 on.',
      evidence: { at: 4, answer: 'rch', reference: 'y' },
    })
  })

  test('unknown parameters are refused', () => {
    expect(Params.safeParse({ ignorecase: true }).success).toBe(false)
  })
})
