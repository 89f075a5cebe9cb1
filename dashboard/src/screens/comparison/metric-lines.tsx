import type { ComparisonLine, ScoredEvaluation } from '../../api/evaluation-views.ts'
import { count, percent, points, score } from '../../format/number.ts'
import { ForestAxis, ForestMark } from '../run/forest-mark.tsx'
import { domainOf } from '../run/forest.ts'
import { comparisonForest } from './comparison-forest.ts'
import { Outcome } from './outcome.tsx'

interface MetricLinesProps {
  lines: readonly ComparisonLine[]
  evaluation: ScoredEvaluation
  other: ScoredEvaluation
}

/** Metric by metric over all rows that both have: both means, the difference against the margin, and what it shows. */
export function MetricLines({ lines, evaluation, other }: MetricLinesProps) {
  const overall = lines.filter(({ cohort }) => cohort === null)
  const forest = comparisonForest(lines, 'metric')
  const domain = domainOf(forest)
  return (
    <div class="card">
      <div class="scroll" role="region" aria-label="Comparison by metric" tabIndex={0}>
        <table class="compared">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col" class="number">
                Other
              </th>
              <th scope="col" class="number">
                This
              </th>
              <th scope="col" class="number">
                Points [90%]
              </th>
              <th scope="col" class="plot" aria-hidden="true">
                <ForestAxis domain={domain} measures="difference" />
              </th>
              <th scope="col">Verdict</th>
              <th scope="col" class="number">
                n
              </th>
              <th scope="col">Rows needed, power</th>
            </tr>
          </thead>
          <tbody>
            {overall.map((line, index) => (
              <tr key={line.metric}>
                <th scope="row">
                  <b>{line.metric}</b>
                </th>
                <td class="number">
                  <span class="unit">other </span>
                  {meanOf(other, line.metric)}
                </td>
                <td class="number">
                  <span class="unit">this </span>
                  {meanOf(evaluation, line.metric)}
                </td>
                <td class="number">
                  {line.n === 0 ? (
                    'no rows'
                  ) : (
                    <>
                      <b>{points(line.difference)}</b>{' '}
                      <small>
                        {bound(line.lower)} to {bound(line.upper)}
                      </small>
                    </>
                  )}
                </td>
                <td class="plot">
                  <ForestMark line={forest.lines[index]!} domain={domain} measures="difference" />
                </td>
                <td>
                  <Outcome line={line} />
                </td>
                <td class="number">
                  <span class="unit">n </span>
                  {count(line.n)}
                </td>
                <td class="needed">{needed(line)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="legend">
        This less the other on the same rows, in points of a hundred. Solid line: no difference. Dashed: the
        margin, how much worse it may be. Means are over all rows of each. Power: how likely a loss as large
        as the margin is seen with so many rows.
      </p>
    </div>
  )
}

function meanOf({ metrics }: ScoredEvaluation, metric: string): string {
  const mean = metrics.find((each) => each.metric === metric)?.mean
  return mean ? score(mean.value) : '–'
}

function bound(value: number | null): string {
  return value === null ? '∞' : points(value)
}

function needed(line: ComparisonLine): string {
  return line.power === null ? moreRows(line) : `${moreRows(line)}; power ${percent(line.power)}`
}

function moreRows({ n, rowsNeeded, moreRows: more, outcome }: ComparisonLine): string {
  if (more !== null && more > 0) return `about ${count(Number(more.toPrecision(2)))} more`
  if (outcome !== 'inconclusive') return 'enough'
  return rowsNeeded !== null && rowsNeeded > n ? `about ${count(rowsNeeded)}` : 'too near the margin to tell'
}
