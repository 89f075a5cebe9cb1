import { MAX_ROW_BYTES } from '../dataset/row.ts'
import { jsonBytes } from '../json.ts'
import { countKinds, type KindCounts } from '../redaction/kinds.ts'
import { REDACTOR } from '../redaction/redact.ts'
import { RESIDUAL_DETECTOR, residualFindings } from '../redaction/residual.ts'
import { redactRow } from '../redaction/row.ts'
import { hashOf, type Proposal, type RowContent } from './candidate.ts'

/** That content was redacted, by what, and what a second detector still found in it. */
export interface RedactionReport {
  /** Of the redacted content: the report says nothing of any other. */
  hash: string
  redactor: { name: string; version: string }
  residualDetector: { name: string; version: string }
  /** Taken out, by kind. */
  findings: KindCounts
  /** Still there, by kind. */
  residual: KindCounts
}

/**
 * The content without its personal data, with the report. What a reviewer typed goes through it as well.
 *
 * @throws RangeError for data that is nested too deep, or a text that is too long, for the redactor
 */
export function redacted({ cohort, data }: RowContent): Proposal {
  const { row, findings } = redactRow({ id: '-', data })
  const content: RowContent = { ...(cohort === undefined ? {} : { cohort }), data: row.data }
  // The redactor leaves a cohort alone, and metadata may have made one of an address.
  const places = [content.data, ...(cohort === undefined ? [] : [{ cohort }])]
  const residual = countKinds(places.flatMap((place) => residualFindings({ id: '-', data: place })))
  const [redactor, residualDetector] = [{ ...REDACTOR }, { ...RESIDUAL_DETECTOR }]
  return { content, redaction: { hash: hashOf(content), redactor, residualDetector, findings, residual } }
}

/** Why content cannot become a row, in words; undefined when it can. Kinds of personal data are named, never the data. */
export function unfit({ content, redaction }: Proposal): string | undefined {
  if (!redaction) return 'it is not redacted'
  if (redaction.hash !== hashOf(content)) return 'it was redacted before it was changed'
  const left = Object.entries(redaction.residual).filter(([, count]) => count > 0)
  if (left.length > 0)
    return `it still holds personal data: ${left.map(([kind, count]) => `${kind} (${count})`).join(', ')}`
  const bytes = jsonBytes(content.data)
  return bytes > MAX_ROW_BYTES ? `it is ${bytes} bytes, of ${MAX_ROW_BYTES} that a row may have` : undefined
}
