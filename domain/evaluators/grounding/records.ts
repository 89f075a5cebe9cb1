import type { Term } from './terms.ts'

/** A stretch of the source's terms, `[from, to)`, that is one record: its fields belong together in any order. */
export interface SourceRecord {
  from: number
  to: number
  stems: ReadonlySet<string>
}

/** A field's name and the beginning of its value: `amount: 49.90`, `"status":"in transit"`, `carrier=Nordpost`. */
const FIELD = /(?:^|[;,\n{|])[ \t]*"?[\p{L}_][\p{L}\p{N}_ .-]{0,39}"?[ \t]*[:=][ \t]*(?=[^\s,;])/gu
const MIN_FIELDS = 3
/** Longer values are prose, in which order and neighbourhood tell. */
const MAX_TERMS_A_FIELD = 8
/** More is a list of records, whose values must not be mixed. */
const MAX_TERMS = 80
/** Between records of one text: an empty line, or the braces of JSON objects. */
const BETWEEN = /\n\s*\n|\}\s*,?\s*\{/g

/** The records of a text whose terms begin at place `first` of the source. */
export function recordsOf(text: string, terms: readonly Term[], first: number): SourceRecord[] {
  const ends = [...text.matchAll(BETWEEN)].map(({ index }) => index + 1).concat(text.length)
  const found: SourceRecord[] = []
  let start = 0
  let from = 0
  for (const end of ends) {
    let to = from
    while (to < terms.length && terms[to]!.start < end) to++
    const fields = text.slice(start, end).match(FIELD)?.length ?? 0
    const size = to - from
    if (fields >= MIN_FIELDS && size <= MAX_TERMS && size <= fields * MAX_TERMS_A_FIELD)
      found.push({
        from: first + from,
        to: first + to,
        stems: new Set(terms.slice(from, to).map(({ stem }) => stem)),
      })
    start = end
    from = to
  }
  return found
}
