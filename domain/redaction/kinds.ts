/** The kinds of personal data that are looked for. */
export const PII_KINDS = [
  'EMAIL',
  'PHONE',
  'CARD',
  'IBAN',
  'SSN',
  'ID',
  'IP',
  'BIRTHDATE',
  'ADDRESS',
  'PERSON',
] as const
export type PiiKind = (typeof PII_KINDS)[number]

/** A stretch of a text, `[start, end)` in UTF-16 units. */
export interface PiiSpan {
  kind: PiiKind
  start: number
  end: number
}

/** What stands in the place of redacted text: `[EMAIL]`. */
export function placeholder(kind: PiiKind): string {
  return `[${kind}]`
}

/** Every placeholder of a text. */
export const PLACEHOLDER = new RegExp(`\\[(?:${PII_KINDS.join('|')})\\]`, 'g')

/** How many findings there are of each kind; kinds without any are left out. */
export type KindCounts = Partial<Record<PiiKind, number>>

export function countKinds(findings: Iterable<{ kind: PiiKind }>): KindCounts {
  const counts: KindCounts = {}
  for (const { kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
