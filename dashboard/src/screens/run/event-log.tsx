import type { LogEntry } from '../../api/views.ts'
import { Icon } from '../../components/icon.tsx'
import { LinkedText } from '../../components/linked-text.tsx'
import { ProblemNotice } from '../../components/problem-notice.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { counted } from '../../format/number.ts'
import { fullMoment } from '../../format/time.ts'
import { setQuery } from '../../navigation/place.ts'
import { inWords } from './event-words.ts'
import type { LiveRun } from './use-live-run.ts'

interface EventLogProps {
  live: LiveRun
  startedAt: number
  query: URLSearchParams
}

/** Everything that happened to the run, in order; what came too late or twice is marked, with the reason. */
export function EventLog({ live: { events, problem }, startedAt, query }: EventLogProps) {
  const ignored = events.filter((entry) => entry.ignored !== null)
  const onlyIgnored = query.get('only') === 'ignored'
  const shown = onlyIgnored ? ignored : events
  return (
    <section aria-labelledby="events">
      <h2 id="events">Event log</h2>
      {problem && <ProblemNotice problem={problem} />}
      <p class="about">
        {counted(events.length, 'event')}, of which {ignored.length} ignored.{' '}
        <label>
          <input
            type="checkbox"
            checked={onlyIgnored}
            onChange={(event) => setQuery({ only: event.currentTarget.checked ? 'ignored' : null })}
          />{' '}
          only the ignored ones
        </label>
      </p>
      <div class="card scroll">
        <table class="events">
          <thead>
            <tr>
              <th scope="col" class="number">
                No.
              </th>
              <th scope="col" class="number">
                After
              </th>
              <th scope="col">Stage</th>
              <th scope="col">Event</th>
              <th scope="col">What it says</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((entry) => (
              <Entry key={entry.seq} entry={entry} startedAt={startedAt} />
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <p class="quiet">None.</p>}
      </div>
    </section>
  )
}

function Entry({ entry: { seq, at, event, ignored }, startedAt }: { entry: LogEntry; startedAt: number }) {
  return (
    <tr class={ignored === null ? undefined : 'ignored'}>
      <td class="number">{seq}</td>
      <td class="number">
        <time dateTime={new Date(at).toISOString()} title={fullMoment(at)}>
          {((at - startedAt) / 1000).toFixed(2)} s
        </time>
      </td>
      <td>
        {'stage' in event ? event.stage : 'run'}
        {'attempt' in event && event.attempt > 1 && <small> attempt {event.attempt}</small>}
      </td>
      <td>{event.type}</td>
      <td class="said">
        {ignored !== null && (
          <span class="mark unsure">
            <Icon shape="slash" /> ignored: {ignored}
          </span>
        )}
        {event.type === 'gate.evaluated' && (
          <>
            <b>{event.gate}</b> <StatusMark status={event.verdict} />{' '}
          </>
        )}
        <LinkedText text={inWords(event)} />
      </td>
    </tr>
  )
}
