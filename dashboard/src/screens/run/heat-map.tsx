import { count, points, score as scoreText } from '../../format/number.ts'
import { Icon } from '../../components/icon.tsx'
import { HeatKeys } from './heat-keys.tsx'
import { THIN_ROWS, tintOf, type Overall, type ScoreCell, type ScoreTable } from './scores.ts'

/** Cohort × metric. The lower a score, the stronger its tint: the eye goes to the trouble first. */
export function HeatMap({ table, isCompared }: { table: ScoreTable; isCompared: boolean }) {
  const { metrics, overall, rows } = table
  return (
    <>
      <div class="scroll" role="region" aria-label="Heat map of the scores" tabIndex={0}>
        <table class="heat">
          <thead>
            <tr>
              <th scope="col">Cohort</th>
              {metrics.map((metric) => (
                <th key={metric} scope="col">
                  {metric}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr class="overall">
              <th scope="row">all rows</th>
              {metrics.map((metric) => (
                <OverallCell key={metric} overall={overall[metric]!} />
              ))}
            </tr>
            {rows.map(({ cohort, cells }) => (
              <tr key={cohort}>
                <th scope="row">{cohort}</th>
                {metrics.map((metric) => (
                  <Cell key={metric} cell={cells[metric]} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <HeatKeys fewRows={THIN_ROWS} />
      <p class="legend">
        Each cell: the mean{isCompared && ', ▲ ▼ the difference to production in points'}, n, and the 95%
        interval of the mean
        {isCompared && '; a cell says “worse” where the no-regression gate has shown it'}. Cohorts stand{' '}
        {isCompared ? 'with the largest loss' : 'with the lowest score'} first.
      </p>
    </>
  )
}

function OverallCell({ overall: { n, mean, production, errors } }: { overall: Overall }) {
  if (n === 0) return <td>no rows scored</td>
  return (
    <td class={`tint-${tintOf(mean)}`}>
      <b>{scoreText(mean)}</b> <Difference mean={mean} production={production} />
      <small>
        n {count(n)}
        <Errors errors={errors} />
      </small>
    </td>
  )
}

function Cell({ cell }: { cell: ScoreCell | undefined }) {
  if (!cell) return <td class="quiet">–</td>
  const { n, errors, mean, lower, upper } = cell.score
  if (n === 0) return <td class="quiet">none of {count(errors)} scored</td>
  return (
    <td class={`tint-${tintOf(mean)}${n < THIN_ROWS ? ' thin' : ''}`}>
      <b>{scoreText(mean)}</b> <Difference mean={mean} production={cell.production} />
      {cell.judged === 'worse' && (
        <span class="mark bad">
          <Icon shape="cross" /> worse
        </span>
      )}
      <small>
        n {count(n)} · {lower.toFixed(2)}–{upper.toFixed(2)}
        <Errors errors={errors} />
      </small>
    </td>
  )
}

function Errors({ errors }: { errors: number }) {
  return errors === 0 ? null : <> · {count(errors)} not scored</>
}

function Difference({ mean, production }: { mean: number; production: number | null }) {
  if (production === null) return null
  const difference = mean - production
  const arrow = Math.abs(difference) < 0.0005 ? '' : difference > 0 ? '▲ ' : '▼ '
  return (
    <span class="difference" title={`production: ${scoreText(production)}`}>
      {arrow}
      {points(difference)}
    </span>
  )
}
