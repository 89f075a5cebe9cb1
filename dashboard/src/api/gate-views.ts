/** What the API answers about gates: approvals, waivers, erosion and drift. Held against the API as `views.ts` is. */
import type { ApprovalState } from '../../../domain/approvals/decision.ts'
import type { ErosionReport, WaiverRow } from '../../../domain/erosion/report.ts'

export type { ArtifactDrift } from '../../../domain/drift/artifact-drift.ts'
export type { DriftReport } from '../../../domain/drift/report.ts'
export type { IdleGate } from '../../../domain/erosion/idle-gates.ts'
export type { WaiverTrend } from '../../../domain/erosion/waiver-trend.ts'
export type { Weakened } from '../../../domain/erosion/weakened.ts'
export type { WaiverRow }

export interface Approval {
  approvalId: string
  runId: string
  workflow: string
  stage: string
  attempt: number
  question: string
  runAuthor: string
  /** Names of the keys that may decide; null for whoever has the scope `approve`. */
  approvers: string[] | null
  state: ApprovalState
  decidedBy: string | null
  comment: string | null
  requestedAt: number
  deadlineAt: number
  decidedAt: number | null
}

/** An approval as the inbox shows it to one caller. */
export interface InboxItem extends Approval {
  /** Why the caller may not decide; null when they may. */
  refusal: string | null
}

export interface InboxPage {
  approvals: InboxItem[]
  next: number | null
}

export interface DecidedApproval extends Approval {
  /** Of the run, once it knew the decision. */
  runStatus: string | null
}

export interface Waiver {
  waiverId: string
  workflow: string
  stage: string
  gate: string
  reason: string
  author: string
  state: string
  createdAt: number
  expiresAt: number
}

export interface EndedWaiver extends WaiverRow {
  state: string
}

export interface Erosion extends Omit<ErosionReport, 'waivers'> {
  waivers: { sentence: string; open: WaiverRow[]; ended: EndedWaiver[] }
}
