import { useRef, useState } from 'preact/hooks'
import type { Decision } from '../../../../domain/approvals/decision.ts'
import { send } from '../../api/client.ts'
import type { DecidedApproval, InboxItem } from '../../api/gate-views.ts'
import type { Problem } from '../../api/problem.ts'
import { Icon } from '../../components/icon.tsx'
import { ProblemNotice } from '../../components/problem-notice.tsx'

/** The API takes comments up to this length. */
const LONGEST_COMMENT = 2000

interface DecisionFormProps {
  approval: InboxItem
  onDecided: (approval: DecidedApproval) => void
}

/** A comment and two buttons. It is no form, so that no key in the text decides by a slip. */
export function DecisionForm({
  approval: { approvalId, runId, stage, attempt },
  onDecided,
}: DecisionFormProps) {
  const [comment, setComment] = useState('')
  const [isSending, setSending] = useState(false)
  const [isCommentMissing, setCommentMissing] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const field = useRef<HTMLTextAreaElement>(null)
  const fieldId = `comment-${approvalId}`
  async function decide(decision: Decision) {
    const isMissing = decision === 'deny' && comment.trim() === ''
    setCommentMissing(isMissing)
    if (isMissing) return field.current?.focus()
    setSending(true)
    setProblem(undefined)
    try {
      const path = `/approvals/${runId}/${encodeURIComponent(stage)}/${attempt}`
      onDecided(await send<DecidedApproval>(path, { decision, comment: comment.trim() }))
    } catch (failure) {
      setProblem(failure as Problem)
      setSending(false)
    }
  }
  return (
    <div class="decision">
      <label for={fieldId}>Comment, kept with the verdict; needed to deny</label>
      <textarea
        ref={field}
        id={fieldId}
        rows={2}
        maxLength={LONGEST_COMMENT}
        aria-invalid={isCommentMissing}
        aria-describedby={`${fieldId}-fault`}
        value={comment}
        onInput={(event) => setComment(event.currentTarget.value)}
      />
      <small id={`${fieldId}-fault`} class="bad">
        {isCommentMissing && 'Say why it is denied: the run’s author will read it.'}
      </small>
      {problem && <ProblemNotice problem={problem} />}
      <p class="buttons">
        <button type="button" class="danger" disabled={isSending} onClick={() => decide('deny')}>
          <Icon shape="cross" /> Deny
        </button>
        <button type="button" class="primary" disabled={isSending} onClick={() => decide('grant')}>
          <Icon shape="check" /> Grant
        </button>
      </p>
    </div>
  )
}
