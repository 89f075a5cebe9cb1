import type { LogLine, RunView } from '../../api/views.ts'
import { ProblemNotice } from '../../components/problem-notice.tsx'
import { count, counted } from '../../format/number.ts'
import { clock, fullMoment } from '../../format/time.ts'
import { setQuery } from '../../navigation/place.ts'
import { isLive } from '../runs/is-live.ts'
import { useTail } from './use-tail.ts'
import type { LiveRun } from './use-live-run.ts'

/** Lines that are drawn before one asks for all. */
const SHOWN_LINES = 500

interface StageLogProps {
  live: LiveRun
  run: RunView
  query: URLSearchParams
}

/** What the stages said while they worked, the newest last. */
export function StageLog({ live: { lines, problem, isStreaming }, run, query }: StageLogProps) {
  const stage = query.get('stage') ?? ''
  const level = query.get('level') ?? ''
  const wanted = lines.filter(
    (line) => (stage === '' || line.stage === stage) && (level === '' || isAtLeast(line, level)),
  )
  const shown = query.get('all') === 'lines' ? wanted : wanted.slice(-SHOWN_LINES)
  const [end, onScroll] = useTail(lines.length)
  return (
    <section aria-labelledby="logs">
      <h2 id="logs">Logs of the stages</h2>
      {problem && <ProblemNotice problem={problem} />}
      <p class="about filters">
        <label>
          Stage{' '}
          <select value={stage} onChange={(event) => setQuery({ stage: event.currentTarget.value || null })}>
            <option value="">all</option>
            {run.stages.map((each) => (
              <option key={each.stage}>{each.stage}</option>
            ))}
          </select>
        </label>
        <label>
          Level{' '}
          <select value={level} onChange={(event) => setQuery({ level: event.currentTarget.value || null })}>
            <option value="">all</option>
            <option value="info">info and worse</option>
            <option value="warn">warnings and errors</option>
            <option value="error">errors</option>
          </select>
        </label>
        <span class="quiet">
          {counted(wanted.length, 'line')}
          {isLive(run) && (isStreaming ? ', shown as they come' : ', asked for every two seconds')}
        </span>
        {shown.length < wanted.length && (
          <button type="button" class="plain" onClick={() => setQuery({ all: 'lines' })}>
            Show all, not only the last {count(SHOWN_LINES)}
          </button>
        )}
      </p>
      <div
        ref={end}
        class="card lines"
        role="log"
        aria-label="Log lines"
        aria-live="off"
        tabIndex={0}
        onScroll={onScroll}
      >
        {shown.length === 0 && (
          <p class="quiet">{lines.length === 0 ? 'No stage has said anything.' : 'None.'}</p>
        )}
        {shown.map((line) => (
          <Line key={line.line} line={line} />
        ))}
      </div>
    </section>
  )
}

function Line({ line: { at, stage, attempt, level, message, fields } }: { line: LogLine }) {
  const extra = Object.entries(fields)
  return (
    <p class={`line ${level}`}>
      <time dateTime={new Date(at).toISOString()} title={fullMoment(at)}>
        {clock(at)}
      </time>{' '}
      <span class="level">{level}</span>{' '}
      <span class="from">
        {stage}
        {attempt > 1 && `/${attempt}`}
      </span>{' '}
      <span class="message">
        {message}
        {extra.length > 0 && (
          <small>
            {' '}
            {extra
              .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
              .join(' ')}
          </small>
        )}
      </span>
    </p>
  )
}

const SEVERITY = { debug: 0, info: 1, warn: 2, error: 3 }

function isAtLeast({ level }: LogLine, least: string): boolean {
  return SEVERITY[level] >= (SEVERITY[least as LogLine['level']] ?? 0)
}
