import { expect, test } from 'vitest'
import { retry, stage } from '../run/plan.fixture.ts'
import { initialState, type StageStatus } from '../run/state.ts'
import { WorkflowDefinition } from './definition.ts'
import { isCached } from './stage.ts'
import { keptStages, planOf, planWithoutEffects } from './plan.ts'
import type { StageDefinition } from './stage.ts'

const task = { kind: 'task', owner: 'ml', with: { endpoint: 'e' } }

function plan(stages: Record<string, object>, values: Parameters<typeof planOf>[1] = {}) {
  const definition = WorkflowDefinition.parse({ name: 'w', inputs: { mode: { kind: 'value' } }, stages })
  return planOf(definition, values)
}

test('a stage that is named as another’s rollback, or runs on failure, runs at no other time', () => {
  const { a, undo, report } = plan({
    a: { ...task, rollback: 'undo' },
    undo: task,
    report: { ...task, onFailure: true },
  })
  expect([a!.role, undo!.role, report!.role]).toEqual([undefined, 'rollback', 'failure'])
  expect(a!.rollback).toBe('undo')
})

test('a stage waits for the signals that it names and for those that it reads', () => {
  const { a } = plan({
    a: {
      ...task,
      waitFor: ['go'],
      inputs: { labels: 'signals.labels' },
      when: { source: 'signals.go', is: 'present' },
    },
  })
  expect(a!.waitFor).toEqual(['go', 'labels'])
  expect(a!.needs).toEqual([])
})

test('a condition on an input is decided when the run starts, one on a stage when that has passed', () => {
  const stages = {
    a: { ...task, outputs: { score: 'value' }, when: { source: 'inputs.mode', is: 'equal', value: 'full' } },
    b: { ...task, when: { source: 'a.score', is: 'above', value: 1 } },
  }
  expect(plan(stages, { mode: 'full' }).a!.when).toBe(true)
  expect(plan(stages).a!.when).toBe(false)
  expect(plan(stages).b).toMatchObject({ needs: ['a'], when: stages.b.when })
})

test('a person has three days to approve unless the gate says how long, and errors are tried as the stage says', () => {
  const question = 'Does it ship?'
  const given = { attempts: 3, final: ['bad_data'] }
  const { a, b } = plan({
    a: { ...task, gates: [{ gate: 'approval', params: { question } }], retry: given },
    b: { ...task, gates: [{ gate: 'approval', params: { question, deadlineHours: 2 } }] },
  })
  expect(a!.approval).toEqual({ deadlineSeconds: 259_200 })
  expect(b!.approval).toEqual({ deadlineSeconds: 7_200 })
  expect(a!.retry).toEqual({ ...retry(3), ...given })
})

test('a rerun keeps what had passed, but for what changes production, what it is asked to repeat, and what comes after', () => {
  const stages = {
    c: stage({ needs: ['b'] }),
    a: stage(),
    b: stage({ needs: ['a'] }),
    d: stage({ needs: ['a'], takesEffect: true }),
    e: stage({ needs: ['d'] }),
    f: stage({ role: 'failure' }),
  }
  const state = initialState(stages, 0)
  const all: Record<string, StageStatus> = {
    a: 'cached',
    b: 'passed',
    c: 'passed',
    d: 'passed',
    e: 'passed',
    f: 'passed',
  }
  for (const [name, status] of Object.entries(all)) state.stages[name]!.status = status
  state.stages.a!.cachedFrom = { runId: 'run_0', stage: 'a' }
  const run = { runId: 'run_1', plan: stages }
  expect(Object.keys(keptStages(run, state, [])).toSorted()).toEqual(['a', 'b', 'c'])
  expect(Object.keys(keptStages(run, state, ['b']))).toEqual(['a'])
  // The evidence stays with the run in which the work was done.
  const { a, b } = keptStages(run, state, [])
  expect([a!.cachedFrom.runId, b!.cachedFrom.runId]).toEqual(['run_0', 'run_1'])
})

test('a rerun does anew what was undone, and asks again where a waiver let a stage through', () => {
  const stages = {
    plain: stage({ gates: ['g'] }),
    undone: stage({ rollback: 'undo' }),
    undo: stage({ role: 'rollback' }),
    waived: stage({ gates: ['g'] }),
    after: stage({ needs: ['waived'] }),
  }
  const state = initialState(stages, 0)
  for (const name of Object.keys(stages)) state.stages[name as keyof typeof stages]!.status = 'passed'
  state.stages.plain!.verdicts = { g: { verdict: 'passed', blocks: false } }
  state.stages.waived!.verdicts = { g: { verdict: 'waived', blocks: false } }
  expect(Object.keys(keptStages({ runId: 'run_1', plan: stages }, state, []))).toEqual(['plain'])
})

test('a rerun is not misled by a stage that is named like what every object inherits', () => {
  const stages = {
    constructor: stage(),
    b: stage({ needs: ['constructor'] }),
    c: stage({ needs: ['valueOf'] }),
  }
  const plans = { ...stages, valueOf: stage({ takesEffect: true }) }
  const state = initialState(plans, 0)
  for (const each of Object.values(state.stages)) each.status = 'passed'
  const kept = keptStages({ runId: 'run_1', plan: plans }, state, [])
  expect(Object.keys(kept).toSorted()).toEqual(['b', 'constructor'])
})

test('work that a failed run undoes is never taken over, whatever its kind', () => {
  const clean: Pick<StageDefinition, 'kind'> = { kind: 'clean' }
  expect(isCached(clean as StageDefinition)).toBe(true)
  expect(isCached({ ...clean, rollback: 'undo' } as StageDefinition)).toBe(false)
  expect(isCached({ kind: 'task', cache: true, rollback: 'undo' } as StageDefinition)).toBe(false)
})

test('a reproduction neither calls other workflows nor undoes anything, and leaves out what needs them', () => {
  const plans = {
    a: stage({ rollback: 'undo' }),
    undo: stage({ role: 'rollback' }),
    sub: stage({ kind: 'workflow', needs: ['a'] }),
    after: stage({ needs: ['sub'] }),
    tell: stage({ role: 'failure' }),
  }
  expect(planWithoutEffects(plans)).toEqual({ a: stage() })
})
