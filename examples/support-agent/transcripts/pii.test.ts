import fc from 'fast-check'
import { isValidIBAN } from 'ibantools'
import { expect, test } from 'vitest'
import { cardNumber, iban, luhnDigit } from './pii.ts'
import { createRandom } from './random.ts'

test('card numbers and IBANs pass their checksums', () => {
  expect(luhnDigit('7992739871')).toBe('3')
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = createRandom(seed)
      const card = cardNumber(random).replace(/[ -]/g, '')
      expect(card).toMatch(/^\d{16}$/)
      expect(luhnDigit(card.slice(0, -1))).toBe(card.at(-1))
      expect(isValidIBAN(iban(random).replaceAll(' ', ''))).toBe(true)
    }),
  )
})
