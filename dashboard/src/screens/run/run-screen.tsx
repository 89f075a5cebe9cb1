import { useEffect } from 'preact/hooks'
import { useApi } from '../../api/use-api.ts'
import type { RunView } from '../../api/views.ts'
import { Pending } from '../../components/pending.tsx'
import { Link } from '../../navigation/link.tsx'
import { showAnchor } from '../../navigation/place.ts'
import { isLive } from '../runs/runs-screen.tsx'
import { EventLog } from './event-log.tsx'
import { RunHeader } from './run-header.tsx'
import { RunScores } from './run-scores.tsx'
import { StageRail } from './stage-rail.tsx'
import { StageSection } from './stage-section.tsx'
import { useEvents } from './use-events.ts'

const WHILE_RUNNING_MS = 2_000

interface RunScreenProps {
  runId: string
  tab: string
  query: URLSearchParams
}

/** One run: where it is, what its gates said and from which numbers, its scores, and its event log. */
export function RunScreen({ runId, tab, query }: RunScreenProps) {
  const answered = useApi<RunView>(`/runs/${runId}`, (run) =>
    run === undefined || isLive(run) ? WHILE_RUNNING_MS : null,
  )
  const { data: run } = answered
  const log = useEvents(runId, run === undefined || isLive(run))
  const tabs = [
    ['stages', 'Stages and gates', ''],
    ['scores', 'Scores', '/scores'],
    ['events', `Events${log.events.length === 0 ? '' : ` (${log.events.length})`}`, '/events'],
  ] as const
  return (
    <>
      <p class="crumbs">
        <Link href="/runs">Runs</Link>
      </p>
      {run && <RunHeader run={run} />}
      <Pending of={answered} />
      {run && (
        <nav class="tabs" aria-label="Parts of the run">
          {tabs.map(([name, label, path]) => (
            <Link key={name} href={`/runs/${runId}${path}`} isCurrent={tab === name}>
              {label}
            </Link>
          ))}
        </nav>
      )}
      {run && tab === 'stages' && <Stages run={run} log={log} query={query} />}
      {run && tab === 'scores' && <RunScores run={run} />}
      {run && tab === 'events' && <EventLog log={log} startedAt={run.createdAt} query={query} />}
    </>
  )
}

function Stages({
  run,
  log,
  query,
}: {
  run: RunView
  log: ReturnType<typeof useEvents>
  query: URLSearchParams
}) {
  // A link to a stage can come before the stage is drawn.
  useEffect(() => void showAnchor(), [])
  return (
    <>
      <StageRail run={run} events={log.events} />
      <h2>Gates by stage</h2>
      {run.stages.map((stage) => (
        <StageSection key={stage.stage} stage={stage} query={query} />
      ))}
    </>
  )
}
