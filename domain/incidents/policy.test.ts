import { expect, test } from 'vitest'
import { IncidentPolicy, settingsOf } from './policy.ts'

/** As a monitor stage would have it under `incidents`. */
const WRITTEN = {
  goodSweeps: 3,
  actions: [
    { do: 'notify', to: ['ops-webhook', 'slack'], on: ['opened', 'reopened', 'acknowledged', 'resolved'] },
    { do: 'stop-canary' },
    { do: 'roll-back', afterSweeps: 2, coolDownHours: 48 },
    { do: 'retrain', workflow: 'support-agent', kinds: ['cohort', 'drift', 'new-cohort'] },
  ],
}
const faults = (policy: unknown) =>
  IncidentPolicy.safeParse(policy).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)

test('a policy as it is written, with what it leaves out', () => {
  const policy = IncidentPolicy.parse(WRITTEN)
  expect(policy.actions[1]).toEqual({
    do: 'stop-canary',
    kinds: ['cohort'],
    afterSweeps: 1,
    coolDownHours: 1,
  })
  expect(policy.actions[2]).toMatchObject({ afterSweeps: 2, onlyAfterChange: true })
  expect(settingsOf(policy)).toEqual({ goodSweeps: 3, reopenWithinMs: 72 * 3_600_000 })
})

test('without a word, incidents are kept and nothing is done', () => {
  expect(IncidentPolicy.parse({})).toEqual({ goodSweeps: 2, reopenWithinHours: 72, actions: [] })
})

test('two rules for one change are refused: they would have two cool-downs', () => {
  expect(faults({ actions: [{ do: 'roll-back' }, { do: 'roll-back', afterSweeps: 3 }] })).toEqual([
    'actions.1.do: roll-back has a rule already: name all its kinds in one',
  ])
  const retrain = (workflow: string) => ({ do: 'retrain', workflow })
  expect(faults({ actions: [retrain('a'), retrain('b')] })).toBeUndefined()
})

test.each([
  [{ actions: [{ do: 'page' }] }, /actions.0.do/],
  [{ actions: [{ do: 'notify', to: [] }] }, /actions.0.to/],
  [{ actions: [{ do: 'roll-back', coolDownHours: 0 }] }, /actions.0.coolDownHours/],
  [{ goodSweeps: 0 }, /goodSweeps/],
  [{ goodSweeps: 1, after: 2 }, /after/],
])('%j is refused by name', (policy, fault) => {
  expect(faults(policy)!.join()).toMatch(fault)
})
