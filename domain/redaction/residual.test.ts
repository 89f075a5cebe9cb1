import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canaries } from './canaries.ts'
import { residualFindings, residualSpans } from './residual.ts'

const kinds = (text: string) => residualSpans(text).map((span) => span.kind)

describe('residual detector', () => {
  test.each([
    ['EMAIL', 'write to jane@example.com'],
    ['EMAIL', 'jane (at) example (dot) com'],
    ['PHONE', 'on +44 20 7946 0958'],
    ['CARD', 'card 4111-1111-1111-1111'],
    ['CARD', 'card ４１１１ １１１１ １１１１ １１１１ in full width'],
    ['IBAN', 'to GB29 NWBK 6016 1331 9268 19'],
    ['SSN', 'ssn 514.69.0360'],
    ['IP', 'from 203.0.113.9'],
    ['IP', 'from 2001:db8::1:42'],
    ['PERSON', 'the driver met Deborah Whitfield there'],
    ['PERSON', 'thanks, [PERSON] Whitfield'],
    ['ADDRESS', '12 Maple Grove, Springfield, IL 62701'],
  ])('finds %s in "%s"', (kind, text) => expect(kinds(text)).toEqual([kind]))

  test.each([
    'order_id: A-20318; amount: 49.90; eta: 2026-11-03',
    'sku: 4402-881; invoice INV-2026-004417; tracking: 00340434161094021501',
    'isbn 978-3-16-148410-0; firmware 1.2.3.4; 14:30:00',
    'Thanks, [PERSON]. Your parcel [EMAIL] [PHONE]',
    'The May Sale at Park Street starts Monday',
  ])('leaves "%s"', (text) => expect(kinds(text)).toEqual([]))

  test('a finding says where and how long, never what', () => {
    const data = {
      messages: [{ role: 'user', content: 'it is jane@example.com' }],
      counts: { 'joe@example.com': { note: '+44 20 7946 0958' } },
      number: 4111111111111111,
    }
    const findings = residualFindings({ id: 'r', data })
    expect(findings).toEqual([
      { kind: 'EMAIL', path: '$.messages[0].content', length: 16 },
      { kind: 'EMAIL', path: '$.counts.*', length: 15 },
      { kind: 'PHONE', path: '$.counts.*.note', length: 16 },
      { kind: 'CARD', path: '$.number', length: 16 },
    ])
    expect(JSON.stringify(findings)).not.toMatch(/jane|joe|7946|4111/)
  })

  test('names are looked for where people speak, not in passages', () => {
    const text = 'A film with Deborah Whitfield.'
    expect(residualFindings({ id: 'r', data: { knowledge: [{ text }] } })).toEqual([])
    expect(residualFindings({ id: 'r', data: { messages: [{ content: text }] } })).toHaveLength(1)
    expect(residualFindings({ id: 'r', data: { fields: { customer: 'Deborah Whitfield' } } })).toHaveLength(1)
  })

  test('most canaries are found without the redactor', () => {
    const found = canaries(7).filter((canary) => kinds(canary.text).includes(canary.kind)).length
    expect(found / canaries(7).length).toBeGreaterThan(0.85)
  })

  test('any text: findings within it, the same again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(residualSpans(text)).toEqual(residualSpans(text))
      }),
    )
  })

  test.each([
    '1'.repeat(200_000),
    '1 '.repeat(100_000),
    '@a'.repeat(50_000),
    'Jane '.repeat(40_000),
    'a:'.repeat(50_000),
    'GB29 '.repeat(20_000),
  ])('long and odd texts take bounded time (%#)', (text) => {
    const start = performance.now()
    residualSpans(text)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
