import * as fc from 'fast-check'
import type { Condition } from '../workflow/condition.ts'
import { retry, stage } from './plan.fixture.ts'
import { APPROVAL_GATE, type KeptStage, type StagePlan } from './state.ts'

/** What a run starts from. */
export interface RandomRun {
  plan: Record<string, StagePlan>
  kept: Record<string, KeptStage>
  timeoutSeconds: number | undefined
}
type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never

// Of each list the first is the plainest, towards which a failing example is shrunk; some stand more than once, since
// runs that wait or skip at every stage reach little else.
const work = {
  gates: fc.constantFrom<readonly string[]>([], ['g'], ['g', 'h'], ['approval'], ['approval', 'g']),
  attempts: fc.integer({ min: 1, max: 3 }),
  heartbeatSeconds: fc.constantFrom(undefined, undefined, undefined, 5, 30),
  timeoutSeconds: fc.constantFrom(90, 90, 60, 30, 3),
  /** Where it stands in the definition, which says nothing about when it starts. */
  place: fc.nat(99),
}
const anyWork = fc.record(work)
const usual = fc.record({
  ...work,
  needs: fc.array(fc.nat(5), { maxLength: 2 }),
  undo: fc.constantFrom('none', 'effect', 'effect', 'stage'),
  undoneBy: anyWork,
  when: fc.constantFrom('always', 'always', 'always', 'always', true, false, 'score', 'go'),
  waitFor: fc.constantFrom<readonly string[]>([], [], [], [], ['go'], ['go', 'data']),
  kept: fc.constantFrom(false, false, false, true),
})
const onFailure = fc.record({ ...work, needs: fc.array(fc.nat(2), { maxLength: 2 }) })

/** Random runs that a definition could give: up to six stages, those that undo them, and three for a failed run. */
export const runs: fc.Arbitrary<RandomRun> = fc
  .record({
    usual: fc.array(usual, { minLength: 1, maxLength: 6, size: 'max' }),
    failure: fc.array(onFailure, { maxLength: 3 }),
    timeoutSeconds: fc.constantFrom(undefined, undefined, undefined, 60, 300),
  })
  .map(({ usual: drafts, failure, timeoutSeconds }) => {
    const stages: [place: number, name: string, StagePlan][] = []
    const kept: RandomRun['kept'] = {}
    for (const [index, draft] of drafts.entries()) {
      const name = `s${index}`
      const plan = usualStage(draft, index)
      stages.push([draft.place, name, plan])
      if (plan.rollback)
        stages.push([draft.undoneBy.place, plan.rollback, { ...worked(draft.undoneBy), role: 'rollback' }])
      if (draft.kept && !plan.takesEffect && plan.needs.every((need) => need in kept))
        kept[name] = keptStage(name, plan)
    }
    for (const [index, draft] of failure.entries()) {
      const needs = [...before('f', draft.needs, index), 's0']
      stages.push([draft.place, `f${index}`, { ...worked(draft), needs, role: 'failure' }])
    }
    const inOrder = stages.toSorted(([left], [right]) => left - right)
    return { plan: Object.fromEntries(inOrder.map(([, name, plan]) => [name, plan])), kept, timeoutSeconds }
  })

function usualStage(draft: Drawn<typeof usual>, index: number): StagePlan {
  const needs = before('s', draft.needs, index)
  const onSignal = draft.when === 'go' ? ['go'] : []
  const waitFor = [...new Set([...draft.waitFor, ...onSignal])]
  const when = conditionOf(draft.when, needs[0])
  return {
    ...worked(draft),
    needs,
    takesEffect: draft.undo === 'effect',
    ...(draft.undo === 'stage' ? { rollback: `undo-s${index}` } : {}),
    ...(waitFor.length > 0 ? { waitFor } : {}),
    ...(when === undefined ? {} : { when }),
  }
}

function worked({ gates, attempts, heartbeatSeconds, timeoutSeconds }: Drawn<typeof anyWork>): StagePlan {
  return stage({
    gates,
    ...(gates.includes(APPROVAL_GATE) ? { approval: { deadlineSeconds: 40 } } : {}),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
    retry: { ...retry(attempts), final: ['final'] },
    timeoutSeconds,
  })
}

function conditionOf(drawn: string | boolean, need: string | undefined): Condition | boolean | undefined {
  if (typeof drawn === 'boolean') return drawn
  if (drawn === 'go') return { source: 'signals.go', is: 'equal', value: 1 }
  if (drawn === 'score' && need) return { source: `${need}.score`, is: 'above', value: 0 }
  return undefined
}

function before(prefix: string, needs: readonly number[], index: number): string[] {
  return [...new Set(needs.filter((need) => need < index).map((need) => `${prefix}${need}`))]
}

function keptStage(stageName: string, { gates }: StagePlan): KeptStage {
  return {
    outputs: { score: 1 },
    verdicts: Object.fromEntries(gates.map((gate) => [gate, { verdict: 'passed', blocks: false }])),
    cachedFrom: { runId: 'run_0', stage: stageName },
  }
}
