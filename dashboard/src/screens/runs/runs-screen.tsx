import { useApi } from '../../api/use-api.ts'
import type { RunPage } from '../../api/views.ts'
import { Pending } from '../../components/pending.tsx'
import { Link } from '../../navigation/link.tsx'
import { EmptyRuns } from './empty-runs.tsx'
import { isLive } from './is-live.ts'
import { RunLine } from './run-line.tsx'

const WHILE_RUNNING_MS = 2_000
const OTHERWISE_MS = 10_000
const PAGE_ROWS = 50

/** All runs of the project, newest first. */
export function RunsScreen({ query }: { query: URLSearchParams }) {
  const before = query.get('before')
  const path = `/runs?limit=${PAGE_ROWS}${before === null ? '' : `&before=${before}`}`
  const answered = useApi<RunPage>(path, (page) =>
    page?.runs.some(isLive) ? WHILE_RUNNING_MS : OTHERWISE_MS,
  )
  const { data } = answered
  return (
    <>
      <h1>Runs</h1>
      <Pending of={answered} />
      {data && data.runs.length === 0 && before === null && <EmptyRuns />}
      {data && data.runs.length > 0 && (
        <div class="runs table" role="table" aria-label="Runs, newest first">
          <div class="head" role="row">
            {['Status', 'Run', 'Version', 'Author', 'Started', 'Duration', 'Why it stopped'].map((column) => (
              <span key={column} role="columnheader">
                {column}
              </span>
            ))}
          </div>
          {data.runs.map((run) => (
            <RunLine key={run.runId} run={run} />
          ))}
        </div>
      )}
      <nav class="pages" aria-label="Pages of runs">
        {before !== null && <Link href="/runs">← Newest</Link>}
        {data && data.next !== null && <Link href={`/runs?before=${data.next}`}>Older →</Link>}
      </nav>
    </>
  )
}
