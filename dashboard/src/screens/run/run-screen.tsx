import { useEffect, useRef } from 'preact/hooks'
import { useApi } from '../../api/use-api.ts'
import { useReloadOn } from '../../api/use-reload-on.ts'
import type { RunView } from '../../api/views.ts'
import { Pending } from '../../components/pending.tsx'
import { Link } from '../../navigation/link.tsx'
import { showAnchor } from '../../navigation/place.ts'
import { isLive } from '../runs/is-live.ts'
import { EventLog } from './event-log.tsx'
import { RunDialogs } from './run-dialogs.tsx'
import { RunHeader } from './run-header.tsx'
import { RunScores } from './run-scores.tsx'
import { StageLog } from './stage-log.tsx'
import { StageRail } from './stage-rail.tsx'
import { StageSection } from './stage-section.tsx'
import { useLiveRun, type LiveRun } from './use-live-run.ts'

const WHILE_RUNNING_MS = 2_000
/** What changes without an event: progress, and places in a queue. */
const WHILE_STREAMING_MS = 5_000

interface RunScreenProps {
  runId: string
  tab: string
  query: URLSearchParams
}

/** One run: where it is, what its gates said and from which numbers, its scores, its events and its logs. */
export function RunScreen({ runId, tab, query }: RunScreenProps) {
  const isStreaming = useRef(false)
  const answered = useApi<RunView>(`/runs/${runId}`, (run) => {
    if (run !== undefined && !isLive(run)) return null
    return isStreaming.current ? WHILE_STREAMING_MS : WHILE_RUNNING_MS
  })
  const { data: run, reload } = answered
  const live = useLiveRun(runId, run, tab === 'logs')
  isStreaming.current = live.isStreaming
  useReloadOn(live.mark, reload)
  const tabs = [
    ['stages', 'Stages and gates', ''],
    ['scores', 'Scores', '/scores'],
    ['events', `Events${live.events.length === 0 ? '' : ` (${live.events.length})`}`, '/events'],
    ['logs', 'Logs', '/logs'],
  ] as const
  return (
    <>
      <p class="crumbs">
        <Link href="/runs">Runs</Link>
        {run && (
          <>
            {' · '}
            <Link href={`/gates/${run.workflow}`}>Gates of {run.workflow}</Link>
          </>
        )}
      </p>
      {run && <RunHeader run={run} isStreaming={live.isStreaming} />}
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
      {run && tab === 'stages' && <Stages run={run} live={live} query={query} />}
      {run && tab === 'scores' && <RunScores run={run} />}
      {run && tab === 'events' && <EventLog live={live} startedAt={run.createdAt} query={query} />}
      {run && tab === 'logs' && <StageLog live={live} run={run} query={query} />}
      {run && <RunDialogs run={run} query={query} onDone={reload} />}
    </>
  )
}

function Stages({ run, live, query }: { run: RunView; live: LiveRun; query: URLSearchParams }) {
  // A link to a stage can come before the stage is drawn.
  useEffect(() => void showAnchor(), [])
  return (
    <>
      <StageRail run={run} events={live.events} />
      <h2>Gates by stage</h2>
      {run.stages.map((stage) => (
        <StageSection key={stage.stage} stage={stage} query={query} />
      ))}
    </>
  )
}
