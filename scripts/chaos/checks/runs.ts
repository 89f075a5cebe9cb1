import { verdict, type Check } from './check.ts'

const TERMINAL = new Set<string>(['succeeded', 'failed', 'cancelled', 'rolled_back'])

export const everyRunTerminal: Check = ({ runs }) =>
  verdict(
    runs.length,
    'runs',
    'have ended',
    runs
      .filter(({ view }) => !TERMINAL.has(view.status))
      .map(({ runId, workflow, view }) => `${workflow.definition.name} ${runId} is ${view.status}`),
  )

/** Each ended as its workflow means it to: a kill delays a run, and never changes its end. */
export const runsEndAsMeant: Check = ({ runs }) =>
  verdict(
    runs.length,
    'runs',
    'ended as without kills',
    runs
      .filter(({ workflow, view }) => view.status !== workflow.ends)
      .map(
        ({ runId, workflow, view }) =>
          `${workflow.definition.name} ${runId} ended as ${view.status}, not ${workflow.ends}: ${JSON.stringify(view.failure)}`,
      ),
  )

/** D1 says of each run and stage what the run's object says. */
export const projectionCurrent: Check = ({ runs, state }) => {
  const rows = new Map(state.d1('SELECT run_id, status FROM runs').map((row) => [row.run_id, row.status]))
  const stageRows = new Map(
    state
      .d1('SELECT run_id, stage, status, attempt FROM stage_runs')
      .map((row) => [
        `${String(row.run_id)}/${String(row.stage)}`,
        `${String(row.status)} ${String(row.attempt)}`,
      ]),
  )
  const wrong = runs.flatMap(({ runId, view }) => [
    ...(rows.get(runId) === view.status
      ? []
      : [`${runId} is ${view.status}, in D1 ${String(rows.get(runId))}`]),
    ...view.stages.flatMap(({ stage, status, attempt }) => {
      const stored = stageRows.get(`${runId}/${stage}`)
      return stored === `${status} ${attempt}`
        ? []
        : [`${runId} ${stage} is ${status} ${attempt}, in D1 ${stored}`]
    }),
  ])
  return verdict(runs.length, 'runs', 'stand in D1 as they are', wrong)
}

/** Nothing that a run wanted done is still to be done. */
export const outboxEmpty: Check = ({ runs, state }) =>
  verdict(
    runs.length,
    'runs',
    'have an empty outbox',
    [
      ...state.objects('WorkflowRun', 'SELECT effect, sends FROM outbox'),
      ...state.objects('RouteRegistry', 'SELECT deployment AS effect FROM outbox'),
    ].map((row) => `${String(row.effect)} sent ${String(row.sends)} times`),
  )
