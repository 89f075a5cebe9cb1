import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hash52 } from '../hash.ts'
import { runs, type RandomRun } from './plans.fixture.ts'
import { Simulation, type Chance } from './simulation.fixture.ts'
import { TERMINAL_RUN } from './state.ts'

/**
 * Runs whose end does not depend on what comes first: one usual stage after the other, and no time limits, since a message
 * that is sent again comes later.
 */
const lines = runs.map(({ plan, kept }): RandomRun => {
  const usual = Object.keys(plan)
    .filter((name) => !plan[name]!.role)
    .toSorted()
  const keptFirst = usual.slice(
    0,
    usual.findIndex((name) => !kept[name]),
  )
  const patient = Object.entries(plan).map(([name, { heartbeatSeconds: _, ...stage }]) => {
    const before = usual.slice(0, Math.max(0, usual.indexOf(name)))
    const approval = stage.approval && { approval: { deadlineSeconds: 86_400 } }
    return [
      name,
      { ...stage, timeoutSeconds: 86_400, ...approval, needs: stage.role ? stage.needs : before.slice(-1) },
    ]
  })
  return {
    plan: Object.fromEntries(patient),
    kept: Object.fromEntries(keptFirst.map((name) => [name, kept[name]!])),
    timeoutSeconds: undefined,
  }
})

/** How a run ended: all that does not depend on when. */
function end({ state, outside }: Simulation) {
  const stages = Object.entries(state.stages).map(
    ([name, { status, attempt, restarts, outputs, verdicts, error, skipped }]) => [
      name,
      { status, attempt, restarts, outputs, verdicts, error, skipped },
    ],
  )
  const { status, failure, effective } = state
  return {
    status,
    failure,
    effective,
    production: [...outside.production],
    stages: Object.fromEntries(stages),
  }
}

/** The world answers each question in the same way, however often and whenever it is asked. */
function simulate(run: RandomRun, world: number, chance: (what: Chance, n: number) => number) {
  return new Simulation(run, chance, (question, n) => hash52(`${world} ${question}`) % n)
}

/** Far more than any of these runs takes. */
const MAX_STEPS = 2_000

describe('8. a run ends as it would have ended', () => {
  test('when the process is killed between any two steps', () => {
    let kills = 0
    const ends = new Set<string>()
    fc.assert(
      fc.property(lines, fc.nat(), (run, world) => {
        const plainly = (killAt: number) => {
          const simulation = simulate(run, world, () => 0)
          let steps = 0
          do if (steps === killAt) simulation.kill()
          while (simulation.step() && steps++ < MAX_STEPS)
          return { steps, end: end(simulation) }
        }
        const undisturbed = plainly(-1)
        expect(undisturbed.steps).toBeLessThan(MAX_STEPS)
        expect(TERMINAL_RUN).toContain(undisturbed.end.status)
        ends.add(undisturbed.end.status)
        for (let killAt = 0; killAt < undisturbed.steps; killAt++, kills++)
          expect(plainly(killAt).end).toEqual(undisturbed.end)
      }),
      { numRuns: 120 },
    )
    expect(kills).toBeGreaterThan(1_000)
    expect(ends.size).toBeGreaterThanOrEqual(3)
  })

  test('when effects are lost, doubled and reordered, and workers and processes die', () => {
    const faults = new Set<Chance>([
      'a message is lost',
      'a message is doubled',
      'a worker dies',
      'a process dies',
      'which is next',
    ])
    const choices = fc.array(fc.nat(), { maxLength: 300, size: 'max' })
    fc.assert(
      fc.property(lines, fc.nat(), choices, (run, world, drawn) => {
        let next = 0
        const troubled = simulate(run, world, (what, n) => (faults.has(what) ? (drawn[next++] ?? 0) % n : 0))
        const plain = simulate(run, world, () => 0)
        for (let steps = 0; plain.step() && steps < MAX_STEPS; steps++);
        for (let steps = 0; troubled.step() && steps < MAX_STEPS; steps++);
        expect(end(troubled)).toEqual(end(plain))
      }),
      { numRuns: 500 },
    )
  })
})
