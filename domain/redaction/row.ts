import type { DatasetRow } from '../dataset/row.ts'
import { isNoName } from './detectors/name-cues.ts'
import { isKnownName } from './detectors/person.ts'
import { type KindCounts, type PiiSpan, countKinds } from './kinds.ts'
import { type Detector, SPOKEN, WRITTEN, redactText } from './redact.ts'
import { MAX_ROW_DEPTH, SPOKEN_KEYS, isPersonField } from './spoken.ts'

type Json = DatasetRow['data'][string]

export interface RedactedRow {
  row: DatasetRow
  findings: KindCounts
}

/**
 * Redacts every string value of a row's `data`; keys, numbers, the row's id and cohort stay as they are. A name found
 * where people speak is then redacted wherever it recurs in the row, in records and passages too.
 * Throws a RangeError for data nested deeper than MAX_ROW_DEPTH or a text longer than MAX_TEXT_CHARS.
 */
export function redactRow(row: DatasetRow): RedactedRow {
  const findings: PiiSpan[] = []
  const names = new Set<string>()
  const clean = (text: string, detectors: readonly Detector[]) => {
    const redacted = redactText(text, detectors)
    for (const finding of redacted.findings) {
      findings.push(finding)
      if (finding.kind === 'PERSON') addName(names, text.slice(finding.start, finding.end))
    }
    return redacted.text
  }
  let data = mapStrings(row.data, clean)
  // A recurring name that is taken out may lay bare another name: again, until no new one turns up.
  for (let known = 0; names.size > known;) {
    known = names.size
    const recurring = recurrenceOf(names)
    data = mapStrings(data, (text, detectors) =>
      recurring.occursIn(text) ? clean(text, [...detectors, recurring.detect]) : text,
    )
  }
  return { row: { ...row, data }, findings: countKinds(findings) }
}

type Visit = (text: string, detectors: readonly Detector[]) => string

/** A copy of the data with every string value replaced. `visit` is told which detectors suit the string's place. */
function mapStrings(data: DatasetRow['data'], visit: Visit): DatasetRow['data'] {
  return mapEntries(data, false, 0, visit)
}

function mapEntries(
  data: Record<string, Json>,
  spoken: boolean,
  depth: number,
  visit: Visit,
): Record<string, Json> {
  // fromEntries defines `__proto__` as a plain key, as JSON.parse does.
  return Object.fromEntries(
    Object.entries(data).map(([key, item]) => [
      key,
      isPersonField(key, item)
        ? visit(item, [wholeName])
        : mapValue(item, spoken || SPOKEN_KEYS.has(key), depth + 1, visit),
    ]),
  )
}

function mapValue(value: Json, spoken: boolean, depth: number, visit: Visit): Json {
  if (typeof value === 'string') return visit(value, spoken ? SPOKEN : WRITTEN)
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_ROW_DEPTH) throw new RangeError(`row data is nested deeper than ${MAX_ROW_DEPTH} levels`)
  if (Array.isArray(value)) return value.map((item) => mapValue(item, spoken, depth + 1, visit))
  return mapEntries(value, spoken, depth, visit)
}

/** For the value of a field that is a name by its key. */
const wholeName: Detector = (text) => [{ kind: 'PERSON', start: 0, end: text.length }]

/**
 * Adds a name, and those of its parts that are known as names or end it, so that "Jane" alone is found after "Jane
 * Fletcher". Parts in common use ("New", "May") would take too much else with them.
 */
function addName(names: Set<string>, name: string): void {
  // A lower-case word is too likely another word elsewhere in the row.
  if (/^\p{Lu}/u.test(name) || name.includes(' ')) names.add(name)
  const parts = name.split(/[\s.]+/).filter((part) => /^\p{Lu}\p{L}{2}/u.test(part) && !isNoName(part))
  if (parts.length < 2) return
  for (const part of parts)
    if (isKnownName(part) || (part === parts.at(-1) && part.length >= 5)) names.add(part)
}

/** Most names of one row that are looked for again. */
const MAX_NAMES = 200

/** Finds the names as whole words, in the letter case in which they were found; longest first. */
function recurrenceOf(names: ReadonlySet<string>): { occursIn: (text: string) => boolean; detect: Detector } {
  const listed = [...names].slice(0, MAX_NAMES).toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
  const escaped = listed.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'gu')
  return {
    occursIn: (text) => listed.some((name) => text.includes(name)) && text.search(pattern) !== -1,
    detect: (text) =>
      [...text.matchAll(pattern)].map((match) => ({
        kind: 'PERSON',
        start: match.index,
        end: match.index + match[0].length,
      })),
  }
}
