import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { passesLuhn } from './detectors/digits.ts'
import { redactText } from './redact.ts'

/** The kinds that are planted: each with values made anew from the seed and sentences as customers write them. */
export const CANARY_KINDS = ['EMAIL', 'PHONE', 'CARD', 'IBAN', 'SSN', 'IP', 'ADDRESS', 'PERSON'] as const
export type CanaryKind = (typeof CANARY_KINDS)[number]

/** Plants per kind. */
const PLANTS = 25

export interface Canary {
  kind: CanaryKind
  value: string
  /** The sentence with the value in it. */
  text: string
}

export interface CanaryRecall {
  seed: number
  planted: number
  /** Canaries of which nothing of three characters or more is left. */
  found: number
  byKind: Record<CanaryKind, { planted: number; found: number }>
}

type Pick = (from: number, to: number) => number

/** Synthetic personal data in sentences, the same for the same seed. No value belongs to anybody: reserved ranges where there are any. */
export function canaries(seed: number): Canary[] {
  const generator = xoroshiro128plus(seed)
  const pick: Pick = (from, to) => uniformInt(generator, from, to)
  return CANARY_KINDS.flatMap((kind) =>
    Array.from({ length: PLANTS }, () => {
      const value = VALUES[kind](pick)
      const sentences = SENTENCES[kind]
      return {
        kind,
        value,
        text: (sentences[pick(0, sentences.length - 1)] ?? '@').replace('@', () => value),
      }
    }),
  )
}

/** How much of the canaries of a seed the redactor takes out. Run beside each clean stage; the result goes into its attestation. */
export function canaryRecall(
  seed: number,
  redact: (text: string) => string = (text) => redactText(text).text,
): CanaryRecall {
  const planted = canaries(seed)
  const none = () => ({ planted: 0, found: 0 })
  const byKind: CanaryRecall['byKind'] = {
    EMAIL: none(), PHONE: none(), CARD: none(), IBAN: none(), SSN: none(), IP: none(), ADDRESS: none(), PERSON: none(),
  } // prettier-ignore
  for (const canary of planted) {
    const count = byKind[canary.kind]
    count.planted++
    if (isGone(canary, redact(canary.text))) count.found++
  }
  const found = CANARY_KINDS.reduce((sum, kind) => sum + byKind[kind].found, 0)
  return { seed, planted: planted.length, found, byKind }
}

/** Neither the value nor a word or number of it is left, but for what the sentence itself says. */
function isGone({ value, text }: Canary, redacted: string): boolean {
  const rest = text.replace(value, '')
  const telling = value.split(/[^\p{L}\p{N}]+/u).filter((part) => part.length >= 3 && !rest.includes(part))
  return !redacted.includes(value) && telling.every((part) => !redacted.includes(part))
}

/**
 * Half of the sentences say what the value is, half do not, and some are sloppy: what announces itself is easy to find,
 * and a recall measured on that alone would flatter the redactor.
 */
const SENTENCES: Record<CanaryKind, readonly string[]> = {
  EMAIL: [
    'You can write to me at @ any time.',
    'The receipt never reached @, please send it again.',
    'mail:@',
    'twice to @!!',
  ],
  PHONE: [
    'Please call me back on @.',
    'My phone number is @',
    '@ is where I am after six.',
    'same as before, @',
  ],
  CARD: [
    'I paid with my card @ yesterday.',
    'Charge @ please',
    'The number on the front is @.',
    '@ exp 04/29',
  ],
  IBAN: ['Please pay the refund to @.', 'IBAN: @', 'It goes to @, as last time.'],
  SSN: ['My social security number is @.', 'SSN @', 'For the check you need @, I think.'],
  IP: ['I was logged in from @.', 'client ip: @', 'Blocked since Monday: @, why?'],
  ADDRESS: ['Please send it to @.', 'I live at @', '@ is where it should go.', 'moved last week, now @'],
  PERSON: [
    'My name is @.',
    'Hello, this is @ and my parcel is late.',
    '@ still has not received the parcel.',
    'Could you ask @ about it?',
    'The second seat is for @, please.',
    'The driver handed it to @ next door.',
  ],
}

/** Of many origins: a word list made in one country knows its own names best. */
const FIRST = [
  'Jane', 'Oliver', 'Amelia', 'Sofia', 'Lucas', 'Daniel', 'Priya', 'Mateo', 'Ingrid', 'Kenji', 'Fatima', 'Marek', 'Nguyen', 'Oluwaseun',
  'Siobhan', 'Zsófia', 'Xiaoming', 'Rukhsana', 'Thandiwe', 'Bjørn',
] // prettier-ignore
const LAST = [
  'Fletcher', 'Okafor', 'Lindqvist', 'Moreau', 'Tanaka', 'Castellano', 'Novak', 'Haddad', 'Whitfield', 'Brandt', "O'Connor", 'Sharma',
  'Nagy', 'Dlamini', 'Øvergård', 'Phạm', 'Wójcik', 'Adeyemi',
] // prettier-ignore
const STREETS = [
  'Maple Street',
  'Station Road',
  'Oak Avenue',
  'Victoria Lane',
  'Church Drive',
  'Lindenstraße',
  'Harbour Way',
]
const TOWNS = ['Springfield, IL 62701', 'Leeds LS1 4DY', 'Portland, OR 97201', 'Bristol BS1 5TR']

function oneOf(list: readonly string[], pick: Pick): string {
  return list[pick(0, list.length - 1)] ?? ''
}

function digits(count: number, pick: Pick): string {
  return Array.from({ length: count }, () => pick(0, 9)).join('')
}

const VALUES: Record<CanaryKind, (pick: Pick) => string> = {
  EMAIL: (pick) =>
    `${oneOf(FIRST, pick).toLowerCase()}.${digits(3, pick)}@${oneOf(['example.com', 'mail.example.org', 'example.co.uk'], pick)}`,
  PHONE: phone,
  CARD: card,
  IBAN: iban,
  SSN: (pick) => `${pick(100, 665)}-${pick(10, 99)}-${pick(1000, 9999)}`,
  // RFC 5737 and RFC 3849: addresses for documentation.
  IP: (pick) =>
    pick(0, 2) === 0
      ? `2001:db8::${pick(1, 9999).toString(16)}:${pick(1, 9999).toString(16)}`
      : `203.0.113.${pick(1, 254)}`,
  ADDRESS: (pick) => {
    const street = oneOf(STREETS, pick)
    return street.endsWith('e') && street.includes('ß')
      ? `${street} ${pick(2, 199)}, 10969 Berlin`
      : `${pick(2, 9999)} ${street}, ${oneOf(TOWNS, pick)}`
  },
  PERSON: (pick) => `${oneOf(FIRST, pick)} ${oneOf(LAST, pick)}`,
}

/** Fictitious numbers: US 555-01xx, UK 07700 900xxx (Ofcom's drama range). */
function phone(pick: Pick): string {
  const us = [String(pick(201, 289)), '555', `01${digits(2, pick)}`]
  const end = digits(3, pick)
  return oneOf(
    [
      us.join('-'),
      `(${us[0]}) ${us[1]}-${us[2]}`,
      `+1 ${us.join(' ')}`,
      `+44 7700 900${end}`,
      `07700 900${end}`,
    ],
    pick,
  )
}

/** A Visa-shaped number with a right checksum, in one of the usual writings. */
function card(pick: Pick): string {
  const body = `4${digits(14, pick)}`
  const check =
    Array.from({ length: 10 }, (_, digit) => String(digit)).find((digit) => passesLuhn(body + digit)) ?? '0'
  return `${body}${check}`.replace(/(\d{4})(?=\d)/g, `$1${oneOf(['', ' ', '-'], pick)}`)
}

/** A German IBAN with a right checksum (ISO 13616: 98 minus the remainder by 97). */
function iban(pick: Pick): string {
  const account = digits(18, pick)
  const check = 98n - (BigInt(`${account}131400`) % 97n)
  const whole = `DE${String(check).padStart(2, '0')}${account}`
  return pick(0, 1) === 0 ? whole : whole.replace(/(.{4})(?=.)/g, '$1 ')
}
