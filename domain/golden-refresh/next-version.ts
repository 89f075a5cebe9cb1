import type { DatasetRow } from '../dataset/row.ts'
import { datasetVersion } from '../dataset/version.ts'
import { acceptedOf, hashOf, type Candidate, type TraceOrigin } from './candidate.ts'
import { unfit } from './redaction.ts'

/** Where a row comes from: the call, who let it in, and by what it was redacted. */
export interface RowLineage extends TraceOrigin {
  candidateId: string
  decision: 'accepted' | 'edited'
  reviewer: string
  reviewedAt: number
  redactor: { name: string; version: string }
}

export interface NewRow {
  row: DatasetRow
  hash: string
  /** One entry a call with this content, by candidate id; never empty. */
  lineage: RowLineage[]
}

export interface NextVersion {
  /** Hash of the dataset with the new rows: that of the base where there is none. */
  version: string
  /** By id. */
  rows: NewRow[]
  /** Accepted, but the dataset has had it: nothing is added. */
  known: { candidateId: string; hash: string }[]
}

/**
 * The rows that accepted candidates add to the golden dataset, each content once. Neither the order of the candidates
 * nor that of their reviews plays a part. A row's id is made of its content, so that what was taken once, and has been
 * corrected in the dataset since, is not brought back.
 *
 * @param base rows of the dataset now, as id and hash
 */
export function nextVersion(
  base: readonly (readonly [id: string, hash: string])[],
  candidates: readonly Candidate[],
): NextVersion {
  const ids = new Set(base.map(([id]) => id))
  const hashes = new Set(base.map(([, hash]) => hash))
  const rows = new Map<string, NewRow>()
  const known: NextVersion['known'] = []
  for (const candidate of candidates.toSorted((a, b) => (a.candidateId < b.candidateId ? -1 : 1))) {
    const accepted = acceptedOf(candidate)
    // The state machine lets nothing unfit be accepted. Personal data in a dataset cannot be taken back: it is asked twice.
    if (!accepted || candidate.includedIn !== null || unfit(accepted) !== undefined) continue
    const hash = hashOf(accepted.content)
    const id = `trace_${hash}`
    if (hashes.has(hash) || ids.has(id)) {
      known.push({ candidateId: candidate.candidateId, hash })
      continue
    }
    const row = rows.get(id) ?? { row: { id, ...accepted.content }, hash, lineage: [] }
    row.lineage.push(lineageOf(candidate, accepted.redaction!.redactor))
    rows.set(id, row)
  }
  const added = [...rows.values()].toSorted((a, b) => (a.row.id < b.row.id ? -1 : 1))
  const version = datasetVersion([...base, ...added.map(({ row, hash }) => [row.id, hash] as const)])
  return { version, rows: added, known }
}

function lineageOf(candidate: Candidate, redactor: RowLineage['redactor']): RowLineage {
  const { reviewer, at } = candidate.review!
  const decision = candidate.status === 'edited' ? 'edited' : 'accepted'
  const { candidateId, trace } = candidate
  return { candidateId, ...trace, decision, reviewer, reviewedAt: at, redactor: { ...redactor } }
}
