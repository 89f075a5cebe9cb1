import type { CohortScores, MetricScores } from '../../api/evaluation-views.ts'
import { count, score as scoreText } from '../../format/number.ts'
import { Link } from '../../navigation/link.tsx'
import { HeatKeys } from '../run/heat-keys.tsx'
import { tintOf } from '../run/scores.ts'

/** Below this many rows a cell is marked: its interval is wide. */
export const FEW_ROWS = 30

interface CohortHeatProps {
  metrics: readonly MetricScores[]
  scores: readonly CohortScores[]
  /** What the rows are filtered by now. */
  chosen: { metric: string | null; cohort: string | null }
  hrefOf: (metric: string | null, cohort: string | null) => string
}

/** Cohort × metric, the cohort with the lowest score first. Each cell leads to its rows. */
export function CohortHeat({ metrics, scores, chosen, hrefOf }: CohortHeatProps) {
  const names = metrics.map(({ metric }) => metric)
  return (
    <div class="card">
      <div class="scroll" role="region" aria-label="Heat map of the means by cohort and metric" tabIndex={0}>
        <table class="heat links">
          <thead>
            <tr>
              <th scope="col">Cohort</th>
              {names.map((metric) => (
                <th key={metric} scope="col">
                  <Link href={hrefOf(metric, null)} isCurrent={isChosen(chosen, metric, null)}>
                    {metric}
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cohortsOf(scores).map((cohort) => (
              <tr key={cohort}>
                <th scope="row">
                  <Link href={hrefOf(null, cohort)} isCurrent={isChosen(chosen, null, cohort)}>
                    {cohort}
                  </Link>
                </th>
                {names.map((metric) => (
                  <Cell
                    key={metric}
                    scores={scores.find((each) => each.metric === metric && each.cohort === cohort)}
                    href={hrefOf(metric, cohort)}
                    isCurrent={isChosen(chosen, metric, cohort)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <HeatKeys fewRows={FEW_ROWS} />
      <p class="legend">
        Each cell: the mean, n, and the 95% interval of the mean; it leads to its rows. The lowest score
        stands first.
      </p>
    </div>
  )
}

function Cell({
  scores,
  href,
  isCurrent,
}: {
  scores: CohortScores | undefined
  href: string
  isCurrent: boolean
}) {
  if (!scores) return <td class="quiet">–</td>
  const { n, errors, mean, lower, upper } = scores
  const isThin = n < FEW_ROWS
  return (
    <td class={n === 0 ? 'quiet' : `tint-${tintOf(mean)}${isThin ? ' thin' : ''}`}>
      <Link href={href} isCurrent={isCurrent}>
        {n === 0 ? `none of ${count(errors)} scored` : <b>{scoreText(mean)}</b>}
        {n > 0 && (
          <small>
            {isThin ? 'only ' : 'n '}
            {count(n)}
            {Number.isFinite(lower) && ` · ${lower.toFixed(2)}–${upper.toFixed(2)}`}
            {errors > 0 && ` · ${count(errors)} not scored`}
          </small>
        )}
      </Link>
    </td>
  )
}

function isChosen(chosen: CohortHeatProps['chosen'], metric: string | null, cohort: string | null): boolean {
  return chosen.metric === metric && chosen.cohort === cohort
}

/** The one with the lowest mean of any metric first. */
function cohortsOf(scores: readonly CohortScores[]): string[] {
  const lowest = new Map<string, number>()
  for (const { cohort, n, mean } of scores)
    lowest.set(cohort, Math.min(lowest.get(cohort) ?? Number.POSITIVE_INFINITY, n === 0 ? Infinity : mean))
  return [...lowest].toSorted(([, a], [, b]) => a - b).map(([cohort]) => cohort)
}
