import type { RowPage, ScoredEvaluation } from '../../api/evaluation-views.ts'
import { ONCE, useApi } from '../../api/use-api.ts'
import { useReloadOn } from '../../api/use-reload-on.ts'
import { Pending } from '../../components/pending.tsx'
import { counted } from '../../format/number.ts'
import { setQuery } from '../../navigation/place.ts'
import { RowDrawer } from './row-drawer.tsx'
import { MOST_ROWS, rowFilterOf, rowsPath, type RowFilter } from './row-filter.ts'
import { RowFilters } from './row-filters.tsx'
import { RowLine } from './row-line.tsx'

/** While an evaluation runs, its rows are read again after each part of so many. */
const PARTS = 10

/** The rows with the lowest scores first, and one of them in full. */
export function RowsPanel({ evaluation, query }: { evaluation: ScoredEvaluation; query: URLSearchParams }) {
  const { evaluationId, metrics, scores, status, progress } = evaluation
  const filter = rowFilterOf(query)
  const answered = useApi<RowPage>(rowsPath(evaluationId, filter), ONCE)
  const part = Math.floor((PARTS * progress.rows) / Math.max(1, progress.totalRows))
  useReloadOn(`${status} ${part}`, answered.reload)
  const passMarks = new Map(metrics.map(({ metric, passMark }) => [metric, passMark.at]))
  const rows = answered.data?.rows ?? []
  const opened = query.get('row')
  return (
    <section aria-labelledby="rows">
      <h2 id="rows">Rows, worst first</h2>
      <RowFilters
        filter={filter}
        metrics={metrics.map(({ metric }) => metric)}
        cohorts={[...new Set(scores.map(({ cohort }) => cohort))].toSorted()}
      />
      <Pending of={answered} />
      {answered.data && rows.length === 0 && <p class="quiet">{noRows(filter, evaluation)}</p>}
      {rows.length > 0 && (
        <ol class="card rows" aria-label="Rows, worst first">
          {rows.map((row) => (
            <RowLine key={row.rowId} row={row} metric={filter.metric} passMarks={passMarks} />
          ))}
        </ol>
      )}
      {rows.length === filter.limit && filter.limit < MOST_ROWS && (
        <p class="pages">
          <button
            type="button"
            onClick={() => setQuery({ rows: String(Math.min(MOST_ROWS, filter.limit * 2)) })}
          >
            More rows
          </button>
        </p>
      )}
      {rows.length === MOST_ROWS && (
        <p class="quiet">
          These are the worst {counted(MOST_ROWS, 'row')}. All of them come from{' '}
          <code>sluice evaluations rows {evaluationId}</code> and the API, page by page.
        </p>
      )}
      {opened !== null && (
        <RowDrawer
          rowId={opened}
          rows={rows}
          first={filter.metric}
          evaluation={evaluation}
          passMarks={passMarks}
        />
      )}
    </section>
  )
}

function noRows({ metric, cohort, show }: RowFilter, { rows }: ScoredEvaluation): string {
  if (rows === 0) return 'No row has been scored yet.'
  const what = {
    all: 'No row',
    failed: 'No row below the pass mark',
    errors: 'No row that could not be scored',
  }[show]
  const where = [cohort === null ? '' : ` of ${cohort}`, metric === null ? '' : ` by ${metric}`].join('')
  return `${what}${where}.`
}
