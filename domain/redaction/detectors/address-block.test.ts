import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressBlocks } from './address-block.ts'

const addressesIn = (text: string) => addressBlocks(text).map(({ start, end }) => text.slice(start, end))

describe('addresses over commas and lines', () => {
  test.each([
    'Istiklal Caddesi 42, 34430 Istanbul, Turkey',
    '14 Nguyen Hue, District 1, Ho Chi Minh City 700000, Vietnam',
    'Kungsgatan 12, 111 35 Stockholm, Sweden',
    '9 Tamarind Close Apt. 4\nQuezon City\n\n Philippines 1100',
    '> 31 Virkkula 7\n> Suite 12\n> Oulu\n> Finland 90100'.slice(2),
    'Postbus 12, 1000 AA Amsterdam, Netherlands',
    '1770 S Amphlett Blvd\nSan Mateo, CA 94402',
  ])('%j', (address) => {
    expect(addressesIn(address)).toEqual([address])
    expect(addressesIn(`Hello, send it to ${address}. Thanks`)).toEqual([address])
  })

  test.each([
    'Order 12345 Blue Kettle 3, Red Mug 2000, Green Plate 4, Canada',
    'Model X100 Series 3000, Serial 48213, Revision 12, Germany 2024',
    'Unit 4 of Chapter 12, Figure 3, Page 221',
    'Room 12, Suite 4, 2 adults, arriving 5 May 2026',
    '3 nights Lisbon, 2 nights Porto, Portugal 2025',
    'born 19 September 1893 Bedford, England',
    'Terminal 2, Gate 41, Paris, France',
    '2016 World Rowing Championships, Rotterdam, Netherlands',
    'sku: 4402-881; qty: 3; total: 1,249.00 EUR',
  ])('leaves "%s"', (text) => expect(addressesIn(text)).toEqual([]))

  test('it ends at its last part, not in the next sentence or line', () => {
    expect(addressesIn('7 Rua Augusta, Lisboa 1100, Portugal. It serves food')).toEqual([
      '7 Rua Augusta, Lisboa 1100, Portugal',
    ])
    expect(addressesIn('7 Rua Augusta, Lisboa 1100, Portugal\nMobile: 0490 39 07 81')).toEqual([
      '7 Rua Augusta, Lisboa 1100, Portugal',
    ])
  })

  test('any text: findings lie within it, in order and apart', () => {
    const part = fc.constantFrom(
      '12',
      ' Elm',
      ' Street',
      ', ',
      '\n',
      ' Apt 4',
      'France',
      ' CA',
      ' 94402',
      '. ',
      'Á',
    )
    fc.assert(
      fc.property(
        fc.array(fc.oneof(part, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 30 }),
        (parts) => {
          const text = parts.join('')
          let last = 0
          for (const { start, end } of addressBlocks(text)) {
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
