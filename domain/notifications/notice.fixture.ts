import * as fc from 'fast-check'
import { CHANGE_AXES } from '../gates/single-change.ts'
import { INCIDENT_KINDS } from '../incidents/cause.ts'
import { OCCASIONS } from '../incidents/event.ts'
import { flagged } from '../incidents/incident.fixture.ts'
import type { IncidentState } from '../incidents/state.ts'
import { transition } from '../incidents/transition.ts'
import { noticeOf, type IncidentNotice, type Links } from './incident-notice.ts'

export const AT = Date.UTC(2026, 7, 3, 2, 10)
export const LINKS: Links = {
  incident: (id) => `https://sluice.test/#/incidents/${id}`,
  trace: (id) => `https://sluice.test/#/traces/${id}?a=1&b=2`,
}

export function openIncident(): IncidentState {
  const examples = [{ traceId: 'ab12', spanId: '1', score: 0.25 }]
  const settings = { goodSweeps: 2, reopenWithinMs: 1 }
  return transition(undefined, flagged(AT, { examples }), AT, settings).state!
}
export function notice(change: Partial<IncidentState> = {}): IncidentNotice {
  const withheld = [{ do: 'roll-back' as const, target: '', reason: 'there is no version to roll back to' }]
  const occasion = { occasion: 'opened' as const, revision: 1, at: AT }
  return noticeOf({ ...openIncident(), ...change }, occasion, { actions: [], withheld }, LINKS)
}

/** What users may have written: anything, markup and half pairs above all, and a lot of it. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('&', '<', '>', '|', '\n', '😀', '\uD83D', '\u0000', '"', 'ä', '*') }),
  fc.constantFrom('<!channel>', '<@U1|x>', '&amp;', 'a'.repeat(5_000), '&'.repeat(5_000), '語'.repeat(9_000)),
)
const score = fc.option(fc.double({ min: 0, max: 1, noNaN: true }))

export const notices: fc.Arbitrary<IncidentNotice> = fc
  .record({
    text: fc.array(text, { minLength: 9, maxLength: 9 }),
    kind: fc.constantFrom(...INCIDENT_KINDS),
    occasion: fc.constantFrom(...OCCASIONS),
    scores: fc.array(score, { maxLength: 12 }),
    axes: fc.subarray([...CHANGE_AXES]),
    many: fc.nat(20),
  })
  .map(({ text, kind, occasion, scores, axes, many }) => {
    const [project, route, subject, sentence, actor, reason, ref, target, traceId] = text as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ]
    const state = openIncident()
    const found = { ...state.evidence.kept[0]!, sentence }
    const suspects = axes.map((axis) => ({ kind: axis, ref, at: AT, probability: 0.2 }))
    const withheld = Array.from({ length: many }, () => ({ do: 'retrain' as const, target, reason }))
    return noticeOf(
      {
        ...state,
        cause: { project, route, kind, subject },
        routeVersion: ref,
        sentence,
        evidence: { kept: Array.from({ length: many }, () => found), dropped: 0 },
        examples: scores.map((each) => ({ traceId, spanId: '1', score: each })),
        suspicion: { suspects, unknown: 0, sentence },
        lastChange: { at: AT, to: 'open', actor, reason },
      },
      { occasion, revision: 1, at: AT },
      { actions: [], withheld },
      {
        incident: (id) => `https://sluice.test/?${encodeURIComponent(target.toWellFormed())}#${id}`,
        trace: (id) => `https://sluice.test/|&?id=${encodeURIComponent(id.toWellFormed())}`,
      },
    )
  })
