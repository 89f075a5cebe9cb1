import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cut, plain } from './text.ts'

test('a text that fits stays as it is; one that does not ends in an ellipsis', () => {
  expect(cut('four', 4)).toBe('four')
  expect(cut('fives', 4)).toBe('fiv…')
  expect(cut('ab😀cd', 4)).toBe('ab…')
})

test('one line, without control characters or half pairs', () => {
  expect(plain('  a\r\n\u0000b\u2028c\uD83D ', 10)).toBe('a b c\uFFFD')
})

test('whatever it was, it is well formed, one line and short', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
      const shown = plain(text, max)
      expect(shown.isWellFormed()).toBe(true)
      expect(shown.length).toBeLessThanOrEqual(max)
      expect(shown).not.toMatch(/\p{Cc}/u)
    }),
  )
})
