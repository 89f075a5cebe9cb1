import { expect, test } from 'vitest'
import type { Effect } from './effect.ts'
import type { RunEvent } from './event.ts'
import { retry, stage } from './plan.fixture.ts'
import { initialState, type RunState, type StagePlan } from './state.ts'
import { transition } from './transition.ts'

/** How a run ends that cannot succeed. */
function play(plan: Record<string, StagePlan>, events: RunEvent[], timeoutSeconds?: number) {
  let state: RunState = initialState(plan, 0, { timeoutSeconds })
  const effects: Effect[] = []
  for (const [at, event] of [{ type: 'run.started' } as const, ...events].entries()) {
    const step = transition(state, event, at)
    state = step.state
    effects.push(...step.effects)
  }
  return { state, effects, actions: effects.flatMap(actionOf) }
}
const actionOf = (effect: Effect) => {
  if (effect.type === 'run_action') return [effect.action]
  return effect.type === 'stage_action' ? [`${effect.action} ${effect.stage}`] : []
}

const of = (name: string, attempt = 1) => ({ stage: name, attempt })
const produced = (name: string, attempt = 1): RunEvent => ({
  type: 'stage.produced',
  ...of(name, attempt),
  outputs: {},
})
const broken = (name: string, attempt = 1, code = 'x'): RunEvent => ({
  type: 'stage.attempt_failed',
  ...of(name, attempt),
  error: { code, message: 'broken' },
  retryable: true,
})
const cancel: RunEvent = { type: 'run.cancel_requested', actor: 'ana', reason: 'wrong data' }

/** Two steps that can be undone, and one after them; two stages for a failed run, the second after the first. */
const plan = {
  page: stage({ role: 'failure', needs: ['report'] }),
  report: stage({ role: 'failure' }),
  a: stage({ rollback: 'undo-a' }),
  b: stage({ needs: ['a'], takesEffect: true }),
  c: stage({ needs: ['b'] }),
  'undo-a': stage({ role: 'rollback', retry: retry(2) }),
}
const toC: RunEvent[] = [produced('a'), produced('b'), { type: 'stage.committed', ...of('b') }]
const undone: RunEvent = { type: 'stage.compensated', ...of('b'), detail: '' }

test('what took effect is undone newest first, then the stages for a failed run do their work', () => {
  const events = [...toC, broken('c'), undone, produced('undo-a'), produced('report'), produced('page')]
  const { state, actions } = play(plan, events)
  expect(actions.slice(actions.indexOf('cancel c'))).toEqual([
    'cancel c',
    'compensate b',
    'execute undo-a',
    'execute report',
    'execute page',
    'ended',
  ])
  expect(state).toMatchObject({ status: 'rolled_back', failure: { code: 'x', stage: 'c' } })
})

test('neither runs when the run succeeds', () => {
  const { state, actions } = play(plan, [...toC, produced('c')])
  expect(state.status).toBe('succeeded')
  expect([state.stages['undo-a']!, state.stages.report!].map(({ skipped }) => skipped)).toEqual([
    'nothing failed',
    'nothing failed',
  ])
  expect(actions.at(-1)).toBe('ended')
})

test('a cancelled run is undone, and does not count as failed', () => {
  const { state, actions } = play(plan, [produced('a'), cancel, produced('undo-a')])
  expect(state.status).toBe('rolled_back')
  expect(actions).not.toContain('execute report')
  expect(play(plan, [cancel]).state).toMatchObject({ status: 'cancelled' })
})

test('an error that calls itself a cancellation, as that of a sub-workflow may, is a failure', () => {
  const { state } = play({ a: stage() }, [broken('a', 1, 'run.cancelled')])
  expect(state).toMatchObject({ status: 'failed', failure: { code: 'run.cancelled', stage: 'a' } })
})

test('a stage that undoes, or runs on failure, is tried again like any other', () => {
  const due = (name: string): RunEvent => ({ type: 'stage.retry_due', ...of(name) })
  const undo = play(plan, [produced('a'), broken('b'), broken('undo-a'), due('undo-a')])
  expect(undo.state.stages['undo-a']).toMatchObject({ status: 'ready', attempt: 2 })
  const onFailure = { a: stage(), report: stage({ role: 'failure', retry: retry(2) }) }
  const report = play(onFailure, [broken('a'), broken('report'), due('report')])
  expect(report.state.stages.report).toMatchObject({ status: 'ready', attempt: 2 })
  expect(transition(report.state, produced('report', 2), 9).state.status).toBe('failed')
})

test('when a stage cannot be undone the rest is undone all the same, and the run says what it left behind', () => {
  const two = {
    ...plan,
    b: stage({ needs: ['a'], rollback: 'undo-b' }),
    'undo-b': stage({ role: 'rollback' }),
  }
  const events = [produced('a'), produced('b'), broken('c'), broken('undo-b'), produced('undo-a')]
  const { state } = play(two, [...events, produced('report'), produced('page')])
  expect(state).toMatchObject({
    status: 'failed',
    failure: {
      code: 'rollback.failed',
      stage: 'b',
      message: 'b was not undone, since undo-b failed; the run had failed with: broken',
    },
  })
  expect([state.stages.a!.effective, state.stages.b!.effective]).toEqual([false, true])
})

test('a stage for a failed run that fails skips those after it, wherever they stand, and the run ends', () => {
  const chain = {
    last: stage({ role: 'failure', needs: ['middle'] }),
    middle: stage({ role: 'failure', needs: ['first'] }),
    first: stage({ role: 'failure' }),
    a: stage(),
  }
  const { state, actions } = play(chain, [broken('a'), broken('first')])
  expect(state.status).toBe('failed')
  expect([state.stages.middle!.status, state.stages.last!.status]).toEqual(['skipped', 'skipped'])
  expect(actions.at(-1)).toBe('ended')
})

test('a run whose stages for that case are at work does not wait', () => {
  const person = {
    a: stage({ gates: ['approval'], approval: { deadlineSeconds: 9 } }),
    report: stage({ role: 'failure' }),
  }
  const asked = play(person, [produced('a')])
  expect(asked.state.status).toBe('waiting')
  const expired = transition(asked.state, { type: 'approval.expired', ...of('a') }, 9).state
  expect(expired).toMatchObject({ status: 'running', stages: { report: { status: 'ready' } } })
})

test('a run that has not ended in time fails', () => {
  const { state, effects } = play({ a: stage() }, [{ type: 'run.timed_out' }], 30)
  expect(effects).toContainEqual({ type: 'timer', at: 30_000, event: 'run.timed_out' })
  expect(state).toMatchObject({
    status: 'failed',
    failure: { code: 'run.timed_out', message: 'the run had not ended after 30 s' },
  })
})

test('nobody pauses, signals or cancels a run that is being undone', () => {
  const { state } = play(plan, [...toC, broken('c')])
  const late: RunEvent[] = [
    cancel,
    { type: 'run.timed_out' },
    { type: 'run.paused', actor: 'ana', reason: 'x' },
    { type: 'run.signalled', signal: 'go', actor: 'ana', payload: null },
  ]
  for (const event of late) expect(transition(state, event, 9).ignored).toBe('the run is ending')
})
