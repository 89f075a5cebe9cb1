import type { PiiSpan } from '../kinds.ts'

/** US social security numbers that may exist: https://www.ssa.gov/employer/randomization.html (no 000, 666, 9xx; no 00; no 0000). */
const SSN = /(?<![\p{L}\p{N}-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\p{L}\p{N}-])/gu
const SSN_NAMED =
  /\b(?:ssn|social security(?: number| no\.?)?)(?: is|:|=|#)?\s{0,3}(\d{9}|\d{3}[ .-]?\d{2}[ .-]?\d{4})\b/gi

/** Numbers of papers, known by the words before them: a passport number has no shape of its own. */
const PAPER =
  /\b(?:passport|driver'?s?'?(?: |-)licen[cs]e|driving licen[cs]e|licen[cs]e|national id|identity card|id card|personalausweis|tax id|social insurance)(?: (?:number|no\.?|id|nr\.?))?(?: is|:|=|#)?\s{0,3}([A-Z0-9](?:[ -]?[A-Z0-9]){4,19})\b/gi

/** Social security numbers and numbers of identity papers. */
export function detectIdentityNumbers(text: string): PiiSpan[] {
  if (!/\d/.test(text)) return []
  const found: PiiSpan[] = [...text.matchAll(SSN)].map((match) => span('SSN', match.index, match[0]))
  for (const match of text.matchAll(SSN_NAMED)) found.push(lastGroup('SSN', match))
  for (const match of text.matchAll(PAPER)) {
    const number = withoutTrailingWords(match[1] ?? '')
    if (number.replace(/\D/g, '').length >= 3) {
      const start = match.index + match[0].length - (match[1]?.length ?? 0)
      found.push(span('ID', start, number))
    }
  }
  return found
}

/** The groups up to the last one that holds a digit: "P1234567 and" is a number and a word. */
function withoutTrailingWords(value: string): string {
  const groups = value.split(' ')
  while (groups.length > 0 && !/\d/.test(groups.at(-1) ?? '')) groups.pop()
  return groups.join(' ')
}

function lastGroup(kind: PiiSpan['kind'], match: RegExpExecArray): PiiSpan {
  const value = match[1] ?? ''
  return span(kind, match.index + match[0].length - value.length, value)
}

function span(kind: PiiSpan['kind'], start: number, value: string): PiiSpan {
  return { kind, start, end: start + value.length }
}
