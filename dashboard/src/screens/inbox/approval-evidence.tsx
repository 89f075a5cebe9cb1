import { APPROVAL_GATE } from '../../../../domain/run/state.ts'
import { ONCE, useApi } from '../../api/use-api.ts'
import type { RunView } from '../../api/views.ts'
import { Pending } from '../../components/pending.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { Link } from '../../navigation/link.tsx'
import { RunCause } from '../run/run-cause.tsx'

/** What the stage's other gates said, in their own sentences; the numbers are one step away. */
export function ApprovalEvidence({ runId, stage: name }: { runId: string; stage: string }) {
  const answered = useApi<RunView>(`/runs/${runId}`, ONCE)
  const run = answered.data
  const gates =
    run?.stages.find(({ stage }) => stage === name)?.gates.filter(({ gate }) => gate !== APPROVAL_GATE) ?? []
  return (
    <section aria-label="What its gates said">
      <Pending of={answered} />
      {run && (
        <p class="status-line cause">
          <RunCause run={run} />
        </p>
      )}
      {run && gates.length === 0 && <p class="quiet">No other gate stands on this stage.</p>}
      <ul class="verdicts">
        {gates.map(({ gate, verdict, sentence }) => (
          <li key={gate}>
            <span>
              <b>{gate}</b> <StatusMark status={verdict} />
            </span>
            <span>{sentence}</span>
          </li>
        ))}
      </ul>
      <p>
        <Link href={`/runs/${runId}#stage-${name}`}>The numbers behind it</Link>
        {' · '}
        <Link href={`/runs/${runId}/scores`}>Scores by cohort</Link>
      </p>
    </section>
  )
}
