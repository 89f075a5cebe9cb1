import type { EvaluationSummary } from '../../api/evaluation-views.ts'
import { count, counted, percent } from '../../format/number.ts'
import { duration } from '../../format/time.ts'

type Progress = EvaluationSummary['progress']

/** How far an evaluation is, how fast it goes, and when it will be done. */
export function ProgressBar({ progress, name }: { progress: Progress; name: string }) {
  const { rows, totalRows } = progress
  const done = totalRows === 0 ? 0 : Math.min(1, rows / totalRows)
  return (
    <span class="progress-bar">
      <progress value={done} max={1} aria-label={`Progress of ${name}`} />
      <span>
        <b>{percent(done)}</b> {count(rows)} of {counted(totalRows, 'row')}
        {pace(progress)}
      </span>
    </span>
  )
}

function pace({ status, rowsPerSecond, secondsLeft, rows }: Progress): string {
  if (status === 'paused') return ', paused'
  if (rowsPerSecond === null) return rows === 0 ? ', waiting for the first rows' : ''
  const speed = rowsPerSecond < 10 ? rowsPerSecond.toFixed(1) : count(rowsPerSecond)
  const left =
    secondsLeft === null ? '' : `, about ${duration(Math.max(1, Math.ceil(secondsLeft)) * 1000)} left`
  return `, ${speed} rows/s${left}`
}
