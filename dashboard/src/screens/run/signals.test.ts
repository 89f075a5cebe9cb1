import { expect, test } from 'vitest'
import { stage as plan } from '../../../../domain/run/plan.fixture.ts'
import { initialState } from '../../../../domain/run/state.ts'
import { transition } from '../../../../domain/run/transition.ts'
import { run, stage } from './run.fixture.ts'
import { awaitedSignals } from './signals.ts'

test('the signals that the state machine says a stage waits for are read from its words', () => {
  const plans = {
    a: plan({ waitFor: ['release-window', 'legal-ok'] }),
    b: plan({ waitFor: ['legal-ok'] }),
    c: plan(),
  }
  const { state } = transition(initialState(plans, 0), { type: 'run.started' }, 0)
  const stages = Object.entries(state.stages).map(([name, { status, waitingFor = null }]) =>
    stage(name, { status, waitingFor }),
  )
  expect(awaitedSignals(run(...stages))).toEqual(['release-window', 'legal-ok'])
  const event = { type: 'run.signalled', signal: 'legal-ok', actor: 'me', payload: null } as const
  const next = transition(state, event, 1).state.stages.a!
  expect(awaitedSignals(run(stage('a', { waitingFor: next.waitingFor ?? null })))).toEqual(['release-window'])
})

test('what else a stage waits for is no signal', () => {
  const waiting = stage('a', { status: 'waiting', waitingFor: 'the signal of a light' })
  expect(
    awaitedSignals(run(waiting, stage('b', { waitingFor: 'a slot of the pool gpu, place 2 of 5' }))),
  ).toEqual([])
})
