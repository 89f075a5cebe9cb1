import type { MetricScores } from '../../api/evaluation-views.ts'
import { Icon } from '../../components/icon.tsx'
import { count, percent, score } from '../../format/number.ts'
import { Link } from '../../navigation/link.tsx'
import { Histogram } from './histogram.tsx'

interface MetricsTableProps {
  metrics: readonly MetricScores[]
  /** Address of the rows that a metric fails. */
  failedHref: (metric: string, show: 'failed' | 'errors') => string
}

/** Each metric over all rows: mean, spread and pass rate, by which evaluator, and what its pass mark is worth. */
export function MetricsTable({ metrics, failedHref }: MetricsTableProps) {
  const hasCopyRate = metrics.some(({ copyRate }) => copyRate !== null)
  return (
    <div class="card">
      <div class="scroll" role="region" aria-label="Scores by metric" tabIndex={0}>
        <table class="metrics">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col" class="number">
                n
              </th>
              <th scope="col" class="number">
                Mean [95%]
              </th>
              <th scope="col" class="number">
                Median, quartiles
              </th>
              <th scope="col">Distribution</th>
              <th scope="col" class="number">
                Pass rate [95%]
              </th>
              <th scope="col">Passes from</th>
              {hasCopyRate && (
                <th scope="col" class="number">
                  Copied
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {metrics.map((metric) => (
              <Line key={metric.metric} metric={metric} hasCopyRate={hasCopyRate} failedHref={failedHref} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="legend">
        Bars: rows by score from 0 to 1; the dashed line is the pass mark. Uncalibrated: nobody has compared
        the mark with what people say. Means have 95% intervals with rows taken as independent, pass rates
        Wilson’s. Rows that could not be scored are in none of them.
        {hasCopyRate &&
          ' Copied: mean share of the answers that stands in the context word for word; overlap scores reward it.'}
      </p>
    </div>
  )
}

interface LineProps extends Pick<MetricsTableProps, 'failedHref'> {
  metric: MetricScores
  hasCopyRate: boolean
}

function Line({ metric: own, hasCopyRate, failedHref }: LineProps) {
  const { metric, evaluator, n, errors, mean, median, quartiles, passRate, passMark, distribution } = own
  const failed = passRate === null ? 0 : n - passRate.passes
  return (
    <tr>
      <th scope="row">
        <b>{metric}</b> <span class="id">{evaluator}</span>
      </th>
      <td class="number">
        <span class="unit">n </span>
        {count(n)}
        {errors > 0 && (
          <small>
            <Link href={failedHref(metric, 'errors')}>{count(errors)} not scored</Link>
          </small>
        )}
      </td>
      <td class="number">
        {mean === null ? (
          <span class="quiet">none scored</span>
        ) : (
          <>
            <span class="unit">mean </span>
            <b>{score(mean.value)}</b> <small>{range(mean, score)}</small>
          </>
        )}
      </td>
      <td class="number">
        {median !== null && quartiles !== null && (
          <>
            <span class="unit">median </span>
            {median.toFixed(2)} <small>{range(quartiles, (value) => value.toFixed(2))}</small>
          </>
        )}
      </td>
      <td class="bars">{n > 0 && <Histogram distribution={distribution} passAt={passMark.at} />}</td>
      <td class="number">
        {passRate !== null && (
          <>
            <span class="unit">pass rate </span>
            <b>{percent(passRate.value)}</b> <small>{range(passRate, percent)}</small>
            {failed > 0 && (
              <small>
                <Link href={failedHref(metric, 'failed')}>{count(failed)} below</Link>
              </small>
            )}
          </>
        )}
      </td>
      <td class="pass-mark">
        <span class="unit">passes from </span>
        {score(passMark.at)} <PassMarkOrigin mark={passMark} />
      </td>
      {hasCopyRate && (
        <td class="number">
          {own.copyRate === null ? (
            <span class="quiet wide-only">–</span>
          ) : (
            <>
              <span class="unit">copied </span>
              {percent(own.copyRate)}
            </>
          )}
        </td>
      )}
    </tr>
  )
}

function PassMarkOrigin({ mark: { from, calibrated, note } }: { mark: MetricScores['passMark'] }) {
  if (calibrated) {
    return (
      <>
        <span class="mark good">
          <Icon shape="check" /> calibrated
        </span>
        <small class="id">{note.replace(/^calibration /, '')}</small>
      </>
    )
  }
  if (from !== 'default') return <small>{note}</small>
  return (
    <span class="mark unsure" title={note}>
      <Icon shape="question" /> uncalibrated
    </span>
  )
}

/** Too few rows have no bounds: JSON makes null of what is not finite. */
function range({ lower, upper }: { lower: number; upper: number }, format: (value: number) => string) {
  if (!Number.isFinite(lower) || !Number.isFinite(upper)) return ''
  return `${format(lower)}–${format(upper)}`
}
