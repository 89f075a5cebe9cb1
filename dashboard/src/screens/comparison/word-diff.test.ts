import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordDiff } from './word-diff.ts'

test('marks the words that one text has alone', () => {
  expect(wordDiff('It arrives on Monday, free of charge.', 'It arrives on Friday, free of charge.')).toEqual([
    { text: 'It arrives on', in: 'both' },
    { text: ' Monday,', in: 'other' },
    { text: ' Friday,', in: 'this' },
    { text: ' free of charge.', in: 'both' },
  ])
})

test('either text can be put together again from its pieces', () => {
  const text = fc.stringMatching(/^[ab \n]{0,30}$/)
  fc.assert(
    fc.property(text, text, (other, own) => {
      const pieces = wordDiff(other, own)
      fc.pre(pieces !== null)
      const without = (side: 'other' | 'this') =>
        pieces
          .filter((piece) => piece.in !== side)
          .map((piece) => piece.text)
          .join('')
      expect(without('this')).toBe(other)
      expect(without('other')).toBe(own)
    }),
  )
})

test('equal texts are one piece, and neither strangers nor very long ones are compared', () => {
  expect(wordDiff('the same', 'the same')).toEqual([{ text: 'the same', in: 'both' }])
  expect(wordDiff('Your transfer was made.', 'I am not sure about that.')).toBeNull()
  expect(wordDiff('word '.repeat(1000), 'short')).toBeNull()
})
