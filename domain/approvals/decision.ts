export const APPROVAL_STATES = ['open', 'granted', 'denied', 'expired', 'withdrawn'] as const
export type ApprovalState = (typeof APPROVAL_STATES)[number]

export const DECISIONS = ['grant', 'deny'] as const
export type Decision = (typeof DECISIONS)[number]

/** The approval's rules on who may decide it. */
export interface ApprovalRules {
  /** Id of the key that started the run. */
  runAuthor: string
  /** Names of the keys that may decide; null for whoever has the scope. */
  approvers: readonly string[] | null
  authorMayApprove: boolean
}

/** Why this caller may not decide, in words that say who may; nothing when they may. */
export function whyNotDecide(
  { runAuthor, approvers, authorMayApprove }: ApprovalRules,
  caller: { keyId: string; name: string },
): string | undefined {
  if (!authorMayApprove && caller.keyId === runAuthor)
    return 'The author of a run cannot approve it: another person has to decide'
  if (approvers !== null && !approvers.includes(caller.name))
    return `The key ${caller.name} is not among those who may decide: ${approvers.join(', ')}`
  return undefined
}

/** A decision in words, for the verdict. */
export function decisionSentence(
  decision: Decision,
  { question, by, comment }: { question: string; by: string; comment: string },
): string {
  const said = comment === '' ? '' : `: “${comment}”`
  return `${decision === 'grant' ? 'Granted' : 'Denied'} by ${by}${said}. The question was: ${question}`
}
