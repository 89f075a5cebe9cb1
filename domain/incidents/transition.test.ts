import { expect, test } from 'vitest'
import { fingerprint } from './cause.ts'
import type { IncidentEvent } from './event.ts'
import { CAUSE, OBSOLETE, SETTINGS, SUSPICION, byPerson, cleared, flagged } from './incident.fixture.ts'
import type { IncidentState } from './state.ts'
import type { Suspicion } from './suspicion.ts'
import { transition, type IncidentTransition } from './transition.ts'

/** Each event at its own time, the window of a sweep ending then. */
function after(
  ...events: [at: number, event: IncidentEvent][]
): IncidentTransition & { state: IncidentState } {
  let step: IncidentTransition = { state: undefined, effects: [] }
  for (const [at, event] of events) step = transition(step.state, event, at, SETTINGS)
  return step as IncidentTransition & { state: IncidentState }
}
const sweep = (at: number): [number, IncidentEvent] => [at, flagged(at)]
const good = (at: number): [number, IncidentEvent] => [at, cleared(at)]

test('what is found first opens an incident, and the policy is asked', () => {
  const { state, effects } = after(sweep(10))
  expect(state).toMatchObject({
    incidentId: `inc_${fingerprint(CAUSE)}_1`,
    status: 'open',
    badSweeps: 1,
    suspicion: SUSPICION,
    sentence: 'it is low until 10',
    lastChange: { at: 10, to: 'open', actor: 'sluice' },
  })
  expect(effects).toEqual([{ type: 'decide', incidentId: state.incidentId, occasion: 'opened', revision: 1 }])
})

test('what is found again is more evidence of the same incident', () => {
  const { state, effects } = after(sweep(10), sweep(20))
  expect(state).toMatchObject({ episode: 1, badSweeps: 2, sentence: 'it is low until 20' })
  expect(state.evidence.kept.map(({ sweepId }) => sweepId)).toEqual(['swp_10', 'swp_20'])
  expect(effects).toMatchObject([{ occasion: 'flagged', revision: 2 }])
})

test('the same sweep again, or one over older traffic, changes nothing', () => {
  const [once, twice] = [after(sweep(10)), after(sweep(10), [11, flagged(10)])]
  expect(twice).toEqual({ state: once.state, effects: [], ignored: 'newer traffic was judged already' })
  expect(after(sweep(10), [11, flagged(5)]).state).toEqual(once.state)
  expect(after(sweep(10), [11, cleared(5)]).ignored).toBe('newer traffic was judged already')
})

test('so many good sweeps in a row resolve it; a bad one between starts the count anew', () => {
  expect(after(sweep(10), good(20)).state).toMatchObject({ status: 'open', goodSweeps: 1 })
  expect(after(sweep(10), good(20), sweep(30), good(40)).state).toMatchObject({
    status: 'open',
    goodSweeps: 1,
  })
  const { state, effects } = after(sweep(10), good(20), good(30))
  expect(state.lastChange).toEqual({
    at: 30,
    to: 'resolved',
    actor: 'sluice',
    reason: '2 sweeps in a row found it gone',
  })
  expect(effects).toMatchObject([{ type: 'audit', actor: 'sluice' }, { occasion: 'resolved' }])
})

test('who acknowledged or resolved it, and why, is kept and audited', () => {
  const taken = after(sweep(10), [12, byPerson('acknowledged')])
  expect(taken.state).toMatchObject({ status: 'acknowledged', lastChange: { actor: 'kim', at: 12 } })
  const { state, effects } = after(
    sweep(10),
    [12, byPerson('acknowledged')],
    [15, byPerson('resolved', 'lee')],
  )
  expect(state.lastChange).toEqual({ at: 15, to: 'resolved', actor: 'lee', reason: 'I know why' })
  expect(effects[0]).toEqual({
    type: 'audit',
    action: 'incident.resolved',
    target: state.incidentId,
    actor: 'lee',
    reason: 'I know why',
  })
  expect(state.changes.kept.map(({ to }) => to)).toEqual(['open', 'acknowledged', 'resolved'])
})

test('a second hand that acknowledges it is told whose it is', () => {
  const { ignored } = after(sweep(10), [11, byPerson('acknowledged')], [12, byPerson('acknowledged', 'lee')])
  expect(ignored).toBe('kim has acknowledged it already')
})

test('an acknowledged incident stays so while it is found again', () => {
  expect(after(sweep(10), [11, byPerson('acknowledged')], sweep(20)).state).toMatchObject({
    status: 'acknowledged',
    badSweeps: 2,
  })
})

test('a resolved incident is opened again within the window, and is another one after it', () => {
  const resolved: [number, IncidentEvent][] = [sweep(10), [20, byPerson('resolved')]]
  const within = after(...resolved, sweep(120))
  expect(within.state).toMatchObject({ episode: 1, status: 'open', badSweeps: 1, goodSweeps: 0 })
  expect(within.effects).toMatchObject([{ occasion: 'reopened' }])
  const later = after(...resolved, sweep(121))
  expect(later.state).toMatchObject({ episode: 2, status: 'open', revision: 1, openedAt: 121 })
  expect(later.state.incidentId).toMatch(/_2$/)
  expect(later.effects).toMatchObject([{ occasion: 'opened' }])
})

test('traffic from before it was put right does not open it again', () => {
  const { ignored } = after(sweep(10), [30, byPerson('resolved')], [40, flagged(30)])
  expect(ignored).toBe('the traffic is from before it was resolved')
})

test('the newest suspicion stands; one from before it was resolved says nothing of why it came back', () => {
  const other = { ...SUSPICION, unknown: 0.1 }
  const suspected = (at: number, suspicion: Suspicion | null): [number, IncidentEvent] => [
    at,
    flagged(at, { suspicion }),
  ]
  expect(after(sweep(10), suspected(40, other)).state.suspicion).toBe(other)
  expect(after(sweep(10), suspected(40, null)).state.suspicion).toBe(SUSPICION)
  const resolved: [number, IncidentEvent] = [20, byPerson('resolved')]
  expect(after(sweep(10), resolved, suspected(40, null)).state.suspicion).toBeNull()
})

test('what it is about may be gone: it is resolved, with the reason', () => {
  expect(after(sweep(10), [11, OBSOLETE]).state).toMatchObject({
    status: 'resolved',
    lastChange: { actor: 'sluice', reason: 'replaced' },
  })
})

test('nothing but a finding can happen to what is not there, or is over', () => {
  for (const event of [cleared(50), byPerson('acknowledged'), byPerson('resolved'), OBSOLETE]) {
    expect(after([50, event])).toEqual({ state: undefined, effects: [], ignored: 'there is no incident' })
    expect(after(sweep(10), [20, byPerson('resolved')], [50, event]).ignored).toBe('the incident is resolved')
  }
})

test('a finding of another cause is refused', () => {
  const other = flagged(20, { cause: { ...CAUSE, subject: 'refunds' } })
  expect(after(sweep(10), [20, other]).ignored).toBe('it is about another cause')
})
