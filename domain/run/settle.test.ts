import { expect, test } from 'vitest'
import type { Json } from '../json.ts'
import type { Condition } from '../workflow/condition.ts'
import type { RunEvent } from './event.ts'
import { retry, stage } from './plan.fixture.ts'
import { initialState, type RunState, type StagePlan } from './state.ts'
import { transition } from './transition.ts'

/** What starts, what is skipped and what waits, after each event. */
function after(plan: Record<string, StagePlan>, events: RunEvent[]): RunState {
  const all: RunEvent[] = [{ type: 'run.started' }, ...events]
  return all.reduce((state, event, at) => transition(state, event, at).state, initialState(plan, 0))
}
const statuses = ({ stages }: RunState) =>
  Object.fromEntries(Object.entries(stages).map(([name, { status }]) => [name, status]))

const of = (name: string, attempt = 1) => ({ stage: name, attempt })
const produced = (name: string, outputs: Record<string, Json> = {}): RunEvent => ({
  type: 'stage.produced',
  ...of(name),
  outputs,
})
const broken = (name: string): RunEvent => ({
  type: 'stage.attempt_failed',
  ...of(name),
  error: { code: 'x', message: 'broken' },
  retryable: true,
})
const pause: RunEvent = { type: 'run.paused', actor: 'ana', reason: 'incident' }
const resume: RunEvent = { type: 'run.resumed', actor: 'ana' }
const signal = (name: string, payload: Json = null): RunEvent => ({
  type: 'run.signalled',
  signal: name,
  actor: 'ana',
  payload,
})

test('a stage whose condition does not hold is skipped, and so is what needs it, however far and wherever it stands', () => {
  const when: Condition = { source: 'a.score', is: 'above', value: 0.9 }
  const plan = {
    d: stage({ needs: ['c'] }),
    c: stage({ needs: ['b'] }),
    b: stage({ needs: ['a'], when }),
    a: stage(),
    e: stage({ needs: ['a'] }),
  }
  const state = after(plan, [produced('a', { score: 0.5 }), produced('e')])
  expect(statuses(state)).toEqual({ a: 'passed', b: 'skipped', c: 'skipped', d: 'skipped', e: 'passed' })
  expect(state.stages.b!.skipped).toBe('not so: a.score is above 0.9')
  expect(state.stages.d!.skipped).toBe('c was skipped')
  expect(state.status).toBe('succeeded')
  expect(statuses(after(plan, [produced('a', { score: 0.95 })]))).toMatchObject({ b: 'ready', c: 'pending' })
})

test('a stage waits for every signal that it names, and the run says so', () => {
  const plan = { a: stage({ waitFor: ['go', 'data'] }) }
  const waiting = after(plan, [signal('go')])
  expect(waiting).toMatchObject({
    status: 'waiting',
    stages: { a: { status: 'pending', waitingFor: 'the signal data' } },
  })
  expect(after(plan, [signal('go'), signal('data')]).stages.a).not.toHaveProperty('waitingFor')
  expect(after(plan, [signal('go'), signal('data')])).toMatchObject({
    status: 'running',
    stages: { a: { status: 'ready' } },
  })
})

test('a signal that comes twice counts once', () => {
  const state = after({ a: stage({ waitFor: ['go'] }), b: stage() }, [signal('go', 1)])
  expect(transition(state, signal('go', 2), 9)).toMatchObject({
    state: { signals: { go: { payload: 1 } } },
    ignored: 'the signal go has come already',
  })
})

test('a stage that will not run waits for no signal', () => {
  const byInput = after({ a: stage({ when: false, waitFor: ['go'] }) }, [])
  expect(byInput).toMatchObject({ status: 'succeeded', stages: { a: { status: 'skipped' } } })
  const plan = {
    a: stage(),
    b: stage({ needs: ['a'], waitFor: ['go'], when: { source: 'a.ok', is: 'equal', value: true } }),
  }
  expect(after(plan, [produced('a', { ok: false })]).status).toBe('succeeded')
  expect(after(plan, [produced('a', { ok: true })]).status).toBe('waiting')
})

test('a condition on a signal is decided when the signal has come', () => {
  const plan = {
    a: stage({ waitFor: ['go'], when: { source: 'signals.go', is: 'equal', value: 'yes' } }),
  }
  expect(statuses(after(plan, []))).toEqual({ a: 'pending' })
  expect(statuses(after(plan, [signal('go', 'yes')]))).toEqual({ a: 'ready' })
  expect(statuses(after(plan, [signal('go', 'no')]))).toEqual({ a: 'skipped' })
})

test('a name that every object inherits is neither a signal that has come nor a stage that was kept', () => {
  const plan = { constructor: stage({ waitFor: ['toString'] }) }
  const waiting = after(plan, [])
  expect(statuses(waiting)).toEqual({ constructor: 'pending' })
  expect(waiting.status).toBe('waiting')
  const { state, ignored } = transition(waiting, signal('toString'), 9)
  expect([statuses(state), ignored]).toEqual([{ constructor: 'ready' }, undefined])
  const when: Condition = { source: 'a.constructor', is: 'present' }
  expect(statuses(after({ a: stage(), b: stage({ needs: ['a'], when }) }, [produced('a')]))).toEqual({
    a: 'passed',
    b: 'skipped',
  })
})

test('while a run is paused what is under way goes on, and nothing new starts', () => {
  const plan = { a: stage(), b: stage({ needs: ['a'] }) }
  const paused = after(plan, [pause, produced('a')])
  expect(statuses(paused)).toEqual({ a: 'passed', b: 'pending' })
  expect(paused.status).toBe('waiting')
  const { state, effects } = transition(paused, resume, 9)
  expect(statuses(state)).toEqual({ a: 'passed', b: 'ready' })
  expect(effects[0]).toEqual({ type: 'stage_action', action: 'execute', ...of('b') })
  expect(transition(paused, pause, 9).ignored).toBe('the run is paused already')
  expect(transition(state, resume, 9).ignored).toBe('the run is not paused')
})

test('a retry that falls due while the run is paused starts when it goes on', () => {
  const plan = { a: stage({ retry: retry(2) }) }
  const due: RunEvent = { type: 'stage.retry_due', ...of('a') }
  const paused = after(plan, [broken('a'), pause, due])
  expect(paused.stages.a).toMatchObject({ status: 'pending', attempt: 1 })
  expect(transition(paused, resume, 9).state.stages.a).toMatchObject({ status: 'ready', attempt: 2 })
})

test('a signal that came while the run was paused is not waited for any more', () => {
  const state = after({ a: stage({ waitFor: ['go'] }) }, [pause, signal('go')])
  expect(state.stages.a!.status).toBe('pending')
  expect(state.stages.a).not.toHaveProperty('waitingFor')
})

test('a stage that was kept from an earlier run counts as done, with its outputs', () => {
  const cachedFrom = { runId: 'run_1', stage: 'a' }
  const plan = {
    a: stage(),
    b: stage({ needs: ['a'], when: { source: 'a.score', is: 'above', value: 0 } }),
  }
  const kept = { a: { outputs: { score: 1 }, verdicts: {}, cachedFrom } }
  const { state } = transition(initialState(plan, 0, { kept }), { type: 'run.started' }, 1)
  expect(statuses(state)).toEqual({ a: 'cached', b: 'ready' })
})
