import { expect, test } from 'vitest'
import { detectLowerNames } from './lower-names.ts'

const namesIn = (text: string) => detectLowerNames(text).map(({ start, end }) => text.slice(start, end))

test.each([
  ['can you ask marco rossi to call', ['marco rossi']],
  ['the kids are silvana, adam, kristina and caleb', ['silvana', 'adam', 'kristina', 'caleb']],
  ['mr. elliott flew on friday', ['elliott']],
])('%s', (text, names) => expect(namesIn(text)).toEqual(names))

test.each([
  'i will mark the bill and drew a rose',
  'the flight to santa clara, san jose and paris',
  'apples, pears, plums and cherries',
  'dr. appointment on monday',
  'write to marco.rossi@example.com',
])('leaves "%s"', (text) => expect(namesIn(text)).toEqual([]))
