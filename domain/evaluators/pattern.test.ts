import { expect, test } from 'vitest'
import { patternProblem } from './pattern.ts'

test.each([
  '^[a-z]+$',
  '^[a-z]+(-[a-z]+)*$',
  '^(foo|bar)+$',
  '^\\d{4}-\\d{2}$',
  '^(\\d{1,3}\\.){3}\\d{1,3}$',
  '^[^@]+@[^@]+$',
  '(?:ab)?',
])('runs %s', (pattern) => expect(patternProblem(pattern, 100)).toBeUndefined())

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
])('refuses %s', (pattern) => expect(patternProblem(pattern, 100)).toBe('could run for ever'))

test('several repeats need a short text', () => {
  expect(patternProblem('.*a.*b', 100)).toBeUndefined()
  expect(patternProblem('.*a.*b', 100_000)).toContain('20000 characters')
})
