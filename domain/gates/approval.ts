import * as z from 'zod'
import type { Gate } from './gate.ts'

/** How long the person has, when the gate does not say. */
export const APPROVAL_DEADLINE_HOURS = 72
const MAX_DEADLINE_HOURS = 720

const Params = z.strictObject({
  /** What the person is asked. */
  question: z.string().min(1, 'a person must know what they are asked').max(500),
  deadlineHours: z.number().positive().max(MAX_DEADLINE_HOURS).default(APPROVAL_DEADLINE_HOURS),
  /** Names of the keys that may decide; whoever has the scope `approve` when absent. */
  approvers: z.array(z.string().min(1)).min(1).exactOptional(),
  /** Whether whoever started the run may decide it. */
  authorMayApprove: z.boolean().default(false),
})
export type ApprovalParams = z.infer<typeof Params>

/**
 * A person with the scope `approve` lets the stage through, once every other gate has. The verdict is theirs: the run
 * never asks `evaluate` for it, and whoever does is told that there is none yet.
 */
export const approval: Gate<ApprovalParams, Record<string, never>> = {
  name: 'approval',
  stages: 'any',
  params: Params,
  evaluate({ question, deadlineHours, approvers, authorMayApprove }) {
    const who = approvers ? `one of ${approvers.join(', ')}` : 'somebody with the scope approve'
    const but = authorMayApprove ? '' : ' other than the author of the run'
    return {
      verdict: 'not_run',
      sentence: `A person is asked: ${question} This takes ${who}${but}, within ${deadlineHours} hours.`,
      evidence: {},
    }
  },
}
