import type { RunView } from '../../api/views.ts'
import { Link } from '../../navigation/link.tsx'

/** Why there is a run, when nobody simply asked for one. */
export function RunCause({ run: { cause, reproduces } }: { run: RunView }) {
  return (
    <>
      <Cause cause={cause} />
      {reproduces !== null && (
        <span>
          executes <Link href={`/runs/${reproduces}`}>{reproduces}</Link> again, without what changes
          production
        </span>
      )}
    </>
  )
}

function Cause({ cause }: { cause: RunView['cause'] }) {
  switch (cause.by) {
    case 'request':
      return null
    case 'trigger':
      return (
        <span>
          started by the trigger <b>{cause.trigger}</b> <small>{cause.event}</small>
        </span>
      )
    case 'backfill':
      return (
        <span>
          part of the backfill <b>{cause.backfillId}</b>
        </span>
      )
    case 'rerun':
      return (
        <span>
          reruns <Link href={`/runs/${cause.runId}`}>{cause.runId}</Link> from{' '}
          {cause.from.length > 0 ? cause.from.join(', ') : 'what had not passed'}
        </span>
      )
    case 'stage':
      return (
        <span>
          started by the stage{' '}
          <Link href={`/runs/${cause.runId}#stage-${cause.stage}`}>
            {cause.stage} of {cause.runId}
          </Link>
        </span>
      )
  }
}
