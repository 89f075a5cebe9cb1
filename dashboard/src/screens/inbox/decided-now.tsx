import type { DecidedApproval } from '../../api/gate-views.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { Link } from '../../navigation/link.tsx'

/** What came of a decision that the reader has just taken. */
export function DecidedNow({
  approval: { state, question, runId, runStatus },
}: {
  approval: DecidedApproval
}) {
  return (
    <p class="card">
      <StatusMark status={state} /> {question} <Link href={`/runs/${runId}`}>{runId}</Link>{' '}
      {runStatus !== null && (
        <>
          is <StatusMark status={runStatus} />
        </>
      )}
    </p>
  )
}
