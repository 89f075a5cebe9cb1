import type { PiiSpan } from '../kinds.ts'

/** Digits with anything but letters, digits and line ends between them: the run as a scanner, not a pattern, reads it. */
const MAX_GAP = 2

interface Run {
  start: number
  end: number
  digits: string
}

function runsOfDigits(text: string): Run[] {
  const runs: Run[] = []
  let run: Run | undefined
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) {
      if (run && i - run.end <= MAX_GAP && /^[ .\-_/]*$/.test(text.slice(run.end, i))) {
        run.digits += text[i]
        run.end = i + 1
      } else {
        if (run) runs.push(run)
        run = { start: i, end: i + 1, digits: text[i] ?? '' }
      }
    }
  }
  if (run) runs.push(run)
  return runs.filter(
    ({ start, end }) => !/[\p{L}_#-]/u.test(text[start - 1] ?? '') && !/\p{L}/u.test(text[end] ?? ''),
  )
}

/** Luhn, digit by digit from the left with the parity of the length. */
function luhn(digits: string): boolean {
  let sum = 0
  const parity = digits.length % 2
  for (let i = 0; i < digits.length; i++) {
    let digit = Number(digits[i])
    if (i % 2 === parity) digit = digit > 4 ? digit * 2 - 9 : digit * 2
    sum += digit
  }
  return sum % 10 === 0
}

/** Cards: 13 to 19 digits of the payment industry's first digits (2 to 6) with a right checksum, in groups of any size. */
export function residualCards(text: string): PiiSpan[] {
  if (!/\d[\s\S]{0,40}\d/.test(text)) return []
  return runsOfDigits(text)
    .filter(
      ({ digits }) =>
        digits.length >= 13 &&
        digits.length <= 19 &&
        /^(?:[3-6]|2[2-7])/.test(digits) &&
        !/^(\d)\1*$/.test(digits) &&
        luhn(digits),
    )
    .map(({ start, end }) => ({ kind: 'CARD', start, end }))
}

const SSN = /(?<![\w-])\d{3}[ .-]\d{2}[ .-]\d{4}(?![\w-])/g
const SSN_NAMED = /\b(?:ssn|social security)\D{0,20}(\d(?:[ .-]?\d){8})(?!\d)/gi

/** Social security numbers by their 3-2-4 groups, or by name. */
export function residualSsns(text: string): PiiSpan[] {
  const found: PiiSpan[] = [...text.matchAll(SSN)].map((match) => ({
    kind: 'SSN',
    start: match.index,
    end: match.index + match[0].length,
  }))
  for (const match of text.matchAll(SSN_NAMED)) {
    const end = match.index + match[0].length
    found.push({ kind: 'SSN', start: end - (match[1]?.length ?? 0), end })
  }
  return found
}

/** IBANs by their checksum alone (ISO 7064 MOD 97-10), any country and length: no registry is asked. */
export function residualIbans(text: string): PiiSpan[] {
  const found: PiiSpan[] = []
  for (const match of text.matchAll(/(?<![\p{L}\p{N}])[A-Z]{2}\d{2}[A-Z0-9 ]{11,38}/giu)) {
    const groups = match[0].split(/(?= )/)
    for (let count = groups.length; count > 0; count--) {
      const value = groups.slice(0, count).join('')
      const compact = value.replace(/ /g, '').toUpperCase()
      if (compact.length < 15) break
      if (compact.length <= 34 && /\d{6}/.test(compact) && mod97(compact) === 1) {
        found.push({ kind: 'IBAN', start: match.index, end: match.index + value.length })
        break
      }
    }
  }
  return found
}

function mod97(iban: string): number {
  let rest = 0
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = parseInt(char, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}
