import type { MetricScores } from '../../api/evaluation-views.ts'

/** Rows listed of each metric, each way. */
const LISTED_ROWS = 20

/** What the address asks to be compared by: all metrics that both have where it names none. */
export function askedMetrics(query: URLSearchParams): string[] {
  return query.getAll('metric')
}

export function comparisonPath(evaluationId: string, otherId: string, metrics: readonly string[]): string {
  const query = new URLSearchParams({ limit: String(LISTED_ROWS) })
  for (const metric of metrics) query.append('metric', metric)
  return `/evaluations/${encodeURIComponent(evaluationId)}/compare/${encodeURIComponent(otherId)}?${query}`
}

export function comparisonHref(
  evaluationId: string,
  otherId: string,
  metrics: readonly string[] = [],
): string {
  const query = new URLSearchParams(metrics.map((metric) => ['metric', metric]))
  return `/evaluations/${evaluationId}/compare/${otherId}${query.size === 0 ? '' : `?${query}`}`
}

/** A metric of both, and by which evaluators its scores come. */
export interface SharedMetric {
  metric: string
  own: string
  its: string
}

export function sharedMetrics(
  mine: readonly MetricScores[],
  theirs: readonly MetricScores[],
): { shared: SharedMetric[]; unshared: string[] } {
  const shared = mine.flatMap(({ metric, evaluator }) => {
    const there = theirs.find((each) => each.metric === metric)
    return there ? [{ metric, own: evaluator, its: there.evaluator }] : []
  })
  const names = new Set(shared.map(({ metric }) => metric))
  const all = [...mine, ...theirs].map(({ metric }) => metric)
  return { shared, unshared: [...new Set(all)].filter((metric) => !names.has(metric)) }
}
