import { expect, test } from 'vitest'
import type { RunEvent } from './event.ts'
import { isOutstanding } from './outstanding.ts'
import { retry, stage } from './plan.fixture.ts'
import { backoffMs } from './retry.ts'
import { initialState, type RunState, type StagePlan } from './state.ts'
import { transition } from './transition.ts'

function after(plan: Record<string, StagePlan>, events: RunEvent[]): RunState {
  const started = transition(initialState(plan, 0), { type: 'run.started' }, 0).state
  return events.reduce((state, event, at) => transition(state, event, at + 1).state, started)
}

const twice = (change: Partial<StagePlan> = {}) => ({
  a: stage({ retry: retry(2), ...change }),
})
const of = (attempt: number) => ({ stage: 'a', attempt })
const produced = (attempt: number): RunEvent => ({
  type: 'stage.produced',
  ...of(attempt),
  outputs: { attempt },
})
const broken = (attempt: number): RunEvent => ({
  type: 'stage.attempt_failed',
  ...of(attempt),
  error: { code: 'x', message: 'broken' },
  retryable: true,
})
const due = (attempt: number): RunEvent => ({ type: 'stage.retry_due', ...of(attempt) })
const timedOut = (attempt: number): RunEvent => ({ type: 'stage.timed_out', ...of(attempt) })

test('a stage that passes at its second attempt shows no error of the first', () => {
  expect(after(twice(), [broken(1), due(1)]).stages.a!.error).toMatchObject({ message: 'broken' })
  const { status, error } = after(twice(), [broken(1), due(1), produced(2)]).stages.a!
  expect([status, error]).toEqual(['passed', undefined])
})

test('an attempt starts without the outputs and verdicts of the one before', () => {
  const gated = twice({ gates: ['g', 'h'] })
  const verdict: RunEvent = {
    type: 'gate.evaluated',
    ...of(1),
    gate: 'g',
    verdict: 'passed',
    blocks: false,
    sentence: '',
  }
  const first = after(gated, [produced(1), verdict])
  expect(first.stages.a).toMatchObject({ outputs: { attempt: 1 }, verdicts: { g: { verdict: 'passed' } } })
  const second = after(gated, [produced(1), verdict, timedOut(1), due(1)])
  const { status, attempt, outputs, verdicts } = second.stages.a!
  expect({ status, attempt, outputs, verdicts }).toEqual({
    status: 'ready',
    attempt: 2,
    outputs: {},
    verdicts: {},
  })
})

test('a change of production that timed out may have happened: it is undone, not tried again', () => {
  const committing = after(twice({ takesEffect: true }), [produced(1)])
  const { state, effects } = transition(committing, timedOut(1), 9)
  expect(state.status).toBe('rolling_back')
  expect(effects.at(-1)).toEqual({ type: 'stage_action', action: 'compensate', ...of(1) })
  expect(effects.filter(({ type }) => type === 'timer')).toEqual([])
  const late = transition(state, { type: 'stage.committed', ...of(1) }, 10)
  expect(late).toMatchObject({ state, ignored: 'the run is being undone' })
})

test('a cancelled run tells every attempt that is under way to stop, and shows who asked', () => {
  const plan = { a: stage(), b: stage(), c: stage({ needs: ['a', 'b'] }) }
  const waiting: RunEvent = { type: 'stage.waiting', ...of(1), waitingFor: 'the GPU' }
  const running = after(plan, [waiting])
  const { state, effects } = transition(
    running,
    { type: 'run.cancel_requested', actor: 'key_1', reason: 'wrong data' },
    9,
  )
  expect(state).toMatchObject({
    status: 'cancelled',
    finishedAt: 9,
    failure: { code: 'run.cancelled', message: 'key_1: wrong data' },
  })
  expect(effects).toEqual([
    { type: 'stage_action', action: 'cancel', stage: 'a', attempt: 1 },
    { type: 'stage_action', action: 'cancel', stage: 'b', attempt: 1 },
    { type: 'run_action', action: 'ended' },
  ])
  expect(state.stages.a!.waitingFor).toBeUndefined()
})

test('a run waits when all that is under way waits, and runs again as soon as one goes on', () => {
  const plan = { a: stage(), b: stage() }
  const waits = (name: string): RunEvent => ({
    type: 'stage.waiting',
    stage: name,
    attempt: 1,
    waitingFor: 'x',
  })
  expect(after(plan, [waits('a')]).status).toBe('running')
  expect(after(plan, [waits('a'), waits('b')]).status).toBe('waiting')
  const resumed: RunEvent = { type: 'stage.resumed', stage: 'b', attempt: 1, cause: 'x' }
  expect(after(plan, [waits('a'), waits('b'), resumed]).status).toBe('running')
})

test('an unknown stage and a gate that the stage does not have change nothing, and say so', () => {
  const state = after({ a: stage({ gates: ['g'] }) }, [produced(1)])
  const verdict = (name: string, gate: string): RunEvent => ({
    type: 'gate.evaluated',
    stage: name,
    attempt: 1,
    gate,
    verdict: 'passed',
    blocks: false,
    sentence: '',
  })
  expect(transition(state, verdict('ghost', 'g'), 9).ignored).toBe('there is no stage ghost')
  expect(transition(state, verdict('a', 'luck'), 9).ignored).toBe('the stage has no gate luck')
  expect(transition(state, verdict('a', 'luck'), 9).state).toEqual(state)
})

test('a second verdict of a gate does not overrule the first', () => {
  const closed = (blocks: boolean): RunEvent => ({
    type: 'gate.evaluated',
    ...of(1),
    gate: 'g',
    verdict: blocks ? 'failed' : 'passed',
    blocks,
    sentence: '',
  })
  const state = after({ a: stage({ gates: ['g', 'h'] }) }, [produced(1), closed(true), closed(false)])
  expect(state.stages.a!.verdicts.g).toEqual({ verdict: 'failed', blocks: true })
})

test('the longest wait between attempts doubles, up to its limit', () => {
  const policy = { backoffSeconds: 5, maxBackoffSeconds: 3600 }
  expect([1, 2, 3, 4].map((attempt) => backoffMs(policy, attempt))).toEqual([5_000, 10_000, 20_000, 40_000])
  expect(backoffMs(policy, 20)).toBe(3_600_000)
})

test('an error whose code is final is not tried again', () => {
  const plan = twice({ retry: { ...retry(2), final: ['x'] } })
  expect(after(plan, [broken(1)])).toMatchObject({ status: 'failed', failure: { code: 'x', stage: 'a' } })
})

test('an attempt that gave no sign of life is tried again; one that has handed in its work owes none', () => {
  const lost: RunEvent = { type: 'stage.heartbeat_missed', ...of(1) }
  const plan = twice({ heartbeatSeconds: 20, gates: ['g'] })
  expect(after(plan, [lost]).stages.a).toMatchObject({
    status: 'pending',
    error: { code: 'stage.lost', message: 'no sign of life for 20 s' },
  })
  expect(transition(after(plan, [produced(1)]), lost, 9).ignored).toBe('a gating stage owes no sign of life')
})

test('a stage that waits for its turn owes no sign of life; once its turn has come it has the whole time again', () => {
  const plan = twice({ heartbeatSeconds: 20 })
  const missed = { type: 'timer', at: 20_000, event: 'stage.heartbeat_missed', ...of(1) } as const
  const queued = after(plan, [{ type: 'stage.waiting', ...of(1), waitingFor: 'a slot', queued: true }])
  expect(isOutstanding(queued, missed)).toBe(false)
  expect(transition(queued, { type: missed.event, ...of(1) }, 20_000).ignored).toMatch(/for its turn/)
  const turns: RunEvent[] = [
    { type: 'stage.resumed', ...of(1), cause: 'a slot' },
    { type: 'stage.waiting', ...of(1), waitingFor: 'the endpoint' },
  ]
  for (const turn of turns) {
    const { state, effects } = transition(queued, turn, 39_000)
    expect(effects).toContainEqual({ ...missed, at: 59_000 })
    expect(isOutstanding(state, missed)).toBe(true)
    expect(state.stages.a).not.toHaveProperty('queued')
  }
})

test('work that was taken over from another run ends as cached, after its gates', () => {
  const cachedFrom = { runId: 'run_1', stage: 'a' }
  const gating = after(twice({ gates: ['g'] }), [{ ...produced(1), cachedFrom } as RunEvent])
  expect(gating.stages.a!.status).toBe('gating')
  const pass: RunEvent = {
    type: 'gate.evaluated',
    ...of(1),
    gate: 'g',
    verdict: 'passed',
    blocks: false,
    sentence: '',
  }
  expect(transition(gating, pass, 9).state.stages.a).toMatchObject({ status: 'cached', cachedFrom })
})

test('a stage that was judged against what production no longer is, is judged anew, and spends no attempt', () => {
  const plan = { a: stage({ takesEffect: true, gates: ['g'] }) }
  const pass = (attempt: number): RunEvent => ({
    type: 'gate.evaluated',
    ...of(attempt),
    gate: 'g',
    verdict: 'passed',
    blocks: false,
    sentence: '',
  })
  const round = (attempt: number): RunEvent[] => [
    produced(attempt),
    pass(attempt),
    { type: 'stage.outdated', ...of(attempt), cause: 'r@2' },
    due(attempt),
  ]
  const rounds = (count: number) => after(plan, Array.from({ length: count }, (_, n) => round(n + 1)).flat())
  expect(rounds(1).stages.a).toMatchObject({ status: 'ready', attempt: 2, verdicts: {}, restarts: 1 })
  expect(rounds(10).status).toBe('running')
  // Production that never rests ends the run, and nothing of it needs to be undone.
  expect(rounds(11)).toMatchObject({ status: 'failed', failure: { code: 'stage.outdated' }, effective: [] })
})

test('work is outstanding until its outcome is known, not until it was sent', () => {
  const execute = { type: 'stage_action', action: 'execute', ...of(1) } as const
  const retry = { type: 'timer', at: 1, event: 'stage.retry_due', ...of(1) } as const
  const timeout = { type: 'timer', at: 1, event: 'stage.timed_out', ...of(1) } as const
  const steps: [RunEvent[], [boolean, boolean, boolean]][] = [
    [[], [true, false, true]],
    [[{ type: 'stage.started', ...of(1) }], [true, false, true]],
    [[{ type: 'stage.waiting', ...of(1), waitingFor: 'x' }], [false, false, true]],
    [[broken(1)], [false, true, false]],
    [
      [broken(1), due(1)],
      [false, false, false],
    ],
    [[produced(1)], [false, false, false]],
  ]
  for (const [events, expected] of steps) {
    const state = after(twice(), events)
    expect([execute, retry, timeout].map((effect) => isOutstanding(state, effect))).toEqual(expected)
  }
})

test('a failure of work that was handed in already changes nothing; one of its judgement does', () => {
  const plan = { a: stage({ gates: ['g'], retry: retry(2) }) }
  const start = transition(initialState(plan, 0), { type: 'run.started' }, 0).state
  const of = { stage: 'a', attempt: 1 }
  const judged = transition(start, { type: 'stage.produced', ...of, outputs: {} }, 1).state
  const failed = {
    type: 'stage.attempt_failed',
    ...of,
    error: { code: 'x', message: 'x' },
    retryable: true,
  } as const
  expect(transition(judged, { ...failed, during: 'work' }, 2).ignored).toMatch(/handed in already/)
  expect(transition(judged, { ...failed, during: 'judgement' }, 2).state.stages.a!.status).toBe('pending')
})
