import type { RunView } from '../../workers/api/run-view.ts'
import type { DemoResult } from './demo.ts'

/** The result for machines: one JSON object. `ok` is true when the story went as it must. */
export function report(result: DemoResult & { seconds: number }) {
  const [first, second, third] = result.runs.map(({ status }) => status)
  const checks = {
    firstPromoted: first === 'succeeded',
    secondPromoted: second === 'succeeded',
    damagedStopped: third === 'failed' && closedGates(result.runs[2]!).includes('no-regression'),
    noRequestFailed: result.gateway.failed === 0 && result.gateway.fallbacks > 0,
    degradedFlagged: result.sweep.flagged.includes(result.damagedCohort),
    rolledBack: result.rollback.version !== '',
    reproduced: result.reproduced.status === 'succeeded',
  }
  return {
    ok: Object.values(checks).every(Boolean),
    checks,
    rows: result.rows,
    damagedCohort: result.damagedCohort,
    runs: result.runs.map(({ runId, status, stages, failure }) => ({
      runId,
      status,
      failure,
      stages: stages.map(({ stage, kind, owner, status: state, attempt, startedAt, finishedAt }) => ({
        stage,
        kind,
        owner,
        status: state,
        attempt,
        seconds: startedAt !== null && finishedAt !== null ? (finishedAt - startedAt) / 1000 : null,
      })),
      gates: stages.flatMap(({ stage, gates }) =>
        gates.map(({ gate, verdict, sentence }) => ({ stage, gate, verdict, sentence })),
      ),
      scores: result.scores.find((score) => score.runId === runId)?.scores ?? [],
    })),
    gateway: result.gateway,
    sweep: { sampled: result.sweep.sampled, flagged: result.sweep.flagged, findings: result.sweep.findings },
    rollback: result.rollback,
    measures: result.measures,
    record: result.record,
    seconds: result.seconds,
  }
}

function closedGates({ stages }: RunView): string[] {
  return stages.flatMap(({ gates }) =>
    gates.filter(({ blocks, at }) => blocks && at !== null).map(({ gate }) => gate),
  )
}
