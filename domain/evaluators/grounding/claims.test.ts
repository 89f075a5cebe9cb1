import { expect, test } from 'vitest'
import { claimsOf } from './claims.ts'

const textsOf = (answer: string, unit?: 'sentence' | 'clause') =>
  claimsOf(
    answer,
    () => false,
    () => false,
    unit,
  ).map((claim) => claim.text)

test('what says nothing of the world is no claim', () => {
  expect(
    textsOf(
      'Here is a summary of the passage. Your options are:\n1. pick it up in Kiel\nIs that fine? Shall I book the 10 am train to Kiel? The text does not mention a price. Thanks!',
    ),
  ).toEqual(['pick it up in Kiel', 'Shall I book the 10 am train to Kiel?'])
})

test('a sentence is cut where two parts each say something', () => {
  expect(
    textsOf(
      'Anna sells fish and chips; the old harbour shop in Kiel closed, but the market stays open daily.',
      'clause',
    ),
  ).toEqual([
    'Anna sells fish and chips',
    'the old harbour shop in Kiel closed',
    'the market stays open daily.',
  ])
})

test('words about the source are no terms, unless the source has them', () => {
  const terms = (has: boolean) =>
    claimsOf('The passage mentions a ship.', () => has).flatMap((claim) =>
      claim.terms.map((term) => term.stem),
    )
  expect(terms(false)).toEqual(['ship'])
  expect(terms(true)).toEqual(['passag', 'mention', 'ship'])
})
