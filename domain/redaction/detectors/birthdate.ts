import type { PiiSpan } from '../kinds.ts'

const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?'
const DATE = `\\d{4}-\\d{2}-\\d{2}|\\d{1,2}[./-]\\d{1,2}[./-]\\d{2,4}|\\d{1,2}(?:st|nd|rd|th)? (?:of )?${MONTH},? \\d{4}|${MONTH} \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}`
const BORN = new RegExp(
  `\\b(?:date of birth|birth ?date|birthday|d\\.?o\\.?b\\.?|born(?: on)?|geboren(?: am)?)(?:'s)?(?: is|:|=|,)?(?: on| the)?\\s{0,3}(${DATE})(?!\\d)`,
  'gi',
)

/** Dates that the text calls a birthday. Other dates (deliveries, invoices) are business facts and stay. */
export function detectBirthdates(text: string): PiiSpan[] {
  if (!/\d/.test(text)) return []
  return [...text.matchAll(BORN)].map((match) => {
    const end = match.index + match[0].length
    return { kind: 'BIRTHDATE', start: end - (match[1]?.length ?? 0), end }
  })
}
