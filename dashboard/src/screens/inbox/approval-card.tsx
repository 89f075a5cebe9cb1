import type { DecidedApproval, InboxItem } from '../../api/gate-views.ts'
import { Icon } from '../../components/icon.tsx'
import { Moment } from '../../components/moment.tsx'
import { duration } from '../../format/time.ts'
import { Link } from '../../navigation/link.tsx'
import { ApprovalEvidence } from './approval-evidence.tsx'
import { DecisionForm } from './decision-form.tsx'

interface ApprovalCardProps {
  approval: InboxItem
  onDecided: (approval: DecidedApproval) => void
}

/** A question of a run, with what there is to decide it from. */
export function ApprovalCard({ approval, onDecided }: ApprovalCardProps) {
  const {
    approvalId,
    question,
    workflow,
    stage,
    runId,
    runAuthor,
    approvers,
    requestedAt,
    deadlineAt,
    refusal,
  } = approval
  const titleId = `question-${approvalId}`
  return (
    <article class="card approval" aria-labelledby={titleId}>
      <header>
        <h3 id={titleId}>{question}</h3>
        <p class="quiet">
          {workflow}, stage {stage} of <Link href={`/runs/${runId}`}>{runId}</Link>
        </p>
      </header>
      <dl class="facts">
        <div>
          <dt>Run started by</dt>
          <dd>{runAuthor}</dd>
        </div>
        <div>
          <dt>Asked</dt>
          <dd>
            <Moment at={requestedAt} />
          </dd>
        </div>
        <div>
          <dt>Decide by</dt>
          <dd>
            <Moment at={deadlineAt} />, {duration(Math.max(0, deadlineAt - Date.now()))} from now
          </dd>
        </div>
        <div>
          <dt>Who may decide</dt>
          <dd>{approvers === null ? 'whoever has the scope approve' : approvers.join(', ')}</dd>
        </div>
      </dl>
      <ApprovalEvidence runId={runId} stage={stage} />
      {refusal === null ? (
        <DecisionForm approval={approval} onDecided={onDecided} />
      ) : (
        <p class="refusal">
          <Icon shape="slash" /> {refusal}.
        </p>
      )}
    </article>
  )
}
