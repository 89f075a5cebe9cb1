/** Which rows of an evaluation are shown; the address holds it. */
export interface RowFilter {
  metric: string | null
  cohort: string | null
  show: 'all' | 'failed' | 'errors'
  limit: number
}

const PAGE_ROWS = 25
/** The API answers no more rows at once. */
export const MOST_ROWS = 200

export function rowFilterOf(query: URLSearchParams): RowFilter {
  const show = query.get('show')
  const limit = Number(query.get('rows') ?? PAGE_ROWS)
  return {
    metric: query.get('metric'),
    cohort: query.get('cohort'),
    show: show === 'failed' || show === 'errors' ? show : 'all',
    limit: Number.isInteger(limit) && limit > 0 ? Math.min(limit, MOST_ROWS) : PAGE_ROWS,
  }
}

export function rowsPath(evaluationId: string, { metric, cohort, show, limit }: RowFilter): string {
  const query = new URLSearchParams({ sort: 'worst', limit: String(limit) })
  if (metric !== null) query.set('metric', metric)
  if (cohort !== null) query.set('cohort', cohort)
  if (show !== 'all') query.set(show, 'true')
  return `/evaluations/${encodeURIComponent(evaluationId)}/rows?${query}`
}

/** Address of the evaluation's screen with its rows filtered. */
export function filteredHref(
  evaluationId: string,
  { metric, cohort, show = 'all' }: Partial<Pick<RowFilter, 'metric' | 'cohort' | 'show'>>,
): string {
  const query = new URLSearchParams()
  if (metric) query.set('metric', metric)
  if (cohort) query.set('cohort', cohort)
  if (show !== 'all') query.set('show', show)
  return `/evaluations/${encodeURIComponent(evaluationId)}${query.size === 0 ? '' : `?${query}`}#rows`
}
