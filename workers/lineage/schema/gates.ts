import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { json } from './column.ts'

/** Gate verdicts: append-only. A re-evaluation is a new row. */
export const verdicts = sqliteTable(
  'verdicts',
  {
    verdictId: text('verdict_id').primaryKey(),
    projectId: text('project_id').notNull(),
    runId: text('run_id').notNull(),
    stage: text('stage').notNull(),
    attempt: integer('attempt').notNull(),
    gate: text('gate').notNull(),
    verdict: text('verdict').notNull(),
    blocks: integer('blocks', { mode: 'boolean' }).notNull(),
    sentence: text('sentence').notNull(),
    params: json('params').notNull(),
    evidence: json('evidence').notNull(),
    /** The waiver that lets the stage through, where the verdict is `waived`. */
    waiverId: text('waiver_id'),
    at: integer('at').notNull(),
  },
  (t) => [
    index('verdicts_by_run').on(t.runId, t.stage, t.at),
    index('verdicts_by_waiver').on(t.projectId, t.waiverId),
  ],
)

/** Decisions to let a stage pass a gate that is closed, until they expire. */
export const waivers = sqliteTable(
  'waivers',
  {
    waiverId: text('waiver_id').primaryKey(),
    projectId: text('project_id').notNull(),
    workflow: text('workflow').notNull(),
    stage: text('stage').notNull(),
    gate: text('gate').notNull(),
    reason: text('reason').notNull(),
    author: text('author').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
    revokedBy: text('revoked_by'),
    /** When what had passed by it was looked at and flagged, after it was over. */
    expiryHandledAt: integer('expiry_handled_at'),
  },
  (t) => [
    index('waivers_by_gate').on(t.projectId, t.workflow, t.stage, t.gate),
    index('waivers_by_expiry').on(t.expiryHandledAt, t.expiresAt),
  ],
)

/** The inbox: stages that wait for a person's decision. */
export const approvals = sqliteTable(
  'approvals',
  {
    /** `RUN/STAGE/ATTEMPT`. */
    approvalId: text('approval_id').primaryKey(),
    projectId: text('project_id').notNull(),
    runId: text('run_id').notNull(),
    workflow: text('workflow').notNull(),
    stage: text('stage').notNull(),
    attempt: integer('attempt').notNull(),
    runAuthor: text('run_author').notNull(),
    question: text('question').notNull(),
    /** Names of the keys that may decide; null for whoever has the scope. */
    approvers: json<string[] | null>('approvers'),
    authorMayApprove: integer('author_may_approve', { mode: 'boolean' }).notNull(),
    state: text('state', { enum: ['open', 'granted', 'denied', 'expired', 'withdrawn'] }).notNull(),
    decidedBy: text('decided_by'),
    comment: text('comment'),
    requestedAt: integer('requested_at').notNull(),
    deadlineAt: integer('deadline_at').notNull(),
    decidedAt: integer('decided_at'),
  },
  (t) => [index('approvals_by_state').on(t.projectId, t.state, t.requestedAt)],
)

/** Attempts at a statistical gate that share one error budget: each evaluation counts once. */
export const gateAttempts = sqliteTable(
  'gate_attempts',
  {
    projectId: text('project_id').notNull(),
    /** The same workflow, stage, gate, rows and production. */
    family: text('family').notNull(),
    evaluationId: text('evaluation_id').notNull(),
    ordinal: integer('ordinal').notNull(),
    verdict: text('verdict'),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.projectId, t.family, t.evaluationId] })],
)
