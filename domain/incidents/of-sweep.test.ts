import { expect, test } from 'vitest'
import type { CohortFinding } from '../monitoring/below-threshold.ts'
import { SUSPICION } from './incident.fixture.ts'
import { eventsOfSweep } from './of-sweep.ts'

const finding = (cohort: string, change: Partial<CohortFinding> = {}): CohortFinding => ({
  metric: 'Groundedness',
  cohort,
  n: 55,
  traces: 40,
  mean: 0.9,
  lower: 0.85,
  upper: 0.95,
  threshold: 0.8,
  pValue: 0.9,
  level: 0.05,
  verdict: 'not_shown',
  ...change,
})
const LOW = { mean: 0.5, upper: 0.6, verdict: 'below' } as const
const EXAMPLE = { traceId: 't', spanId: 's', score: 0.1 }
const events = (...findings: CohortFinding[]) =>
  eventsOfSweep({
    project: 'p',
    route: 'support',
    routeVersion: 'route:support@v2',
    sweepId: 'swp_1',
    window: { from: 0, to: 10 },
    findings,
    examplesOf: (cohort) => (cohort === 'de' ? [EXAMPLE] : []),
    suspicionOf: (cohort) => (cohort === 'de' ? SUSPICION : null),
  })

test('the low metrics of a cohort are one cause, with its examples', () => {
  const low = [finding('de', LOW), finding('de', { ...LOW, metric: 'JSONValidation', mean: 0.25 })]
  const [one, ...others] = events(...low, finding('de', { metric: 'Toxicity' }))
  expect(others).toEqual([])
  expect(one).toMatchObject({
    cause: { project: 'p', route: 'support', kind: 'cohort', subject: 'de' },
    event: {
      type: 'flagged',
      evidence: {
        sentence:
          'Groundedness is 0.500 on 40 traces, below 0.800; JSONValidation is 0.250 on 40 traces, below 0.800.',
        detail: low,
      },
      examples: [EXAMPLE],
      suspicion: SUSPICION,
    },
  })
})

test('a cohort is good only when all of it is shown to be', () => {
  expect(events(finding('de'))).toMatchObject([{ cause: { subject: 'de' }, event: { type: 'cleared' } }])
  expect(events(finding('de'), finding('de', { metric: 'Toxicity', verdict: 'thin' }))).toEqual([])
  expect(events(finding('de', { mean: 0.79 }))).toEqual([])
})
