import type { Random } from './random.ts'

/** Personal data that looks real, passes its checksum, and is made up. */

/** Card number with a valid check digit (ISO/IEC 7812-1, Luhn), grouped or not. */
export function cardNumber(random: Random): string {
  const prefix = random.pick(['4', '51', '52', '55'])
  const body = prefix + random.digits(15 - prefix.length)
  const number = body + luhnDigit(body)
  const separator = random.pick([' ', ' ', '-', ''])
  return (number.match(/\d{4}/g) ?? []).join(separator)
}

/** The digit that makes `body` + digit pass Luhn's check. */
export function luhnDigit(body: string): string {
  let sum = 0
  for (let i = 0; i < body.length; i++) {
    const digit = Number(body[body.length - 1 - i])
    const doubled = i % 2 === 0 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return String((10 - (sum % 10)) % 10)
}

/** German or Spanish IBAN with valid check digits (ISO 13616, mod 97), in groups of four or not. */
export function iban(random: Random): string {
  const number = random.chance(0.6) ? ibanOf('DE', random.digits(18)) : ibanOf('ES', spanishAccount(random))
  return random.chance(0.6) ? (number.match(/.{1,4}/g) ?? []).join(' ') : number
}

function ibanOf(country: string, account: string): string {
  const letters = [...country].map((letter) => String(letter.charCodeAt(0) - 55)).join('')
  const check = 98n - (BigInt(`${account}${letters}00`) % 97n)
  return `${country}${String(check).padStart(2, '0')}${account}`
}

/** Bank, branch, two check digits of their own (weights 1, 2, 4, … mod 11), account. */
function spanishAccount(random: Random): string {
  const check = (digits: string) => {
    const weights = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6]
    const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
    const rest = 11 - (sum % 11)
    return String(rest === 11 ? 0 : rest === 10 ? 1 : rest)
  }
  const bank = random.digits(8)
  const account = random.digits(10)
  return `${bank}${check(`00${bank}`)}${check(account)}${account}`
}

export function phone(random: Random, language: 'en' | 'es' | 'de'): string {
  const d = (count: number) => random.digits(count)
  if (language === 'de')
    return random.pick([`+49 151 ${d(8)}`, `0171 ${d(7)}`, `+49 (0)30 ${d(7)}`, `0049 160 ${d(7)}`])
  if (language === 'es')
    return random.pick([`+34 6${d(2)} ${d(3)} ${d(3)}`, `6${d(8)}`, `91 ${d(3)} ${d(2)} ${d(2)}`])
  const area = random.pick(['212', '312', '415', '617', '206', '512', '404', '303'])
  const exchange = `${random.int(2, 9)}${random.int(2, 9)}${random.int(0, 9)}`
  return random.pick([
    `(${area}) ${exchange}-${d(4)}`,
    `${area}-${exchange}-${d(4)}`,
    `+1 ${area} ${exchange} ${d(4)}`,
    `${area}.${exchange}.${d(4)}`,
    `+44 20 7${d(3)} ${d(4)}`,
  ])
}
