import { describe, expect, test } from 'vitest'
import { answered, scoreOf } from '../text-match/compared.fixture.ts'
import { lengthLimit } from './length-limit.ts'

const Params = lengthLimit.params!

function score(answer: string, params: unknown): number {
  return scoreOf(lengthLimit.evaluate(answered(answer), Params.parse(params)))
}

describe('LengthLimit@1', () => {
  test('golden scores: a change here needs a new version', () => {
    expect(score('12345', { max: 5 })).toBe(1)
    expect(score('123456', { max: 5 })).toBe(0)
    expect(score('👍👍👍', { max: 3 })).toBe(1)
    expect(score('1234', { min: 5 })).toBe(0)
    expect(score("Don't send A-20318 twice.", { unit: 'words', min: 4, max: 4 })).toBe(1)
    expect(score('订单 已发货', { unit: 'words', min: 5, max: 5 })).toBe(1)
    expect(score('Yes. It comes on 3.5 today! Dr. Ames knows.', { unit: 'sentences', max: 3 })).toBe(1)
    expect(score('One. Two. Three. Four.', { unit: 'sentences', max: 3 })).toBe(0)
  })

  test('gives the numbers', () => {
    expect(lengthLimit.evaluate(answered('a b c'), Params.parse({ unit: 'words', min: 1, max: 2 }))).toEqual({
      score: 0,
      reason: '3 words; the limit is 1 to 2.',
      evidence: { length: 3, min: 1, max: 2 },
    })
  })

  test('a limit that says nothing, or contradicts itself, is refused', () => {
    expect(Params.safeParse({}).error?.issues[0]?.message).toBe('set min, max or both')
    expect(Params.safeParse({ min: 5, max: 4 }).error?.issues[0]?.message).toBe('is above max')
  })

  test('a megabyte is counted', () => {
    for (const unit of ['characters', 'words', 'sentences'])
      expect(score('It is here. '.repeat(90_000), { unit, max: 10 })).toBe(0)
    expect(score("a'".repeat(500_000), { unit: 'words', max: 1 })).toBe(1)
  }, 5000)
})
