import { describe, expect, test } from 'vitest'
import { answered, scoreOf } from './compared.fixture.ts'
import { regexMatch } from './regex-match.ts'

const Params = regexMatch.params!

function score(answer: string, params: unknown): number {
  return scoreOf(regexMatch.evaluate(answered(answer), Params.parse(params)))
}

function refusal(params: unknown): string | undefined {
  return Params.safeParse(params).error?.issues[0]?.message
}

describe('RegexMatch@1', () => {
  test('golden scores: a change here needs a new version', () => {
    expect(score('Order A-20318 is here', { pattern: String.raw`\b[A-Z]-\d{5}\b` })).toBe(1)
    expect(score('Order A-203 is here', { pattern: String.raw`\b[A-Z]-\d{5}\b` })).toBe(0)
    expect(score('REFUND', { pattern: 'refund' })).toBe(0)
    expect(score('REFUND', { pattern: 'refund', flags: 'i' })).toBe(1)
    expect(score('a\nb', { pattern: '^b$' })).toBe(0)
    expect(score('a\nb', { pattern: '^b$', flags: 'm' })).toBe(1)
    expect(score('a\nb', { pattern: 'a.b', flags: 's' })).toBe(1)
    expect(score('Grüße', { pattern: String.raw`\p{Lu}\p{Ll}+$` })).toBe(1)
    expect(score('no promises', { pattern: 'guarantee', negate: true })).toBe(1)
  })

  test('what RE2 has not is refused when the suite is made', () => {
    expect(refusal({ pattern: '(?!.*password)' })).toMatch(/uses look-around, which RE2 has not: use negate/)
    expect(refusal({ pattern: String.raw`(a)\1` })).toMatch(/uses a back-reference/)
    expect(refusal({ pattern: '(a' })).toMatch(/is not valid in RE2's syntax: missing closing \)/)
    expect(refusal({ pattern: 'a{2,1000}'.repeat(50) })).toMatch(/is too large/)
    expect(refusal({ pattern: 'a', flags: 'g' })).toBe('is not made of i, m and s, each once')
  })

  test('patterns that hang elsewhere end at once', () => {
    const long = `${'a'.repeat(1_000_000)}b`
    for (const pattern of ['(a+)+$', '^(a|a)*$', '^(a*)*(a*)*(a*)*$', String.raw`(\w|\d)+\s$`])
      expect(score(long, { pattern })).toBe(0)
  }, 5000)

  test('a large pattern on a long text is an error of the row', () => {
    expect(
      regexMatch.evaluate(answered('ab'.repeat(50_000)), Params.parse({ pattern: '[ab]*a[ab]{900}[cd]' })),
    ).toMatchObject({ error: expect.stringMatching(/too long for this pattern/) })
  })
})
