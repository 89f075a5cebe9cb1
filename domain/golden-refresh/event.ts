import type { Json } from '../json.ts'
import type { Proposal, Review, RowContent, Source, TraceOrigin } from './candidate.ts'

/** All that can happen to a candidate. */
export type CandidateEvent =
  /**
   * `content` is the call as a row, as it was: it is redacted before anybody sees it. `fields` of a correction take the
   * place of the call's.
   */
  | {
      type: 'proposed'
      trace: TraceOrigin
      content: RowContent
      source: Source
      fields?: Record<string, Json>
    }
  /** The content with hash `of` was redacted. */
  | { type: 'redacted'; of: string; to: Proposal }
  | { type: 'reviewed'; review: Review }
  /** What was accepted, with this hash, is a row of this dataset version. */
  | { type: 'included'; version: string; hash: string }

/** What the state machine wants done. */
export type CandidateEffect =
  /** Redact the proposal, and report it as `redacted`. */
  | { type: 'redact'; candidateId: string; of: string }
  | {
      type: 'audit'
      action: `golden.${Review['decision']['verdict']}`
      target: string
      actor: string
      reason: string
    }
