import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { stage } from './plan.fixture.ts'
import { Simulation } from './simulation.fixture.ts'
import { TERMINAL_RUN, type StagePlan } from './state.ts'

const plans = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(5), { maxLength: 2 }),
      gates: fc.constantFrom([], ['g'], ['g', 'h']),
      attempts: fc.integer({ min: 1, max: 3 }),
      takesEffect: fc.boolean(),
      timeoutSeconds: fc.integer({ min: 3, max: 60 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((drafts): Record<string, StagePlan> =>
    Object.fromEntries(
      drafts.map(({ needs, gates, attempts, takesEffect, timeoutSeconds }, index) => [
        `s${index}`,
        stage({
          needs: [...new Set(needs.filter((need) => need < index).map((need) => `s${need}`))],
          gates,
          takesEffect,
          timeoutSeconds,
          retry: { attempts, backoffSeconds: 1 },
        }),
      ]),
    ),
  )

test('a run ends, however messages are lost, doubled, delayed and reordered, and leaves production as it says', () => {
  const ends = new Set<string>()
  fc.assert(
    fc.property(plans, fc.infiniteStream(fc.nat(999)), fc.option(fc.nat(60)), (plan, choices, cancelAt) => {
      const simulation = new Simulation(plan, (n) => Number(choices.next().value) % n)
      let steps = 0
      while (steps < 4_000 && simulation.step()) if (++steps === cancelAt) simulation.cancel()
      const { state, inProduction, startedWithout, toUndo, undone } = simulation
      expect(steps).toBeLessThan(4_000)
      expect(startedWithout).toEqual([])
      expect(TERMINAL_RUN).toContain(state.status)
      const takesEffect = Object.keys(plan).filter((name) => plan[name]!.takesEffect)
      expect([...inProduction].toSorted()).toEqual(state.status === 'succeeded' ? takesEffect.toSorted() : [])
      expect(undone).toEqual((toUndo ?? []).toReversed())
      expect(state.status === 'rolled_back').toBe(toUndo !== undefined)
      for (const [name, { attempt }] of Object.entries(state.stages)) {
        expect(attempt).toBeLessThanOrEqual(plan[name]!.retry.attempts)
      }
      ends.add(state.status)
    }),
    { numRuns: 500, seed: 7 },
  )
  // The simulation reaches every way in which a run can end, or it would prove little.
  expect([...ends].toSorted()).toEqual(['cancelled', 'failed', 'rolled_back', 'succeeded'])
})
