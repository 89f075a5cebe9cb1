import type { RunRow } from '../../api/views.ts'
import { Moment } from '../../components/moment.tsx'
import { RefText } from '../../components/ref-text.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { duration } from '../../format/time.ts'
import { Link } from '../../navigation/link.tsx'

/** One run of the list; on a narrow screen its cells stand below each other. */
export function RunLine({ run }: { run: RunRow }) {
  const { runId, workflow, workflowVersion, status, author, failure, createdAt, finishedAt } = run
  return (
    <div class="line" role="row">
      <span role="cell" class="status">
        <StatusMark status={status} />
      </span>
      <span role="cell" class="name">
        <Link href={`/runs/${runId}`}>
          <strong>{workflow}</strong> <span class="id">{runId}</span>
        </Link>
      </span>
      <span role="cell" class="version">
        <RefText value={workflowVersion} />
      </span>
      <span role="cell" class="author">
        {author}
      </span>
      <span role="cell" class="started">
        <Moment at={createdAt} />
      </span>
      <span role="cell" class="number">
        {duration((finishedAt ?? Date.now()) - createdAt)}
      </span>
      <span role="cell" class="why">
        {failure && <WhyStopped failure={failure} />}
      </span>
    </div>
  )
}

function WhyStopped({ failure: { stage, message } }: { failure: NonNullable<RunRow['failure']> }) {
  return (
    <>
      {stage !== undefined && <strong>{stage}: </strong>}
      {message}
    </>
  )
}
