import { describe, expect, test } from 'vitest'
import { tokenise } from '../text/stems.ts'
import { contradictionsOf } from './contradictions.ts'
import { termsOf } from './terms.ts'

function contradictions(claim: string, evidence: string) {
  const terms = (text: string) => termsOf(text, tokenise(text)).terms
  return contradictionsOf(terms(claim), terms(evidence))
}

describe('contradictions', () => {
  test.each([
    ['The shop does not ship abroad.', 'The shop ships abroad.', ['not ship', 'not abroad']],
    [
      'The shop ships abroad.',
      "The shop doesn't ship abroad.",
      ['ships, which the context negates', 'abroad, which the context negates'],
    ],
    ['The club lost the final match.', 'The club won the final match.', ['lost against won']],
    ['Items must be returned used.', 'Items must be returned unused.', ['used against unused']],
    ['All members paid the fee.', 'Some members paid the fee.', ['all members against some members']],
    ['Smoking is allowed: smoke detectors fail never.', 'Dogs bark.', []],
  ])('%s / %s', (claim, evidence, expected) => expect(contradictions(claim, evidence)).toEqual(expected))

  test.each([
    ['the same in other words', 'The shop is unable to ship abroad.', 'The shop cannot ship abroad.'],
    ['an opposite negated', 'Alcohol is not allowed there.', 'Alcohol is prohibited there.'],
    ['not until', 'The list is final on Friday.', 'The list is not final until Friday.'],
    ['a field that is false', 'There is no smoking at the hotel.', 'hotel smoking: false'],
    [
      'both opposites in the claim',
      'The price rose before it fell in May.',
      'The price rose before it fell in May.',
    ],
    ['another matter', 'The king lost his crown.', 'The queen bee won a prize.'],
  ])('%s is none', (_, claim, evidence) => expect(contradictions(claim, evidence)).toEqual([]))
})
