import { type CountryCode, findPhoneNumbersInText } from 'libphonenumber-js'
import type { PiiSpan } from '../kinds.ts'
import { before } from './digits.ts'

/** Countries whose national formats are tried, by speakers of the languages that the rest of this folder knows. */
const COUNTRIES: readonly CountryCode[] = ['US', 'GB', 'DE', 'FR', 'ES']

/** A phone number is written in fewer groups; tables of digits are not worth the library's time. */
const MAX_GROUPS = 9
/**
 * Candidates of a piece of text that the library is asked about, a third of a millisecond each. A piece with more of them is
 * nothing but numbers: the rest are taken for phones, since redacting too much is the safe side.
 */
const MAX_ASKED = 20
/** What a number could stand in: digits and the marks between them, at least seven digits. */
const CANDIDATE = /(?:\+\s?|\()?\d(?:[ .()/-]{0,2}\d){6,16}(?:\s?(?:x|ext\.?)\s?\d{1,6})?/g
const CALL_WORD =
  /\b(?:phone|telephone|tel|mobile|cell|call(?:ed|ing)?|ring|fax|whatsapp|sms|text(?:ed)? me|reach(?:ed)? (?:me|us|him|her|them)|contact(?:ed)? (?:me|us)|number(?: is|'s|:)|office|handy|telefon|rufnummer|téléphone|teléfono|móvil)\b[^\n]{0,25}$/i
/** "Your order number is 4079123456" is no phone. */
const OTHER_NUMBER =
  /\b(?:order|invoice|tracking|ticket|case|booking|reservation|customer|account|reference|ref|parcel|serial|card|confirmation|flight|transaction|sku|item|isbn|ean|gtin|lot|model|policy|contract|serie|coupon|voucher)(?:[ _-]?(?:number|no\.?|nr\.?|id|code))?(?:'s|\s|is|was|[:#=-])*$/i
/** Groups of digits as phones are written; used beside a word for calling, where no country may fit. */
const GROUPS =
  /(?<![\p{L}\p{N}.,-])(?:\+\d{8,15}|(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,5}\)[ .-]?)?\d{2,8}(?:[ .-]\d{2,8}){0,5})(?:\s?(?:x|ext\.?)\s?\d{1,6})?(?![\p{L}\p{N}])/gu

/**
 * Phone numbers: what libphonenumber finds (international, or valid in one of COUNTRIES), and groups of 7 to 15 digits
 * beside a word for calling. A bare run of digits that nothing calls a phone is left alone: it may be an order.
 */
export function detectPhones(text: string): PiiSpan[] {
  if (!/\d/.test(text)) return []
  const found: PiiSpan[] = []
  const add = (start: number, end: number) => {
    if (!found.some((other) => start < other.end && other.start < end))
      found.push({ kind: 'PHONE', start, end })
  }
  let asked = 0
  for (const match of text.matchAll(CANDIDATE)) {
    if (isDate(match[0]) || isDecimal(match[0]) || (match[0].match(/\d+/g)?.length ?? 0) > MAX_GROUPS)
      continue
    const context = before(text, match.index)
    const shaped = /^\+|[ ()-]|\..*\./.test(match[0])
    if ((!shaped && !CALL_WORD.test(context)) || OTHER_NUMBER.test(context)) continue
    const finds = asked++ < MAX_ASKED ? libraryFinds(match[0]) : [{ start: 0, end: match[0].length }]
    for (const { start, end } of finds) {
      const [from, to] = [match.index + start, match.index + end]
      if (standsApart(text, from, to) && !isDate(text.slice(from, to))) add(from, to)
    }
  }
  for (const match of text.matchAll(GROUPS)) {
    const digits = match[0].replace(/(?:x|ext).*$/i, '').replace(/\D/g, '').length
    const shaped = /^[+(]/.test(match[0]) && digits >= 8
    if (digits < 6 || digits > 15 || isDate(match[0])) continue
    const context = before(text, match.index)
    if ((shaped || CALL_WORD.test(context)) && !OTHER_NUMBER.test(context))
      add(match.index, match.index + match[0].length)
  }
  return found
}

/** What the library said of candidates seen before: tables and chats repeat themselves. Emptied when full. */
const answers = new Map<string, { start: number; end: number }[]>()
const MAX_ANSWERS = 2000

function libraryFinds(candidate: string): { start: number; end: number }[] {
  const known = answers.get(candidate)
  if (known) return known
  const finds = askLibrary(candidate)
  if (answers.size >= MAX_ANSWERS) answers.clear()
  answers.set(candidate, finds)
  return finds
}

/** What libphonenumber finds in a candidate: international first, then by the first country whose plan has it. */
function askLibrary(candidate: string): { start: number; end: number }[] {
  for (const country of candidate.startsWith('+') ? COUNTRIES.slice(0, 1) : COUNTRIES) {
    const finds = findPhoneNumbersInText(candidate, country)
    if (finds.length > 0) return finds.map(({ startsAt, endsAt }) => ({ start: startsAt, end: endsAt }))
  }
  return []
}

/** A measured value or a coordinate: `37.7749295`. */
function isDecimal(written: string): boolean {
  return /^\d{1,4}\.\d+$/.test(written)
}

function isDate(written: string): boolean {
  return /^\d{4}[-./]\d{1,2}[-./]\d{1,2}|^\d{1,2}[-./]\d{1,2}[-./]\d{4}$/.test(written)
}

/** Not the middle of an id, an amount or a longer number. */
function standsApart(text: string, start: number, end: number): boolean {
  return (
    !/[\p{L}\p{N}_#/-]$|[\p{N}][.,]$/u.test(text.slice(Math.max(0, start - 2), start)) &&
    !/^(?:[\p{N}_/]|[-.,]\p{N})/u.test(text.slice(end, end + 2))
  )
}
