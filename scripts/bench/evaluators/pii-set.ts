import type { PiiKind, PiiSpan } from '../../../domain/redaction/kinds.ts'
import { redactText } from '../../../domain/redaction/redact.ts'
import type { Figure } from '../harness.ts'
import { withInterval } from './discrimination.ts'
import { readRows, type LabelledSet } from './sets.ts'

interface PiiRow {
  id: string
  template?: number
  text: string
  spans: { type: string; start: number; end: number }[]
}

/** Labels of the set by the kind that Sluice looks for. What has no kind is neither due nor a false alarm. */
const KIND_OF: Record<string, PiiKind> = {
  PERSON: 'PERSON',
  STREET_ADDRESS: 'ADDRESS',
  PHONE_NUMBER: 'PHONE',
  EMAIL_ADDRESS: 'EMAIL',
  CREDIT_CARD: 'CARD',
  IBAN_CODE: 'IBAN',
  US_SSN: 'SSN',
  IP_ADDRESS: 'IP',
}

/** Share of a labelled span's characters that must be redacted. */
const COVERED = 0.5

/**
 * Recall: labelled spans of which at least half is redacted, by whatever kind. Precision: findings that touch a labelled
 * span of any type. Spans of one template are not independent, so that templates are what is drawn for the intervals.
 */
export function piiFigures({ name, folder }: LabelledSet): Record<string, Figure> {
  const rows = readRows<PiiRow>(folder).map((row) => judge(row))
  const shareOf = (pick: (row: Judged) => boolean[]) =>
    withInterval(rows, (sample) => {
      const verdicts = sample.flatMap((row) => pick(row))
      return verdicts.filter(Boolean).length / verdicts.length
    })
  const kinds = [...new Set(rows.flatMap(({ due }) => due.map(({ kind }) => kind)))].toSorted()
  return {
    [`${name}.recall`]: shareOf(({ due }) => due.map(({ found }) => found)),
    [`${name}.precision`]: shareOf(({ findings }) => findings),
    [`${name}.bacc`]: withInterval(rows, balancedAccuracy),
    ...Object.fromEntries(
      kinds.map((kind) => [
        `${name}.recall.${kind}`,
        shareOf(({ due }) => due.filter((one) => one.kind === kind).map(({ found }) => found)),
      ]),
    ),
  }
}

interface Judged {
  cluster: string
  due: { kind: PiiKind; found: boolean }[]
  /** For each finding, whether anything was labelled there. */
  findings: boolean[]
}

function judge({ id, template, text, spans }: PiiRow): Judged {
  const { findings } = redactText(text)
  const due = spans.flatMap((span) => {
    const kind = KIND_OF[span.type]
    return kind ? [{ kind, found: covered(span, findings) >= COVERED }] : []
  })
  return {
    cluster: String(template ?? id),
    due,
    findings: findings.map((finding) =>
      spans.some((span) => span.start < finding.end && finding.start < span.end),
    ),
  }
}

/** Share of a span's characters that lie in findings, which do not overlap. */
function covered({ start, end }: { start: number; end: number }, findings: readonly PiiSpan[]): number {
  const inside = findings.map((finding) => Math.min(end, finding.end) - Math.max(start, finding.start))
  return inside.filter((length) => length > 0).reduce((sum, length) => sum + length, 0) / (end - start)
}

/** Whether a text holds personal data at all, told by whether anything was found in it. */
function balancedAccuracy(rows: readonly Judged[]): number {
  const share = (wanted: boolean) => {
    const own = rows.filter(({ due }) => due.length > 0 === wanted)
    return own.filter(({ findings }) => findings.length > 0 === wanted).length / own.length
  }
  return (share(true) + share(false)) / 2
}
