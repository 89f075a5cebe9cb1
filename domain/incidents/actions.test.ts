import { expect, test } from 'vitest'
import { actionsFor } from './actions.ts'
import type { IncidentEvent } from './event.ts'
import { CAUSE, HOUR, SERVED, byPerson, flagged, situation } from './incident.fixture.ts'
import { IncidentPolicy, settingsOf } from './policy.ts'
import type { IncidentState } from './state.ts'
import { transition } from './transition.ts'

const policy = (...actions: object[]) => IncidentPolicy.parse({ actions })
const ROLL_BACK = policy({ do: 'roll-back' })

function incident(...events: IncidentEvent[]): IncidentState {
  let state: IncidentState | undefined
  for (const [at, event] of [flagged(1), ...events].entries())
    state = transition(state, event, at + 1, settingsOf(ROLL_BACK)).state
  return state!
}
const reasons = (...args: Parameters<typeof actionsFor>) =>
  actionsFor(...args).withheld.map(({ reason }) => reason)

test('a rollback is decided once, with its entry of the audit log', () => {
  const { actions } = actionsFor(ROLL_BACK, incident(), [], situation(5))
  expect(actions).toMatchObject([
    {
      do: 'roll-back',
      place: 'p/support',
      routeVersion: SERVED,
      audit: { action: 'incident.roll-back', target: 'support', actor: 'sluice' },
    },
  ])
  expect(actions[0]!.audit.reason).toBe(`${incident().incidentId} opened: it is low until 1`)
  const again = incident(flagged(2))
  expect(reasons(ROLL_BACK, again, actions, situation(999 * HOUR, {}, 'flagged'))).toEqual([
    'it was rolled back for this incident already',
  ])
})

test('an incident that comes back after its rollback is not rolled back for again', () => {
  const { actions } = actionsFor(ROLL_BACK, incident(), [], situation(1))
  const back = incident(byPerson('resolved'), flagged(3))
  expect(back.status).toBe('open')
  expect(actionsFor(ROLL_BACK, back, actions, situation(999 * HOUR, {}, 'reopened')).actions).toEqual([])
})

test('another cause waits for the cool-down of the route, and only of its route', () => {
  const { actions } = actionsFor(ROLL_BACK, incident(), [], situation(0))
  const of = (cause: object) =>
    transition(undefined, flagged(1, { cause: { ...CAUSE, ...cause } }), 1, settingsOf(ROLL_BACK)).state!
  const other = of({ subject: 'refunds' })
  expect(reasons(ROLL_BACK, other, actions, situation(24 * HOUR - 1))).toEqual([
    'the last one is too recent: not before 1970-01-02T00:00:00.000Z',
  ])
  expect(actionsFor(ROLL_BACK, other, actions, situation(24 * HOUR)).actions).toHaveLength(1)
  expect(actionsFor(ROLL_BACK, of({ project: 'q' }), actions, situation(1)).actions).toHaveLength(1)
})

test.each([
  ['there is no version to roll back to', incident(), { rollbackTo: null }],
  ['the version in force came by a rollback itself', incident(), { isRolledBack: true }],
  ['the route serves another version than it was found on', incident(), { version: 'route:support@v3' }],
  ['kim has acknowledged the incident', incident(byPerson('acknowledged')), {}],
  ['the incident is resolved', incident(byPerson('resolved')), {}],
] as const)('nothing is rolled back when %s', (reason, state, route) => {
  expect(reasons(ROLL_BACK, state, [], situation(5, route))).toEqual([reason])
})

test('going back needs something that changed, unless the policy says not', () => {
  const unexplained = { ...incident(), suspicion: null }
  expect(reasons(ROLL_BACK, unexplained, [], situation(5))).toEqual([
    'no change of the route is likely behind it',
  ])
  const anyway = policy({ do: 'roll-back', onlyAfterChange: false })
  expect(actionsFor(anyway, unexplained, [], situation(5)).actions).toHaveLength(1)
})

test('a rule can wait for a second sweep that sees the same', () => {
  const patient = policy({ do: 'roll-back', afterSweeps: 2 })
  expect(reasons(patient, incident(), [], situation(5))).toEqual([
    'the sweeps that found it are 1 of the 2 that are needed',
  ])
  expect(actionsFor(patient, incident(flagged(2)), [], situation(5, {}, 'flagged')).actions).toHaveLength(1)
})

test('a canary is stopped first, for whichever incident, and the route rolled back only without it', () => {
  const both = policy({ do: 'roll-back' }, { do: 'stop-canary' })
  const first = actionsFor(both, incident(), [], situation(5, { hasCanary: true }))
  expect(first.actions.map((action) => action.do)).toEqual(['stop-canary'])
  expect(first.withheld).toEqual([{ do: 'roll-back', target: '', reason: 'the canary is stopped first' }])
  const other = flagged(1, { cause: { ...CAUSE, subject: 'refunds' } })
  const second = transition(undefined, other, 1, settingsOf(both)).state!
  expect(reasons(both, second, first.actions, situation(6, { hasCanary: true }))).toEqual([
    'the canary is being stopped already',
    'the canary is stopped first',
  ])
  const without = { version: 'route:support@v3' }
  const later = incident(flagged(2, { routeVersion: without.version }))
  const { actions } = actionsFor(both, later, first.actions, situation(9, without, 'flagged'))
  expect(actions.map((action) => action.do)).toEqual(['roll-back'])
})

test('retraining is started once an incident, and per workflow within the cool-down', () => {
  const retrain = policy({ do: 'retrain', workflow: 'support-agent' }, { do: 'retrain', workflow: 'router' })
  const { actions } = actionsFor(retrain, incident(), [], situation(5))
  expect(actions.map(({ target }) => target)).toEqual(['support-agent', 'router'])
  const again = incident(flagged(2))
  expect(reasons(retrain, again, actions, situation(99 * 24 * HOUR, {}, 'flagged'))).toEqual([
    'it was started for this incident already',
    'it was started for this incident already',
  ])
})

test('each endpoint is told of each change once, whoever has acknowledged it', () => {
  const notify = policy({ do: 'notify', to: ['ops', 'slack'] })
  const { actions } = actionsFor(notify, incident(byPerson('acknowledged')), [], situation(5))
  expect(actions.map(({ target, audit }) => [target, audit.target])).toEqual([
    ['ops', 'ops'],
    ['slack', 'slack'],
  ])
  expect(actionsFor(notify, incident(), actions, situation(9)).actions).toEqual([])
  expect(actionsFor(notify, incident(), [], situation(9, {}, 'flagged')).actions).toEqual([])
  expect(actionsFor(notify, incident(), actions, { ...situation(9), revision: 2 }).actions).toHaveLength(2)
})

test('what changes production is for cohorts, unless the policy names other kinds', () => {
  const waiver = flagged(1, { cause: { ...CAUSE, kind: 'waiver' } })
  const state = transition(undefined, waiver, 1, settingsOf(ROLL_BACK)).state!
  expect(actionsFor(ROLL_BACK, state, [], situation(5))).toEqual({ actions: [], withheld: [] })
  const named = policy({ do: 'roll-back', kinds: ['waiver'] })
  expect(actionsFor(named, state, [], situation(5)).actions).toHaveLength(1)
})
