import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Action } from './action.ts'
import { actionsFor } from './actions.ts'
import { CAUSE, HOUR, byPerson, cleared, flagged, situation } from './incident.fixture.ts'
import { IncidentPolicy, settingsOf } from './policy.ts'
import type { IncidentState } from './state.ts'
import { transition } from './transition.ts'

const policies = fc.record({
  goodSweeps: fc.integer({ min: 1, max: 3 }),
  reopenWithinHours: fc.integer({ min: 1, max: 48 }),
  stopCanary: fc.boolean(),
  afterSweeps: fc.integer({ min: 1, max: 2 }),
  coolDownHours: fc.integer({ min: 1, max: 72 }),
})
const nights = fc.array(
  fc.record({
    subject: fc.constantFrom('billing', 'refunds'),
    event: fc.constantFrom('flagged', 'flagged', 'cleared', 'acknowledged', 'resolved'),
    hours: fc.integer({ min: 1, max: 30 }),
    deploys: fc.boolean(),
    hasCanary: fc.boolean(),
  }),
  { maxLength: 50 },
)

test('over any nights: no incident is rolled back for twice, cool-downs hold, and every action is audited', () => {
  let rollbacks = 0
  fc.assert(
    fc.property(policies, nights, ({ stopCanary, afterSweeps, coolDownHours, ...times }, steps) => {
      const rule = { do: 'roll-back', afterSweeps, coolDownHours }
      const actions = [rule, { do: 'notify', to: ['ops'] }, ...(stopCanary ? [{ do: 'stop-canary' }] : [])]
      const wanted = IncidentPolicy.parse({ ...times, actions })
      const incidents = new Map<string, IncidentState>()
      const history: Action[] = []
      let [at, version] = [0, 1]
      for (const { subject, event, hours, deploys, hasCanary } of steps) {
        at += hours * HOUR
        if (deploys) version += 1
        const routeVersion = `route:support@v${version}`
        const found = flagged(at, { cause: { ...CAUSE, subject }, routeVersion })
        const happened = event === 'flagged' ? found : event === 'cleared' ? cleared(at) : byPerson(event)
        const step = transition(incidents.get(subject), happened, at, settingsOf(wanted))
        if (step.state) incidents.set(subject, step.state)
        for (const effect of step.effects) {
          if (effect.type !== 'decide') continue
          const now = situation(at, { version: routeVersion, hasCanary }, effect.occasion)
          const asked = { ...now, revision: effect.revision }
          const decided = actionsFor(wanted, step.state!, history, asked).actions
          // Effects are delivered at least once.
          const all = [...history, ...decided]
          expect(actionsFor(wanted, step.state!, all, asked).actions).toEqual([])
          for (const action of decided) if (action.do !== 'notify') expect(step.state!.status).toBe('open')
          history.push(...decided)
        }
      }
      const back = history.filter((action) => action.do === 'roll-back')
      rollbacks += back.length
      expect(new Set(back.map(({ incidentId }) => incidentId)).size).toBe(back.length)
      for (const [index, { at: time }] of back.entries())
        if (index > 0) expect(time - back[index - 1]!.at).toBeGreaterThanOrEqual(coolDownHours * HOUR)
      expect(new Set(history.map(({ actionId }) => actionId)).size).toBe(history.length)
      for (const { audit, incidentId } of history) expect(audit.reason).toContain(incidentId)
    }),
    { numRuns: 400 },
  )
  expect(rollbacks).toBeGreaterThan(100)
})
