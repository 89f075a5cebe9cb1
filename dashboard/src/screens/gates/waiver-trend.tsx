import type { WaiverTrend as Trend } from '../../api/gate-views.ts'
import { count, percent } from '../../format/number.ts'
import { day, shortDay } from '../../format/time.ts'

/** A rate below this fills the chart all the same: a single waiver must not look like all of them. */
const LEAST_TOP = 0.2

/** The share of verdicts that were waived, a week; each bar has its numbers in text below. */
export function WaiverTrend({ trend: { sentence, weeks } }: { trend: Trend }) {
  return (
    <section class="card" aria-labelledby="trend">
      <h3 id="trend">Waiver rate, week by week</h3>
      <p>{sentence}</p>
      {weeks.some(({ verdicts }) => verdicts > 0) && <Weeks weeks={weeks} />}
    </section>
  )
}

function Weeks({ weeks }: { weeks: Trend['weeks'] }) {
  const top = Math.max(LEAST_TOP, ...weeks.map(({ rate }) => rate ?? 0))
  return (
    <>
      <ol class="trend">
        {weeks.map(({ from, to, verdicts, waived, rate }) => (
          <li key={from}>
            {rate === null ? <svg aria-hidden="true" /> : <Bar share={rate / top} />}
            <b>{rate === null ? 'n/a' : percent(rate)}</b>
            <small>
              {count(waived)} of {count(verdicts)}
            </small>
            <small>
              <time dateTime={new Date(from).toISOString()} title={`${day(from)} to ${day(to)}`}>
                {shortDay(from)}
              </time>
            </small>
          </li>
        ))}
      </ol>
      <p class="legend">
        Verdicts of automatic gates that were waived, of all, in the seven days from each date on. n/a: no
        verdict.
      </p>
    </>
  )
}

/** Upright where there is room for a column a week, lying where there is not: styles show one of the two. */
function Bar({ share }: { share: number }) {
  return (
    <svg aria-hidden="true">
      <rect class="upright" y={`${100 * (1 - share)}%`} width="100%" height={`${100 * share}%`} />
      <rect class="lying" width={`${100 * share}%`} height="100%" />
    </svg>
  )
}
