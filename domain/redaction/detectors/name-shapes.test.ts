import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectShapedNames } from './name-shapes.ts'

const namesIn = (text: string) => detectShapedNames(text).map(({ start, end }) => text.slice(start, end))

describe('names by their form', () => {
  test.each([
    ['The parcel is for Björn Þórsson', ['Björn Þórsson']],
    ['Signed for by K. Wiśniewski at the door', ['K. Wiśniewski']],
    ['Does Sigrid know?', ['Sigrid']],
    ['Charge it to Maria Garcia and Tom Becker', ['Maria Garcia', 'Tom Becker']],
    ['Guests: Yusuf Demir, Elena Popescu and Raj Patel', ['Yusuf Demir', 'Elena Popescu', 'Raj Patel']],
    ['The owners are Novák, Becker and Vasquez', ['Novák', 'Becker', 'Vasquez']],
    ['Jan Jílek waits', ['Jan Jílek']],
    ['The bag is from Pieter van Zwaluw', ['Pieter van Zwaluw']],
    ['He asked Dwandil Q. Freyn to wait', ['Dwandil Q. Freyn']],
  ])('%s', (text, names) => expect(namesIn(text)).toEqual(names))

  test.each([
    ['I spoke with Qvarn from your billing team', ['Qvarn']],
    ['my sister Qvarn will call', ['Qvarn']],
    ['"It broke," said Qvarn.', ['Qvarn']],
    ['Qvarn: "Where is it?"', ['Qvarn']],
    ['He named him Frank', ['Frank']],
    ["I'm Qvarn and I wait", ['Qvarn']],
  ])('a word of no list, by its neighbours: %s', (text, names) => expect(namesIn(text)).toEqual(names))

  test.each([
    'The Samsung Galaxy and the Bosch Serie are at Media Markt',
    'Klarna, Asos and Zalando said no',
    'Is Revolut or Monzo better?',
    'A table at Bella Italia in San Rafael, on Main Street',
    'We fly from Lisbon to Sydney and stay in Victoria',
    'My Visa card, the ATM and Apple Pay. Frank words, a Rose and the May sale',
    'See Ada And The Engine at the Ricardo Theatre',
    "Juan's Place and Elena's Kitchen",
    'Yeah. Ive been there. Alright, Thats fine, she said',
    'Tuesday, Wednesday and Thursday, or January',
  ])('leaves "%s"', (text) => expect(namesIn(text)).toEqual([]))

  test('any text: findings lie within it, in order and apart', () => {
    const word = fc.constantFrom(
      'Anna',
      'Kónya',
      'and',
      ', ',
      ' ',
      'van',
      'D.',
      'Hotel',
      'said',
      '\n',
      "'s",
      'Mr. ',
      '-',
    )
    fc.assert(
      fc.property(
        fc.array(fc.oneof(word, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 30 }),
        (parts) => {
          const text = parts.join('')
          let last = 0
          for (const { start, end } of detectShapedNames(text)) {
            expect(start).toBeGreaterThanOrEqual(last)
            expect(end).toBeGreaterThan(start)
            expect(end).toBeLessThanOrEqual(text.length)
            last = end
          }
        },
      ),
    )
  })
})
