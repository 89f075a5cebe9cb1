import { describe, expect, test } from 'vitest'
import { tokenise } from '../text/stems.ts'
import { knownFacts, missingFacts } from './known-facts.ts'
import { termsOf } from './terms.ts'

function missing(claim: string, source: string) {
  const read = (text: string) => ({ text, tokens: tokenise(text), ...termsOf(text, tokenise(text)) })
  const { text, tokens, ...terms } = read(claim)
  return missingFacts(text, tokens, terms, knownFacts([read(source)])).map((fact) => fact.text)
}

describe('facts that a source bears out', () => {
  test.each([
    ['rounded', 'It made $182 million.', 'It made $181,674,817.'],
    ['cut', 'It made $181 million.', 'It made $181,674,817.'],
    ['in words', 'The 2nd of 3 films ran for 2 hours.', 'The second of three films ran for two hours.'],
    ['implied', 'About 50% of both, 2 in all, came.', 'Half of both came.'],
    ['in a range', 'In 2015 it took 10 days.', 'In 2014-15 it took 5-10 days.'],
    ['tokenised', 'It cost 235,000.', 'It cost 235, 000.'],
    ['another form of the date', 'It came at 5 pm on 3 November.', 'arrived: 2026-11-03 17:00'],
    ['an acronym', 'It is said by the WHO.', 'The World Health Organization said it.'],
    ['an acronym written out', 'It is said by the World Health Organization.', 'The WHO said it.'],
    [
      'an adjective for a country',
      'They met the French and the U.S. teams.',
      'Teams of France and the United States met.',
    ],
    ['a title', 'They met Mr. Winter.', 'They met Paul Winter.'],
    [
      'in another unit',
      'It takes two weeks, 1.5 hours and 2 years.',
      'It takes 14 days, 90 minutes, 24 months.',
    ],
    ['about so much', 'It costs about €50.', 'amount: 49.90'],
    ['a greeting before the name', 'Hello Jane, it came.', 'Jane'],
    ['a possessive', "They met in Winter's house.", 'The house of Winter.'],
  ])('%s', (_, claim, source) => expect(missing(claim, source)).toEqual([]))
})

describe('facts that it does not', () => {
  test.each([
    ['number', 'It took 15 days.', 'It took 14 days.', '15 days'],
    ['unit', 'It took 14 weeks.', 'It took 14 days.', '14 weeks'],
    ['scale', 'It made $181 billion.', 'It made $181 million.', '$181 billion'],
    ['rounding', 'It made $183 million.', 'It made $181,674,817.', '$183 million'],
    ['year', 'It came on 3 May 2025.', 'It came on 3 May 2026.', '3 May 2025'],
    ['name', 'They met in Bremen.', 'They met in Kiel.', 'Bremen'],
  ])('%s', (_, claim, source, lacking) => expect(missing(claim, source)).toEqual([lacking]))

  test('a name half known counts half', () => {
    const source = 'They met Paul Winter.'
    const tokens = tokenise(source)
    const known = knownFacts([{ text: source, tokens, ...termsOf(source, tokens) }])
    const claim = 'They met Paul Sommer.'
    expect(missingFacts(claim, tokenise(claim), termsOf(claim, tokenise(claim)), known)).toMatchObject([
      { text: 'Paul Sommer', kind: 'entity', weight: 0.5 },
    ])
  })
})
