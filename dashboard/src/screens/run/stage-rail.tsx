import type { LogEntry, RunView, StageView } from '../../api/views.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { duration } from '../../format/time.ts'
import { GanttAxis, GanttBar } from './gantt-bar.tsx'
import { segmentsOf, timeIn } from './segments.ts'
import { StageNow } from './stage-now.tsx'

/** The stages in order, each with its time on one axis. */
export function StageRail({ run, events }: { run: RunView; events: readonly LogEntry[] }) {
  const now = Date.now()
  const span = { from: run.createdAt, to: Math.max(run.createdAt + 1, run.finishedAt ?? now) }
  return (
    <section aria-labelledby="rail">
      <h2 id="rail">Stages</h2>
      <div class="card rail">
        <ol>
          {run.stages.map((stage) => (
            <Stage
              key={stage.stage}
              stage={stage}
              segments={segmentsOf(stage, run, events, now)}
              span={span}
            />
          ))}
        </ol>
        <GanttAxis span={span} />
        <p class="legend" aria-hidden="true">
          <span class="swatch queued" /> queued <span class="swatch running" /> running{' '}
          <span class="swatch waiting" /> waiting <span class="swatch gating" /> at its gates
        </p>
      </div>
    </section>
  )
}

interface StageProps {
  stage: StageView
  segments: ReturnType<typeof segmentsOf>
  span: { from: number; to: number }
}

function Stage({ stage, segments, span }: StageProps) {
  const waited = timeIn(segments, ['queued', 'waiting', 'retrying'])
  const ran = timeIn(segments, ['running', 'gating'])
  return (
    <li>
      <span class="name">
        <a href={`#stage-${stage.stage}`}>{stage.stage}</a>
        <small>
          {stage.owner}
          {stage.attempt > 1 && <b> · attempt {stage.attempt}</b>}
        </small>
      </span>
      <StatusMark status={stage.status} />
      <GanttBar segments={segments} span={span} />
      <span class="times">
        {segments.length > 0 && (
          <>
            <b>{duration(ran + waited)}</b>
            <small>
              ran {duration(ran)}, waited {duration(waited)}
            </small>
          </>
        )}
      </span>
      <StageNow stage={stage} />
    </li>
  )
}
