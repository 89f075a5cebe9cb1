import type { ScoredEvaluation } from '../../api/evaluation-views.ts'
import { useApi } from '../../api/use-api.ts'
import { useReloadOn } from '../../api/use-reload-on.ts'
import { Pending } from '../../components/pending.tsx'
import { Link } from '../../navigation/link.tsx'
import { isUnderWay } from '../evaluations/is-under-way.ts'
import { CohortHeat } from './cohort-heat.tsx'
import { EvaluationDialog } from './evaluation-controls.tsx'
import { EvaluationHeader } from './evaluation-header.tsx'
import { MetricsTable } from './metrics-table.tsx'
import { filteredHref, rowFilterOf } from './row-filter.ts'
import { RowsPanel } from './rows-panel.tsx'
import { useLiveProgress } from './use-live-progress.ts'

const WHILE_RUNNING_MS = 2_500

/** One evaluation: how it goes or went, its scores by metric and cohort, and the rows behind them. */
export function EvaluationScreen({ evaluationId, query }: { evaluationId: string; query: URLSearchParams }) {
  const answered = useApi<ScoredEvaluation>(
    `/evaluations/${encodeURIComponent(evaluationId)}`,
    (evaluation) => (evaluation === undefined || isUnderWay(evaluation) ? WHILE_RUNNING_MS : null),
  )
  const { data, reload } = answered
  const live = useLiveProgress(evaluationId, data !== undefined && isUnderWay(data))
  useReloadOn(live?.status ?? '', reload)
  const evaluation = data && withLive(data, live)
  return (
    <>
      <p class="crumbs">
        <Link href="/evaluations">Evaluations</Link>
      </p>
      <Pending of={answered} />
      {evaluation && (
        <>
          <EvaluationHeader evaluation={evaluation} />
          <Scores evaluation={evaluation} query={query} />
          <RowsPanel evaluation={evaluation} query={query} />
          <EvaluationDialog evaluation={evaluation} query={query} onDone={reload} />
        </>
      )}
    </>
  )
}

function Scores({ evaluation, query }: { evaluation: ScoredEvaluation; query: URLSearchParams }) {
  const { evaluationId, metrics, scores } = evaluation
  if (metrics.length === 0) {
    return (
      <p class="quiet">
        {isUnderWay(evaluation) ? 'Scores come with the first rows that are done.' : 'Nothing was scored.'}
      </p>
    )
  }
  const { metric, cohort, show } = rowFilterOf(query)
  return (
    <>
      <section aria-labelledby="metrics">
        <h2 id="metrics">Metrics</h2>
        <MetricsTable
          metrics={metrics}
          failedHref={(of, wanted) => filteredHref(evaluationId, { metric: of, show: wanted })}
        />
      </section>
      <section aria-labelledby="cohorts">
        <h2 id="cohorts">Cohorts</h2>
        <CohortHeat
          metrics={metrics}
          scores={scores}
          chosen={{ metric, cohort }}
          hrefOf={(ofMetric, ofCohort) =>
            filteredHref(evaluationId, { metric: ofMetric, cohort: ofCohort, show })
          }
        />
      </section>
    </>
  )
}

/**
 * The stream knows sooner how far it is. The status is the API's: an evaluation that was just told to go on would seem paused
 * until the stream says so too, and an end is told with its scores.
 */
function withLive(
  evaluation: ScoredEvaluation,
  live: ScoredEvaluation['progress'] | undefined,
): ScoredEvaluation {
  if (!live || !isUnderWay(evaluation) || live.rows < evaluation.progress.rows) return evaluation
  const { rows, errors, reused, costUsd } = live
  return { ...evaluation, rows, errors, reused, costUsd, progress: { ...live, status: evaluation.status } }
}
