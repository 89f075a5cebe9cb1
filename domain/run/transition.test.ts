import { describe, expect, test } from 'vitest'
import type { Effect } from './effect.ts'
import type { RunEvent } from './event.ts'
import { retry, stage } from './plan.fixture.ts'
import { initialState, type RunState, type StagePlan } from './state.ts'
import { transition } from './transition.ts'

/** Applies events in order, from the start of the run; collects the effects. */
function play(
  plan: Record<string, StagePlan>,
  events: RunEvent[],
): { state: RunState; effects: Effect[]; ignored: (string | undefined)[] } {
  let state = initialState(plan, 0)
  const effects: Effect[] = []
  const ignored: (string | undefined)[] = []
  for (const [at, event] of [{ type: 'run.started' } as const, ...events].entries()) {
    const step = transition(state, event, at)
    state = step.state
    effects.push(...step.effects)
    ignored.push(step.ignored)
  }
  return { state, effects, ignored }
}

const produced = (name: string, attempt = 1): RunEvent => ({
  type: 'stage.produced',
  stage: name,
  attempt,
  outputs: { of: name },
})
const verdict = (name: string, gate: string, passed: boolean): RunEvent => ({
  type: 'gate.evaluated',
  stage: name,
  attempt: 1,
  gate,
  verdict: passed ? 'passed' : 'failed',
  blocks: !passed,
  sentence: '',
})
const failed = (name: string, attempt = 1, retryable = true): RunEvent => ({
  type: 'stage.attempt_failed',
  stage: name,
  attempt,
  error: { code: 'x', message: 'broken' },
  retryable,
})
const actions = (effects: Effect[]) =>
  effects.flatMap((effect) => (effect.type === 'stage_action' ? [`${effect.action} ${effect.stage}`] : []))

describe('the main paths', () => {
  const line = {
    a: stage(),
    b: stage({ needs: ['a'], gates: ['g'] }),
    c: stage({ needs: ['b'], takesEffect: true }),
    d: stage({ needs: ['c'] }),
  }
  const toCommitted: RunEvent[] = [
    produced('a'),
    produced('b'),
    verdict('b', 'g', true),
    produced('c'),
    { type: 'stage.committed', stage: 'c', attempt: 1 },
  ]

  test('each stage starts when what it needs has passed, and the run succeeds at the end', () => {
    const { state, effects } = play(line, [...toCommitted, produced('d')])
    expect(state.status).toBe('succeeded')
    expect(actions(effects)).toEqual([
      'execute a',
      'execute b',
      'gates b',
      'execute c',
      'commit c',
      'execute d',
    ])
  })

  test('a closed gate ends the run; what comes after never starts', () => {
    const { state, effects } = play(line, [produced('a'), produced('b'), verdict('b', 'g', false)])
    expect(state.status).toBe('failed')
    expect(state.failure).toMatchObject({ code: 'gate.closed', stage: 'b', message: 'stopped by g (failed)' })
    expect(state.stages.c!.status).toBe('cancelled')
    expect(actions(effects)).not.toContain('execute c')
  })

  test('gates that stop a stage are named in the order of the definition, whichever spoke first', () => {
    const two = { a: stage({ gates: ['g', 'h'] }) }
    const { state } = play(two, [produced('a'), verdict('a', 'h', false), verdict('a', 'g', false)])
    expect(state.failure!.message).toBe('stopped by g (failed), h (failed)')
  })

  test('a stage does not leave its gates before each has a verdict', () => {
    const two = { a: stage({ gates: ['g', 'h'] }) }
    expect(play(two, [produced('a'), verdict('a', 'g', true)]).state.stages.a!.status).toBe('gating')
    expect(play(two, [produced('a'), verdict('a', 'g', true), verdict('a', 'h', true)]).state.status).toBe(
      'succeeded',
    )
  })

  test('an attempt that fails is tried again after a wait, and the older attempt’s result is ignored', () => {
    const twice = { a: stage({ retry: retry(2, 3) }) }
    const { state, effects, ignored } = play(twice, [
      failed('a'),
      { type: 'stage.retry_due', stage: 'a', attempt: 1 },
      produced('a', 1),
      produced('a', 2),
    ])
    expect(state.status).toBe('succeeded')
    expect(effects).toContainEqual({
      type: 'timer',
      at: 1,
      spreadMs: 3_000,
      event: 'stage.retry_due',
      stage: 'a',
      attempt: 1,
    })
    expect(ignored[3]).toBe('attempt 1 was superseded by 2')
  })

  test('a timeout is a failure that says how long it waited', () => {
    const { state } = play({ a: stage() }, [{ type: 'stage.timed_out', stage: 'a', attempt: 1 }])
    expect(state.failure).toMatchObject({ code: 'stage.timed_out', message: 'no result within 60 s' })
  })

  test('what took effect is undone, newest first, when a later stage fails', () => {
    const plan = {
      c: stage({ takesEffect: true }),
      e: stage({ needs: ['c'], takesEffect: true }),
      d: stage({ needs: ['e'] }),
    }
    const committed = (name: string): RunEvent[] => [
      produced(name),
      { type: 'stage.committed', stage: name, attempt: 1 },
    ]
    const { state, effects } = play(plan, [...committed('c'), ...committed('e'), failed('d')])
    expect(state.status).toBe('rolling_back')
    expect(actions(effects).slice(-1)).toEqual(['compensate e'])
    const next = transition(state, { type: 'stage.compensated', stage: 'e', attempt: 1, detail: '' }, 20)
    expect(actions(next.effects)).toEqual(['compensate c'])
    const last = transition(next.state, { type: 'stage.compensated', stage: 'c', attempt: 1, detail: '' }, 21)
    expect(last.state.status).toBe('rolled_back')
  })

  test('a commit that may have happened is undone when the run is cancelled in its middle', () => {
    const { state, effects } = play({ c: stage({ takesEffect: true }) }, [
      produced('c'),
      { type: 'run.cancel_requested', actor: 'k', reason: 'r' },
    ])
    expect(state.status).toBe('rolling_back')
    expect(actions(effects).slice(-1)).toEqual(['compensate c'])
  })

  test('what a stage waits for may come before it says that it waits', () => {
    const { state, effects } = play({ a: stage() }, [
      { type: 'stage.started', stage: 'a', attempt: 1 },
      { type: 'stage.resumed', stage: 'a', attempt: 1, cause: 'lock' },
      { type: 'stage.waiting', stage: 'a', attempt: 1, waitingFor: 'the lock' },
    ])
    expect(state.stages.a!.status).toBe('running')
    expect(actions(effects)).toEqual(['execute a', 'execute a'])
  })
})
