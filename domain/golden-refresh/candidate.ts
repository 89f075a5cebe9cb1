import { rowHash } from '../dataset/version.ts'
import type { DatasetRow } from '../dataset/row.ts'
import { contentHash } from '../hash.ts'
import type { RedactionReport } from './redaction.ts'

/** `edited` is accepted too, with what the reviewer made of it. */
export const REVIEW_STATUSES = ['pending', 'accepted', 'edited', 'rejected'] as const
export type ReviewStatus = (typeof REVIEW_STATUSES)[number]

/** The call that a candidate was made of. */
export interface TraceOrigin {
  project: string
  route: string
  traceId: string
  spanId: string
}

/**
 * Why a call is a candidate. What people wrote is not in it: that is in the proposal, where it is redacted. Times are ms
 * since the epoch.
 */
export type Source =
  | { kind: 'sampled'; at: number; sweepId: string }
  /** A person said what the answer is worth. */
  | { kind: 'labelled'; at: number; by: string; label: string; score: number | null }
  /** A person said what should have been answered. */
  | { kind: 'corrected'; at: number; by: string }

/** What of a row is its content: all but its id. */
export type RowContent = Pick<DatasetRow, 'cohort' | 'data'>

/** Content, and what is known of personal data in it: null as long as nobody has looked. */
export interface Proposal {
  content: RowContent
  redaction: RedactionReport | null
}

export interface Review {
  at: number
  reviewer: string
  reason: string
  /** Of the proposal that the reviewer saw. */
  of: string
  decision: { verdict: 'accepted' } | { verdict: 'rejected' } | { verdict: 'edited'; to: Proposal }
}

/** A call that may become a row of the golden dataset. */
export interface Candidate {
  candidateId: string
  trace: TraceOrigin
  /** Oldest first. */
  sources: Source[]
  proposal: Proposal
  status: ReviewStatus
  /** The review that counts; null while it is pending. */
  review: Review | null
  /** The dataset version that has it as a row: nothing changes any more. */
  includedIn: string | null
}

/** There is one candidate a call, however many reasons there are for it. */
export function candidateId({ project, route, traceId, spanId }: TraceOrigin): string {
  return `gc_${contentHash([project, route, traceId, spanId]).slice(0, 32)}`
}

/** Identity of content: that of the row that is made of it. */
export function hashOf(content: RowContent): string {
  return rowHash({ id: '-', ...content })
}

/** What goes into the dataset as things stand: the edited content, or the proposal; null where nothing does. */
export function acceptedOf({ status, proposal, review }: Candidate): Proposal | null {
  if (status === 'accepted') return proposal
  return status === 'edited' && review?.decision.verdict === 'edited' ? review.decision.to : null
}
