/** A run of digits with single separators between them, as cards, phones and ids are written. */
export interface DigitRun {
  start: number
  end: number
  digits: string
}

const RUN = /(?<![\p{L}\p{N}])\d(?:[ .\-/]?\d){6,39}(?![\p{L}\p{N}])/gu

/** Runs of 7 to 40 digits that stand apart from letters. */
export function digitRuns(text: string): DigitRun[] {
  if (!/\d/.test(text)) return []
  return [...text.matchAll(RUN)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    digits: match[0].replace(/\D/g, ''),
  }))
}

/** The checksum of card numbers: ISO/IEC 7812-1, annex B. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return digits.length > 0 && sum % 10 === 0
}

/** The text just before a place, for words that say what a number is. */
export function before(text: string, at: number, chars = 40): string {
  return text.slice(Math.max(0, at - chars), at)
}
