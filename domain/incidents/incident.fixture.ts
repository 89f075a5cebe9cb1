import * as fc from 'fast-check'
import type { Situation } from './action.ts'
import type { Cause } from './cause.ts'
import type { IncidentEvent, Occasion } from './event.ts'
import type { ExampleTrace, IncidentSettings } from './state.ts'
import type { Suspicion } from './suspicion.ts'

export const HOUR = 3_600_000
export const SERVED = 'route:support@v2'
export const CAUSE: Cause = { project: 'p', route: 'support', kind: 'cohort', subject: 'billing-de' }
export const SETTINGS: IncidentSettings = { goodSweeps: 2, reopenWithinMs: 100 }
export const SUSPICION: Suspicion = {
  suspects: [{ kind: 'prompt', ref: 'prompt:a@2', at: 1, probability: 0.75 }],
  unknown: 0.25,
  sentence: 'Most likely (75%) the change of the prompt.',
}

export function flagged(
  until: number,
  {
    cause = CAUSE,
    examples = [],
    routeVersion = SERVED,
    suspicion = SUSPICION,
  }: {
    cause?: Cause
    examples?: ExampleTrace[]
    routeVersion?: string
    suspicion?: Suspicion | null
  } = {},
): Extract<IncidentEvent, { type: 'flagged' }> {
  const sentence = `it is low until ${until}`
  const window = { from: until - 10, to: until }
  return {
    type: 'flagged',
    cause,
    evidence: { sweepId: `swp_${until}`, window, routeVersion, sentence, detail: [] },
    examples,
    suspicion,
  }
}

export function cleared(until: number): IncidentEvent {
  return { type: 'cleared', sweepId: `swp_${until}`, window: { from: until - 10, to: until } }
}
export const byPerson = (type: 'acknowledged' | 'resolved', actor = 'kim'): IncidentEvent => ({
  type,
  actor,
  reason: 'I know why',
})
export const OBSOLETE: IncidentEvent = { type: 'obsolete', reason: 'replaced' }

/** What is so when the policy is asked: the route is as it was when the cause was found, unless `route` says more. */
export function situation(
  at: number,
  route: Partial<Situation['route']> = {},
  occasion: Occasion = 'opened',
): Situation {
  return {
    at,
    occasion,
    revision: 1,
    route: {
      version: SERVED,
      hasCanary: false,
      rollbackTo: 'route:support@v1',
      isRolledBack: false,
      ...route,
    },
  }
}

export const examples: fc.Arbitrary<ExampleTrace> = fc.record({
  traceId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  spanId: fc.constantFrom('1', '2'),
  score: fc.option(fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10)),
})

/** An event, and when: the windows of sweeps end up to 30 before or at their time, so that some come late. */
export const timedEvents: fc.Arbitrary<{ event: IncidentEvent; at: number }[]> = fc
  .array(
    fc.record({
      later: fc.nat(60),
      late: fc.nat(30),
      examples: fc.array(examples, { maxLength: 5 }),
      type: fc.constantFrom(
        'flagged',
        'flagged',
        'cleared',
        'cleared',
        'acknowledged',
        'resolved',
        'obsolete',
      ),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let at = 1_000
    return steps.map(({ later, late, examples, type }) => {
      at += later
      if (type === 'flagged') return { event: flagged(at - late, { examples }), at }
      if (type === 'cleared') return { event: cleared(at - late), at }
      return { event: type === 'obsolete' ? OBSOLETE : byPerson(type as 'resolved'), at }
    })
  })
