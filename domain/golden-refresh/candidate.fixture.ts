import type { RowContent, Proposal, Review, Source, TraceOrigin } from './candidate.ts'
import { hashOf } from './candidate.ts'
import type { CandidateEvent } from './event.ts'

export const TRACE: TraceOrigin = { project: 'p', route: 'support', traceId: 't1', spanId: 's1' }
export const SAMPLED: Source = { kind: 'sampled', at: 1, sweepId: 'swp_1' }
export const CORRECTED: Source = { kind: 'corrected', at: 5, by: 'kim' }

export const content = (text: string, cohort = 'billing'): RowContent => ({
  cohort,
  data: { prompt: text, completion: 'yes' },
})

/** As `redacted` would give it for content without personal data, at no cost. */
export function clean(of: RowContent, residual: { EMAIL?: number } = {}): Proposal {
  const [redactor, residualDetector] = [
    { name: 'redactor', version: '2' },
    { name: 'detector', version: '1' },
  ]
  return { content: of, redaction: { hash: hashOf(of), redactor, residualDetector, findings: {}, residual } }
}

export function proposed(of: RowContent, source = SAMPLED, trace = TRACE): CandidateEvent {
  return { type: 'proposed', trace, content: of, source }
}
export function redactedAs(of: RowContent, to = clean(of)): CandidateEvent {
  return { type: 'redacted', of: hashOf(of), to }
}
export function reviewed(
  of: RowContent,
  decision: Review['decision'],
  { at = 10, reviewer = 'lee' }: { at?: number; reviewer?: string } = {},
): CandidateEvent {
  return { type: 'reviewed', review: { at, reviewer, reason: 'seen', of: hashOf(of), decision } }
}
export const ACCEPTED = { verdict: 'accepted' } as const
export const REJECTED = { verdict: 'rejected' } as const
