import type { RouteTargetView } from '../../api/views.ts'
import { Icon } from '../../components/icon.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { Link } from '../../navigation/link.tsx'

/** The gates that let a model in, by the run that they were gates of. */
export function GatesPassed({ gates }: Pick<RouteTargetView, 'gates'>) {
  if (gates === null) return <span class="quiet">not known: the lineage database does not answer</span>
  if (gates.length === 0) {
    return (
      <span class="mark unsure">
        <Icon shape="question" /> no gate
      </span>
    )
  }
  return (
    <>
      {[...Map.groupBy(gates, ({ runId }) => runId)].map(([runId, ofRun]) => (
        <div key={runId} class="gates-of-run">
          <Link href={`/runs/${runId}`}>{runId}</Link>
          <ul class="inline-list">
            {ofRun.map(({ stage, gate, verdict }) => (
              <li key={`${stage} ${gate}`} title={`${gate} of ${stage}: ${verdict}`}>
                {gate} <StatusMark status={verdict} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  )
}
