import { expect, test } from 'vitest'
import type { RunEvent } from './event.ts'
import { isOutstanding } from './outstanding.ts'
import { stage } from './plan.fixture.ts'
import { initialState, type RunState, type StagePlan } from './state.ts'
import { transition } from './transition.ts'

const of = { stage: 'a', attempt: 1 }
const produced: RunEvent = { type: 'stage.produced', ...of, outputs: {} }
const verdict = (gate: string, blocks = false): RunEvent => ({
  type: 'gate.evaluated',
  ...of,
  gate,
  verdict: blocks ? 'failed' : 'passed',
  blocks,
  sentence: '',
})
const person: Partial<StagePlan> = { gates: ['approval', 'g'], approval: { deadlineSeconds: 3600 } }

/** The last step of a run of one stage that a person has to approve. */
function last(change: Partial<StagePlan>, events: RunEvent[]) {
  let step = transition(initialState({ a: stage({ ...person, ...change }) }, 0), { type: 'run.started' }, 0)
  const ask: RunEvent[] = [produced, ...events]
  for (const [at, event] of ask.entries()) step = transition(step.state, event, at + 1)
  return step
}
const isWaitingForPerson = ({ status, stages }: RunState) => status === 'waiting' && stages.a!.awaitsApproval

test('a person is asked only when every automatic gate lets the stage through', () => {
  const early = last({}, [verdict('approval')])
  expect(early.ignored).toBe('it is not the turn of the gate approval')
  const closed = last({}, [verdict('g', true)])
  expect(closed.state.failure).toMatchObject({ code: 'gate.closed', message: 'stopped by g (failed)' })
  const { state, effects } = last({}, [verdict('g')])
  expect(isWaitingForPerson(state)).toBe(true)
  expect(effects).toEqual([
    { type: 'stage_action', action: 'approval', ...of },
    { type: 'timer', at: 2 + 3_600_000, event: 'approval.expired', ...of },
  ])
})

test('a stage passes, or takes effect, only with the person’s yes', () => {
  expect(last({}, [verdict('g'), verdict('approval')]).state.status).toBe('succeeded')
  const { state, effects } = last({ takesEffect: true }, [verdict('g'), verdict('approval')])
  expect(effects[0]).toEqual({ type: 'stage_action', action: 'commit', ...of })
  expect(state.stages.a).toMatchObject({ status: 'gating', committing: true })
})

test('a no, or no answer by the deadline, closes the gate', () => {
  const no = last({}, [verdict('g'), verdict('approval', true)])
  expect(no.state).toMatchObject({ status: 'failed', failure: { message: 'stopped by approval (failed)' } })
  const late = last({}, [verdict('g'), { type: 'approval.expired', ...of }])
  expect(late.state).toMatchObject({
    status: 'failed',
    failure: { message: 'stopped by approval (not_run)' },
  })
})

test('an answer after the deadline, or a deadline after the answer, changes nothing', () => {
  const { state } = last({ takesEffect: true }, [verdict('g'), verdict('approval')])
  expect(transition(state, { type: 'approval.expired', ...of }, 9).ignored).toBe('nobody is asked')
  const expired = last({}, [verdict('g'), { type: 'approval.expired', ...of }]).state
  expect(transition(expired, verdict('approval'), 9).ignored).toBe('the run has failed')
})

test('the time that a person takes is not the stage’s: the change that follows has the whole timeout', () => {
  const timeout = { type: 'timer', at: 60_000, event: 'stage.timed_out', ...of } as const
  const asked = last({ takesEffect: true }, [verdict('g')]).state
  expect(isOutstanding(asked, timeout)).toBe(false)
  expect(transition(asked, { type: 'stage.timed_out', ...of }, 60_000).ignored).toMatch(
    /a deadline of their own/,
  )
  const { effects } = transition(asked, verdict('approval'), 2_000_000)
  expect(effects).toContainEqual({ ...timeout, at: 2_060_000 })
})
