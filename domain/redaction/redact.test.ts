import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canaries } from './canaries.ts'
import { MAX_TEXT_CHARS, WRITTEN, redactText } from './redact.ts'

describe('redactText', () => {
  test.each([
    ['Write to jane.doe@example.com please', 'Write to [EMAIL] please'],
    ['Call me at 415-555-0132 or +44 7700 900462.', 'Call me at [PHONE] or [PHONE].'],
    ['My card 4111 1111 1111 1111 expired', 'My card [CARD] expired'],
    ['Refund to DE89 3704 0044 0532 0130 00 please', 'Refund to [IBAN] please'],
    ['SSN 514-69-0360', 'SSN [SSN]'],
    ['my passport number is P1234567 and it expired', 'my passport number is [ID] and it expired'],
    ['from 203.0.113.9 and 2001:db8::1:42', 'from [IP] and [IP]'],
    ['She was born on 2/8/1935.', 'She was born on [BIRTHDATE].'],
    ['I live at 12 Maple Street, Springfield, IL 62701', 'I live at [ADDRESS]'],
    ['Send it to Lindenstraße 12, 10969 Berlin', 'Send it to [ADDRESS]'],
    ['My name is Jane Fletcher, hi', 'My name is [PERSON], hi'],
    ['my name is john smith and i wait', 'my name is [PERSON] and i wait'],
    ['Dear Mrs. Okafor, your order is here', 'Dear Mrs. [PERSON], your order is here'],
    ['Kind regards, Zsófia Nagy', 'Kind regards, [PERSON]'],
    ['the order of marco rossi is late', 'the order of [PERSON] is late'],
    ['Deliver to 5 Tamarind Close Apt. 4\nLeeds, or call', 'Deliver to [ADDRESS]\nLeeds, or call'],
    ['my address is 77 king street apt 4b', 'my address is [ADDRESS]'],
  ])('%s', (text, clean) => expect(redactText(text).text).toBe(clean))

  test.each([
    'order_id: A-20318; amount: 49.90; eta: 2026-11-03',
    'sku: 4402-881; qty: 3; total: 1,249.00 EUR; status: shipped',
    'invoice: INV-2026-004417; net: 1049.00; vat: 199.31; due: 2026-12-01',
    'Your parcel 1Z999AA10123456784 left Hamburg on 3 November 2026.',
    'order number is 4079123456',
    'isbn 978-3-16-148410-0; ean: 4006381333931',
    'booked 14:30-16:00, 2026-11-03T14:30:00Z',
    'lat: 37.774929; lon: -122.419416; firmware 1.2.3.4',
    'uuid 550e8400-e29b-41d4-a716-446655440000',
    'plan: Premium; seats: 25; price: $1,200/yr; card_last4: 4242',
    'product_name: Blue Kettle; name: Pizza Palace; brand: Nordic Ware',
    'Free returns within 30 days, see https://example.com/help/returns',
  ])('business facts survive: %s', (text) =>
    expect(redactText(text, WRITTEN)).toEqual({ text, findings: [] }),
  )

  test('findings are places in the original text', () => {
    const text = 'Mail a@example.com or call +1 415 555 0132'
    const { findings } = redactText(text)
    expect(findings.map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
      ['EMAIL', 'a@example.com'],
      ['PHONE', '+1 415 555 0132'],
    ])
  })

  test('placeholders are never touched', () => {
    const text = 'I am [PERSON], reach me at [PHONE] or [EMAIL], card [CARD], [ADDRESS]'
    expect(redactText(text)).toEqual({ text, findings: [] })
  })

  test('redacting twice changes nothing', () => {
    const snippet = fc.oneof(
      fc.integer().chain((seed) => fc.constantFrom(...canaries(seed).map((canary) => canary.text))),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '[EMAIL]',
        '[PERSON]',
        '[',
        ' my name is ',
        ' Mr. ',
        ', ',
        ' card ',
        '\n',
        '4111',
        '@example.com',
        '555-0132',
      ),
    )
    fc.assert(
      fc.property(fc.array(snippet, { maxLength: 6 }), (parts) => {
        const once = redactText(parts.join('')).text
        expect(redactText(once)).toEqual({ text: once, findings: [] })
      }),
    )
  })

  test.each([
    'a'.repeat(200_000),
    '1 '.repeat(100_000),
    'A1'.repeat(100_000),
    '4'.repeat(200_000),
    '@'.repeat(200_000),
    'Jane '.repeat(40_000),
    'Anna, '.repeat(40_000),
    '12 Rue '.repeat(40_000),
    'a b, and '.repeat(30_000),
    '\ud800'.repeat(1000),
  ])('long and odd texts take bounded time (%#)', (text) => {
    const start = performance.now()
    redactText(text)
    expect(performance.now() - start).toBeLessThan(5000)
  })

  test('a text over the limit is refused', () => {
    expect(() => redactText('x'.repeat(MAX_TEXT_CHARS + 1))).toThrow('the limit is 1100000')
  })
})
