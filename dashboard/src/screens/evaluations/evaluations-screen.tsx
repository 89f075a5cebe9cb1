import type { EvaluationPage } from '../../api/evaluation-views.ts'
import { useApi } from '../../api/use-api.ts'
import { Pending } from '../../components/pending.tsx'
import { Link } from '../../navigation/link.tsx'
import { setQuery } from '../../navigation/place.ts'
import { EmptyEvaluations } from './empty-evaluations.tsx'
import { EvaluationLine } from './evaluation-line.tsx'
import { isUnderWay } from './is-under-way.ts'

const WHILE_RUNNING_MS = 2_000
const OTHERWISE_MS = 10_000
const PAGE_ROWS = 50
const STATUSES = ['running', 'paused', 'finished', 'cancelled']
const COLUMNS = ['Status', 'Who answered', 'Dataset', 'Suite', 'Rows', 'Errors', 'Cost', 'Started']

/** All evaluations of the project, newest first, with how far those are that run. */
export function EvaluationsScreen({ query }: { query: URLSearchParams }) {
  const before = query.get('before')
  const status = query.get('status')
  const path = `/evaluations?limit=${PAGE_ROWS}${before === null ? '' : `&before=${before}`}`
  const answered = useApi<EvaluationPage>(path, (page) =>
    page?.evaluations.some(isUnderWay) ? WHILE_RUNNING_MS : OTHERWISE_MS,
  )
  const { data } = answered
  const all = data?.evaluations ?? []
  const shown = status === null ? all : all.filter((evaluation) => evaluation.status === status)
  const countOf = (wanted: string) => all.filter((evaluation) => evaluation.status === wanted).length
  return (
    <>
      <h1>Evaluations</h1>
      <Pending of={answered} />
      {data && all.length === 0 && before === null && <EmptyEvaluations />}
      {all.length > 0 && (
        <p class="about">
          <label for="status">Status</label>{' '}
          <select
            id="status"
            value={status ?? ''}
            onChange={(event) => setQuery({ status: event.currentTarget.value || null })}
          >
            <option value="">all ({all.length})</option>
            {STATUSES.map((each) => (
              <option key={each} value={each}>
                {each} ({countOf(each)})
              </option>
            ))}
          </select>
          <small> of the {all.length} on this page</small>
        </p>
      )}
      {all.length > 0 && shown.length === 0 && <p class="quiet">None of them is {status}.</p>}
      {shown.length > 0 && (
        <div class="evaluations table" role="table" aria-label="Evaluations, newest first">
          <div class="head" role="row">
            {COLUMNS.map((column) => (
              <span key={column} role="columnheader">
                {column}
              </span>
            ))}
          </div>
          {shown.map((evaluation) => (
            <EvaluationLine key={evaluation.evaluationId} evaluation={evaluation} />
          ))}
        </div>
      )}
      <nav class="pages" aria-label="Pages of evaluations">
        {before !== null && <Link href="/evaluations">← Newest</Link>}
        {data && data.next !== null && <Link href={`/evaluations?before=${data.next}`}>Older →</Link>}
      </nav>
    </>
  )
}
