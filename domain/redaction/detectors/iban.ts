import { isValidIBAN } from 'ibantools'
import type { PiiSpan } from '../kinds.ts'

const CANDIDATE = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![\p{L}\p{N}])/giu
const SHORTEST = 15

/** IBANs that ibantools accepts: country, length, structure and checksum (ISO 13616). */
export function detectIbans(text: string): PiiSpan[] {
  if (!/\d/.test(text)) return []
  const spans: PiiSpan[] = []
  const pattern = new RegExp(CANDIDATE)
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const length = validLength(match[0])
    if (length !== undefined) spans.push({ kind: 'IBAN', start: match.index, end: match.index + length })
    // What looked like a country code may stand before a real one ("tk9093 my iban is de48 ...").
    pattern.lastIndex = length === undefined ? match.index + 2 : match.index + length
  }
  return spans
}

/** A candidate may have swallowed the words behind it: words are given back until the rest is valid. */
function validLength(candidate: string): number | undefined {
  let text = candidate
  while (text.length >= SHORTEST) {
    if (isValidIBAN(text.replace(/[ -]/g, '').toUpperCase())) return text.length
    const cut = Math.max(text.lastIndexOf(' '), text.lastIndexOf('-'))
    if (cut < 0) return undefined
    text = text.slice(0, cut)
  }
  return undefined
}
