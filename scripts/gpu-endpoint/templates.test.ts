import { describe, expect, test } from 'vitest'
import { parseKnowledge } from './knowledge.ts'
import { delexicalise, fill, literalDigits } from './templates.ts'

const items = (...lines: string[]) => lines.map(parseKnowledge)

describe('a template', () => {
  test('takes from a reply what its knowledge says, and says it again for another customer', () => {
    const own = items(
      'order_id: SO-1; item: desk lamp; total: $40.00',
      'Returns are free. Refunds take up to 5 days. Keep the box.',
    )
    const { template, record, passage } = delexicalise(
      'The Desk Lamp of order SO-1 is refunded with $40.00. Refunds take up to 5 days.',
      own,
    )
    expect([record, passage, literalDigits(template)]).toEqual([0, 1, 0])
    const other = items(
      'Returns cost $3. Refunds take up to 9 days. Keep the bag.',
      'order_id: SO-2; item: rain coat; total: $7.50',
    )
    expect(fill(template, other)).toBe(
      'The rain coat of order SO-2 is refunded with $7.50. Refunds take up to 9 days.',
    )
  })

  test.each([
    ['price: 1200', 'It costs $1,200.', 'price: 2500', 'It costs $2,500.'],
    ['rating: 4.00', 'It has a rating of 4.', 'rating: 3.00', 'It has a rating of 3.'],
    ['date: 2019-03-07', 'It is on March 7th.', 'date: 2019-04-02', 'It is on April 2nd.'],
    ['time: 16:30', 'It leaves at 4:30 pm.', 'time: 09:05', 'It leaves at 9:05 am.'],
    ['seats: 3', 'For three people.', 'seats: 5', 'For five people.'],
    ['amount: EUR 1200.00', 'You get 1,200 back.', 'amount: EUR 85.00', 'You get 85 back.'],
  ])('knows how %s is written in "%s"', (own, reply, other, expected) => {
    const { template } = delexicalise(reply, items(own))
    expect(fill(template, items(other))).toBe(expected)
  })

  test('keeps the values of another customer as they are: a model of mis-joined rows repeats them', () => {
    const { template, record } = delexicalise(
      'Order SO-9 cost $12.00.',
      items('order_id: SO-1; total: $40.00'),
    )
    expect(template).toEqual(['Order SO-9 cost $12.00.'])
    expect(record).toBeUndefined()
  })

  test('cuts neither inside a word nor inside a number, and can not be filled without its fields', () => {
    const { template } = delexicalise('Art 12 and 112 start.', items('kind: art; number: 12'))
    expect(template).toEqual([
      { field: 'kind', format: 'text' },
      ' ',
      { field: 'number', format: 'text' },
      ' and 112 start.',
    ])
    expect(fill(template, items('kind: music'))).toBeUndefined()
  })

  test('takes of two equal values the field that the sentence speaks of', () => {
    const { template } = delexicalise('The wait is 3 minutes.', items('seats: 3; wait_time: 3'))
    expect(template).toContainEqual({ field: 'wait_time', format: 'text' })
  })
})
