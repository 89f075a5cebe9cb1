import { describe, expect, test } from 'vitest'
import { dateMentions, sameDate } from './dates.ts'
import { entityMentions } from './entities.ts'
import { factBase, factsOf, missingFacts, valueTokens } from './facts.ts'
import { numberMentions } from './numbers.ts'
import { sentences } from './sentences.ts'
import { contentStems, tokenise } from './stems.ts'

function missing(answer: string, source: string) {
  return missingFacts(factsOf(answer), factBase([{ text: source, tokens: tokenise(source) }]))
}

describe('numbers', () => {
  test('values, scales and units', () => {
    const found = numberMentions(
      'It cost $1,249.00, 5 million people, 30 days, 12%, twenty-one hours, the 2nd time.',
    )
    expect(found.map(({ value, unit }) => [value, unit?.of])).toEqual([
      [1249, 'USD'],
      [5_000_000, undefined],
      [30, 'time'],
      [12, 'percent'],
      [2, undefined],
      [21, 'time'],
    ])
  })
  test('an amount in other units, with a decimal comma, or in another currency', () => {
    expect(missing('two weeks, 1.5 hours, 2 years', '14 days, 90 minutes, 24 months').numbers).toEqual([])
    expect(missing('49,90 EUR and 1.249,50 €', '49.90 and 1,249.50').numbers).toEqual([])
    expect(missing('It costs $49.90 for 14 weeks.', '€49.90 for 14 days').numbers).toEqual([
      '$49.90',
      '14 weeks',
    ])
  })
  test('ids and list markers are no numbers', () => {
    expect(numberMentions('1. order A-20318\n2) HAT056')).toEqual([])
  })
  test('units must not contradict', () => {
    expect(missing('30 minutes', '30 days').numbers).toEqual(['30 minutes'])
    expect(missing('49.90', '€49.90 EUR').numbers).toEqual([])
    expect(missing('€1,249', 'amount: 1249.00').numbers).toEqual([])
  })
})

describe('dates', () => {
  test.each([
    ['3 November 2026', '2026-11-03'],
    ['Nov 3rd', '3/11/2026'],
    ['5 pm', '17:00'],
    ['the 3rd of November', 'November 3, 2026'],
    ['am 3. November 2026', '2026-11-03'],
    ['03.11.2026', '2026-11-03'],
    ['le 3 août', '3 de agosto de 2026'],
  ])('%s is %s', (a, b) => {
    const [first] = dateMentions(a)
    const [second] = dateMentions(b)
    expect(first && second && sameDate(first, second)).toBe(true)
  })
  test('with full stops the day comes first', () => {
    expect(missing('on 11.03.2026', '2026-11-03').numbers).toEqual(['11.03.2026'])
  })
  test('another day or year is another date', () => {
    expect(missing('on 4 November 2026', '2026-11-03').numbers).toEqual(['4 November 2026'])
    expect(missing('on 3 November 2025', '2026-11-03').numbers).toEqual(['3 November 2025'])
  })
  test('an amount is no time', () => expect(dateMentions('49.90 and 12.30 EUR')).toEqual([]))
})

describe('entities', () => {
  const names = (text: string) => entityMentions(text, tokenise(text)).map((entity) => entity.text)
  test('names inside sentences and ids anywhere', () => {
    expect(names('Your parcel A-20318 left Hamburg for New York. The driver is Dr. Jane Fletcher.')).toEqual([
      'A-20318',
      'Hamburg',
      'New York',
      'Dr. Jane Fletcher',
    ])
  })
  test('a sentence opener, a weekday and a measure are none', () => {
    expect(names('Parcels leave on Monday. Refunds take 5pm or the 2nd.')).toEqual([])
  })
})

test('values take one form', () => {
  const stems = (text: string) => contentStems(valueTokens(text))
  expect(stems('eta: 2026-11-03; amount: 1,249.00')).toEqual(['eta', '2026', 'day:11-3', 'amount', '1249'])
  expect(stems('3 November 2026')).toEqual(['2026', 'day:11-3'])
})

test('full stops of list numbers and of German days end no sentence, full-width marks do', () => {
  expect(sentences('1. Open settings.\n2. Click it. Er kommt am 3. November an.')).toEqual([
    '1. Open settings.',
    '2. Click it.',
    'Er kommt am 3. November an.',
  ])
  expect(sentences('退款将在十四天内支付。谢谢！')).toEqual(['退款将在十四天内支付。', '谢谢！'])
})

test('scripts without spaces are read as pairs of characters', () => {
  const read = tokenise('返金は14日 ok')
  expect(read.map(({ stem, start }) => [stem, start])).toEqual([
    ['返金', 0],
    ['金は', 1],
    ['14', 3],
    ['日', 5],
    ['ok', 7],
  ])
})

test('sentences end at marks and lines, not at abbreviations', () => {
  expect(sentences('Dr. Fox paid 3.50. Really? Yes\nok ... !')).toEqual([
    'Dr. Fox paid 3.50.',
    'Really?',
    'Yes',
    'ok ...',
  ])
})
