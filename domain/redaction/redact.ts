import { searchInChunks } from './chunks.ts'
import { detectAddresses } from './detectors/address.ts'
import { detectBirthdates } from './detectors/birthdate.ts'
import { detectCards } from './detectors/card.ts'
import { detectEmails } from './detectors/email.ts'
import { detectIbans } from './detectors/iban.ts'
import { detectIdentityNumbers } from './detectors/identity.ts'
import { detectIps } from './detectors/ip.ts'
import { detectRecordNames } from './detectors/name-cues.ts'
import { detectPersons } from './detectors/person.ts'
import { detectPhones } from './detectors/phone.ts'
import { PLACEHOLDER, type PiiSpan, placeholder } from './kinds.ts'

/** Name and version in attestations. A change of what is found needs a new version. */
export const REDACTOR = { name: 'sluice-redactor', version: '2' } as const

/** Longer texts are refused: a detector's cost grows with the text. Above a dataset row's limit. */
export const MAX_TEXT_CHARS = 1_100_000

export type Detector = (text: string) => PiiSpan[]

/** In order of certainty: of two findings that overlap, the earlier detector's stands. */
const STRUCTURED: readonly Detector[] = [
  detectEmails,
  detectIbans,
  detectCards,
  detectIdentityNumbers,
  detectBirthdates,
  detectIps,
  detectAddresses,
  detectPhones,
]

/** What people say: names are looked for everywhere. */
export const SPOKEN: readonly Detector[] = [...STRUCTURED, detectPersons]
/** Records and passages: a name only where a word such as `customer_name:` announces it, since products and places look like names. */
export const WRITTEN: readonly Detector[] = [...STRUCTURED, detectRecordNames]

export interface Redacted {
  text: string
  /** Places in the original text. */
  findings: PiiSpan[]
}

/**
 * Puts a typed placeholder in the place of each piece of personal data: `jane@example.com` becomes `[EMAIL]`.
 * Placeholders are never touched, and redacting twice changes nothing: what lies between placeholders is looked through
 * again until no detector finds anything in it.
 */
export function redactText(text: string, detectors: readonly Detector[] = SPOKEN): Redacted {
  if (text.length > MAX_TEXT_CHARS)
    throw new RangeError(`text of ${text.length} characters, the limit is ${MAX_TEXT_CHARS}`)
  const findings: PiiSpan[] = []
  const parts: string[] = []
  let from = 0
  for (const match of text.matchAll(PLACEHOLDER)) {
    redactPiece(text, from, match.index, detectors, parts, findings)
    parts.push(match[0])
    from = match.index + match[0].length
  }
  redactPiece(text, from, text.length, detectors, parts, findings)
  return findings.length === 0 ? { text, findings } : { text: parts.join(''), findings }
}

/** Redacts `[from, to)`, which holds no placeholder. Explicit stack, since each finding leaves two pieces to look through. */
function redactPiece(
  text: string,
  from: number,
  to: number,
  detectors: readonly Detector[],
  parts: string[],
  findings: PiiSpan[],
): void {
  const left: (PiiSpan | { from: number; to: number })[] = [{ from, to }]
  for (let next = left.pop(); next; next = left.pop()) {
    if ('kind' in next) {
      parts.push(placeholder(next.kind))
      findings.push(next)
      continue
    }
    const start = next.from
    const piece = text.slice(start, next.to)
    const spans = searchInChunks(piece, (chunk) => findSpans(chunk, detectors))
    if (spans.length === 0) {
      parts.push(piece)
      continue
    }
    let end = next.to
    for (const span of spans.toReversed()) {
      left.push(
        { from: start + span.end, to: end },
        { kind: span.kind, start: start + span.start, end: start + span.end },
      )
      end = start + span.start
    }
    left.push({ from: start, to: end })
  }
}

/** Shorter than any personal data. */
const MIN_CHARS = 3

/** Findings in order, without overlaps. */
function findSpans(text: string, detectors: readonly Detector[]): PiiSpan[] {
  if (text.length < MIN_CHARS) return []
  const chosen: PiiSpan[] = []
  for (const detect of detectors) {
    for (const span of detect(text)) {
      if (span.end > span.start && !chosen.some((other) => span.start < other.end && other.start < span.end))
        chosen.push(span)
    }
  }
  return chosen.toSorted((a, b) => a.start - b.start)
}
