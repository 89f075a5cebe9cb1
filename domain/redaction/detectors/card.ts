import type { PiiSpan } from '../kinds.ts'
import { before, digitRuns, passesLuhn } from './digits.ts'

/** Issuer prefixes and lengths of the large card schemes (ISO/IEC 7812 registry, as published by the schemes). */
const ISSUERS =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|(?:2131|1800)\d{11}|62\d{14,17}|(?:5[06789]|6[37])\d{10,17})$/
const CARD_WORD = /\b(?:card|visa|mastercard|amex|maestro|discover|debit|credit|karte|carte|tarjeta)\b/i

/** Payment cards: a known issuer and a right checksum, or the word "card" before and one of the two. */
export function detectCards(text: string): PiiSpan[] {
  const found: PiiSpan[] = []
  for (const { start, end, digits } of digitRuns(text)) {
    if (digits.length < 12 || digits.length > 19) continue
    const issued = ISSUERS.test(digits)
    const checked = passesLuhn(digits)
    const named = () => CARD_WORD.test(before(text, start))
    if ((issued && checked) || ((issued || checked) && named())) found.push({ kind: 'CARD', start, end })
  }
  return found
}
