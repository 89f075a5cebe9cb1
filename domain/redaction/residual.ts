import type { DatasetRow } from '../dataset/row.ts'
import { searchInChunks } from './chunks.ts'
import { PLACEHOLDER, type PiiKind, type PiiSpan } from './kinds.ts'
import { MAX_ROW_DEPTH, SPOKEN_KEYS, isPersonField } from './spoken.ts'
import { residualEmails, residualIps, residualPhones } from './residual/contact.ts'
import { fold } from './residual/fold.ts'
import { residualNames } from './residual/names.ts'
import { residualCards, residualIbans, residualSsns } from './residual/numbers.ts'
import { residualAddresses } from './residual/places.ts'

/** Name and version in attestations. */
export const RESIDUAL_DETECTOR = { name: 'sluice-residual-detector', version: '1' } as const

/** Personal data that the redactor left. Says where and how long, never what: findings go to logs and reports. */
export interface ResidualFinding {
  kind: PiiKind
  /** JSON path in the row's data, such as `$.messages[2].content`; keys that could be data themselves show as `*`. */
  path: string
  /** Length of the finding in characters. */
  length: number
}

const STRUCTURED = [
  residualEmails,
  residualPhones,
  residualCards,
  residualIbans,
  residualSsns,
  residualIps,
  residualAddresses,
]
const ALL = [...STRUCTURED, residualNames]

/**
 * Looks through a cleaned row, values and keys, by methods other than the redactor's: `@` walked both ways against
 * linkify, writing grammar against libphonenumber, digit scanner against issuer patterns, bare checksum against the
 * IBAN registry, the platform's URL parser against a pattern, another name list against compromise and Faker, postal codes
 * against street words; all of it on the folded text. What one misses, the other has a chance to find.
 * Names are looked for where people speak and in fields that hold a person: passages and records are full of products,
 * places and authors that look like names.
 */
export function residualFindings(row: DatasetRow): ResidualFinding[] {
  const found: ResidualFinding[] = []
  const stack: Place[] = [{ value: row.data, path: '$', depth: 0, spoken: false }]
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { value, path, depth, spoken } = top
    if (typeof value === 'string') found.push(...findingsAt(value, path, spoken))
    else if (typeof value === 'number' && value > 1e12) {
      found.push(...findingsAt(String(value), path, false).filter(({ kind }) => kind === 'CARD'))
    } else if (typeof value === 'object' && value !== null) {
      if (depth > MAX_ROW_DEPTH)
        throw new RangeError(`row data is nested deeper than ${MAX_ROW_DEPTH} levels`)
      stack.push(...places(value, top, found).toReversed())
    }
  }
  return found
}

interface Place {
  value: unknown
  path: string
  depth: number
  spoken: boolean
}

/** What an object or array holds. A key is looked through as well: `{"jane@example.com": 3}`. */
function places(value: object, { path, depth, spoken }: Place, found: ResidualFinding[]): Place[] {
  if (Array.isArray(value))
    return value.map((item, at) => ({ value: item, path: `${path}[${at}]`, depth: depth + 1, spoken }))
  return Object.entries(value).map(([key, item]) => {
    const harmless = /^[A-Za-z_]\w{0,40}$/.test(key)
    if (!harmless) found.push(...findingsAt(key, `${path}.*`, false))
    return {
      value: item,
      path: path + (harmless ? `.${key}` : '.*'),
      depth: depth + 1,
      spoken: spoken || SPOKEN_KEYS.has(key) || isPersonField(key, item),
    }
  })
}

function findingsAt(text: string, path: string, spoken: boolean): ResidualFinding[] {
  return residualSpans(text, spoken).map(({ kind, start, end }) => ({ kind, path, length: end - start }))
}

/** Findings of one text without overlaps, in order; places are those of the folded text. Placeholders are none. */
export function residualSpans(text: string, withNames = true): PiiSpan[] {
  if (text.length < 3) return []
  return searchInChunks(fold(text), (chunk) => spansOf(chunk, withNames ? ALL : STRUCTURED))
}

function spansOf(text: string, detectors: readonly ((text: string) => PiiSpan[])[]): PiiSpan[] {
  const placeholders = [...text.matchAll(PLACEHOLDER)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
  const chosen: PiiSpan[] = []
  for (const detect of detectors) {
    for (const span of detect(text)) {
      const overlaps = (other: { start: number; end: number }) =>
        span.start < other.end && other.start < span.end
      if (!placeholders.some(overlaps) && !chosen.some(overlaps)) chosen.push(span)
    }
  }
  return chosen.toSorted((a, b) => a.start - b.start)
}
