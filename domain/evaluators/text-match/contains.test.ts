import { describe, expect, test } from 'vitest'
import { answered, scoreOf } from './compared.fixture.ts'
import { contains } from './contains.ts'

const Params = contains.params!
const ANSWER = 'Your refund of 49.90 EUR\nis paid within 14 days.'

function score(params: unknown): number {
  return scoreOf(contains.evaluate(answered(ANSWER), Params.parse(params)))
}

describe('Contains@1', () => {
  test('golden scores: a change here needs a new version', () => {
    expect(score({ texts: ['refund', '14 days'] })).toBe(1)
    expect(score({ texts: ['refund', '15 days'] })).toBe(0)
    expect(score({ texts: ['refund', '15 days'], mode: 'any' })).toBe(1)
    expect(score({ texts: ['REFUND'] })).toBe(0)
    expect(score({ texts: ['REFUND'], ignoreCase: true })).toBe(1)
    expect(score({ texts: ['EUR is paid'] })).toBe(1)
    expect(score({ texts: ['guarantee', 'promise'], negate: true })).toBe(1)
    expect(score({ texts: ['guarantee', 'refund'], negate: true })).toBe(0)
    expect(score({ texts: ['guarantee', 'refund'], negate: true, mode: 'any' })).toBe(1)
  })

  test('without texts the good answer is looked for', () => {
    expect(scoreOf(contains.evaluate(answered(ANSWER, '49.90 EUR'), Params.parse({})))).toBe(1)
    expect(contains.evaluate(answered(ANSWER), Params.parse({}))).toHaveProperty('error')
  })

  test('names what is missing', () => {
    expect(contains.evaluate(answered(ANSWER), Params.parse({ texts: ['refund', 'voucher'] }))).toEqual({
      score: 0,
      reason: 'The answer lacks "voucher".',
      evidence: { found: ['refund'], missing: ['voucher'] },
    })
  })
})
