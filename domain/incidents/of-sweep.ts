import type { Json } from '../json.ts'
import type { CohortFinding } from '../monitoring/below-threshold.ts'
import type { Cause } from './cause.ts'
import type { IncidentEvent } from './event.ts'
import type { ExampleTrace } from './state.ts'
import type { Suspicion } from './suspicion.ts'

export interface JudgedSweep {
  project: string
  route: string
  routeVersion: string
  sweepId: string
  /** ms since the epoch. */
  window: { from: number; to: number }
  findings: readonly CohortFinding[]
  /** Scored calls of a cohort, of which the worst are kept. */
  examplesOf: (cohort: string) => readonly ExampleTrace[]
  suspicionOf: (cohort: string) => Suspicion | null
}

export interface CauseEvent {
  cause: Cause
  event: Extract<IncidentEvent, { type: 'flagged' | 'cleared' }>
}

/**
 * What a sweep says of each cohort: one cause, however many of its metrics are low. That a cohort is not shown to be bad
 * does not show that it is good: for that, each of its metrics needs enough traces, and a mean at its threshold or
 * above. Of any other cohort, nothing is said.
 */
export function eventsOfSweep(sweep: JudgedSweep): CauseEvent[] {
  const { project, route, routeVersion, sweepId, window, findings } = sweep
  return [...Map.groupBy(findings, ({ cohort }) => cohort)].flatMap(([cohort, own]): CauseEvent[] => {
    const cause: Cause = { project, route, kind: 'cohort', subject: cohort }
    const low = own.filter(({ verdict }) => verdict === 'below')
    if (low.length > 0) {
      const detail = low.map((finding): Json => ({ ...finding }))
      const evidence = { sweepId, window, routeVersion, sentence: sentenceOf(low), detail }
      const [examples, suspicion] = [sweep.examplesOf(cohort), sweep.suspicionOf(cohort)]
      return [{ cause, event: { type: 'flagged', cause, evidence, examples, suspicion } }]
    }
    const isGood = own.every(({ verdict, mean, threshold }) => verdict === 'not_shown' && mean >= threshold)
    return isGood ? [{ cause, event: { type: 'cleared', sweepId, window } }] : []
  })
}

function sentenceOf(low: readonly CohortFinding[]): string {
  const parts = low.map(
    ({ metric, traces, mean, threshold }) =>
      `${metric} is ${mean.toFixed(3)} on ${traces} traces, below ${threshold.toFixed(3)}`,
  )
  return `${parts.join('; ')}.`
}
