import { useApi } from '../../api/use-api.ts'
import type { RunPage } from '../../api/views.ts'
import { Pending } from '../../components/pending.tsx'
import { goTo } from '../../navigation/place.ts'
import { WorkflowGates } from './workflow-gates.tsx'

const REFRESH_MS = 60_000
/** Runs in which workflows are looked for. */
const PAGE_RUNS = 200

interface GatesScreenProps {
  /** The address's; null for the workflow that ran last. */
  workflow: string | null
  query: URLSearchParams
}

/** What the gates of a workflow are worth: how they eroded, and how far their inputs have drifted. */
export function GatesScreen({ workflow, query }: GatesScreenProps) {
  const runs = useApi<RunPage>(`/runs?limit=${PAGE_RUNS}`, () => REFRESH_MS)
  const ran = runs.data?.runs.map((run) => run.workflow) ?? []
  const shown = workflow ?? ran[0]
  const names = [...new Set([...(workflow === null ? [] : [workflow]), ...ran])].toSorted()
  return (
    <>
      <h1>Gates</h1>
      <Pending of={runs} />
      {names.length > 0 && (
        <p class="about">
          <label for="workflow">Workflow</label>{' '}
          <select
            id="workflow"
            value={shown}
            onChange={(event) => goTo(`/gates/${encodeURIComponent(event.currentTarget.value)}`)}
          >
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </p>
      )}
      {runs.data && shown === undefined && (
        <section class="card empty">
          <h2>No workflow has run yet</h2>
          <p>Gates erode and inputs drift from one run to the next: this page has something to say then.</p>
        </section>
      )}
      {shown !== undefined && <WorkflowGates key={shown} workflow={shown} query={query} />}
    </>
  )
}
