import { RegExpParser } from '@eslint-community/regexpp'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linearPattern } from './linear-pattern.ts'
import { patternFor, patternProblem } from './pattern.ts'

function matches(pattern: string, text: string) {
  const found = patternFor(pattern)
  return 'problem' in found ? found : found.test(text)
}

describe("JavaScript's own engine", () => {
  test.each([
    '^[a-z]+$',
    '^(foo|bar)+$',
    '^\\d{4}-\\d{2}$',
    '^(\\d{1,3}\\.){3}\\d{1,3}$',
    '^[^@]+@[^@]+$',
    '(?:ab)?',
    '^(?=.*\\d)(?=.*[a-z]).{8,}$',
    '^((?!foo).)*$',
  ])('may run %s', (pattern) => expect(patternProblem(pattern, 100)).toBeUndefined())

  test.each([
    '(a+)+',
    '(a*)*b',
    '^(\\w+\\s?)*$',
    '(\\w|\\d)+',
    '(.*)+x',
    '((a{1,})){5,}',
    '(a|a)*',
    '([a-z]+)*$',
    '(a|[ab])+',
    '((a+))*',
  ])('may not run %s', (pattern) => expect(patternProblem(pattern, 100)).toBe('could run for ever'))

  test('several repeats need a short text', () => {
    expect(patternProblem('^.*a.*b', 100)).toBeUndefined()
    expect(patternProblem('^.*a.*b', 10_000)).toBe('could run too long on 10000 characters')
    expect(patternProblem('a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaa', 100)).toBe(
      'could run too long on 100 characters',
    )
  })
})

describe('patternFor', () => {
  test.each<[string, string, boolean]>([
    ['^(a+)+$', `${'a'.repeat(200_000)}!`, false],
    ['^(a+)+$', 'a'.repeat(200_000), true],
    ['^(\\w+\\s?)*$', `${'word '.repeat(40_000)}!`, false],
    ['(x+x+)+y', `${'x'.repeat(200_000)}y`, true],
    ['a*b', 'a'.repeat(200_000), false],
    ['^[a-z]+(-[a-z]+)*$', 'one-two-three', true],
    ['^(\\s+x)*$', '\u00a0x\u2028x', true],
    ['^(?:.+)+$', 'a\u2028', false],
  ])('%s answers for a text of any length', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected)
  })

  test('what neither engine can do is a problem', () => {
    expect(matches('(a*)*\\1', 'aaa')).toEqual({ problem: 'could run for ever' })
    expect(matches('^(?=(a+)+$)', 'a'.repeat(50))).toEqual({ problem: 'could run for ever' })
    expect(matches('([ab]+)+a[ab]{300}c', 'ab'.repeat(100_000))).toEqual({
      problem: 'could run too long on 200000 characters',
    })
    expect(patternFor('(')).toEqual({ problem: 'is no regular expression' })
    expect(patternFor('a'.repeat(3000))).toEqual({ problem: 'is longer than 2000 characters' })
    expect(patternFor('((a{999}){999}){999}')).toEqual({ problem: 'asks for more than 10000 characters' })
  })

  test('what is no pattern with the flag u runs without it', () => {
    expect(matches('^[\\w\\-\\_]+$', 'a-b_c')).toBe(true)
  })
})

const atom = fc.constantFrom(
  'a',
  'b',
  '.',
  '\\d',
  '\\s',
  '\\S',
  '\\w',
  '\\W',
  '[ab]',
  '[^a]',
  '[\\s\\d]',
  '[^\\S]',
  '\\b',
  '^',
  '$',
  '😀',
  '\\u00e9',
  '\\p{L}',
  '[^]',
)
const pattern = fc.letrec<{ one: string }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 3 },
    atom,
    fc.tuple(tie('one'), tie('one')).map((parts) => parts.join('')),
    fc.tuple(tie('one'), tie('one')).map((parts) => `(${parts.join('|')})`),
    fc
      .tuple(tie('one'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '*?'))
      .map(([one, times]) => `(?:${one})${times}`),
  ),
})).one
const text = fc.string({
  unit: fc.constantFrom('a', 'b', '1', ' ', '\n', '\u00a0', '\u2028', 'é', '😀', '-'),
  maxLength: 8,
})

test('RE2 agrees with JavaScript on random patterns', () => {
  fc.assert(
    fc.property(pattern, text, (source, given) => {
      const syntax = new RegExpParser().parsePattern(source, 0, source.length, { unicode: true })
      const linear = linearPattern(syntax)
      expect(linear?.test(given)).toBe(new RegExp(source, 'u').test(given))
    }),
    { numRuns: Number(process.env.REFERENCE_RUNS ?? 500) },
  )
})
