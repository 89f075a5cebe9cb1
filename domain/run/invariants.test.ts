import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Effect } from './effect.ts'
import type { RunEvent } from './event.ts'
import { isOutstanding } from './outstanding.ts'
import { stage } from './plan.fixture.ts'
import { TERMINAL_RUN, TERMINAL_STAGE, initialState, type RunState, type StagePlan } from './state.ts'
import { transition } from './transition.ts'

const DONE = new Set(['passed', 'cached'])

/** Random plans: up to six stages, each needing some before it. */
const plans = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(5), { maxLength: 2 }),
      gates: fc.constantFrom([], ['g'], ['g', 'h']),
      attempts: fc.integer({ min: 1, max: 3 }),
      takesEffect: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((drafts) =>
    Object.fromEntries(
      drafts.map(({ needs, gates, attempts, takesEffect }, index) => [
        `s${index}`,
        stage({
          needs: [...new Set(needs.filter((need) => need < index).map((need) => `s${need}`))],
          gates,
          takesEffect,
          retry: { attempts, backoffSeconds: 1 },
        }),
      ]),
    ),
  )

const anyEvent: fc.Arbitrary<RunEvent> = fc
  .record({
    kind: fc.constantFrom(
      'started',
      'waiting',
      'resumed',
      'produced',
      'failed',
      'timed_out',
      'retry',
      'verdict',
      'committed',
      'compensated',
      'cancel',
    ),
    stage: fc.nat(5).map((index) => `s${index}`),
    attempt: fc.integer({ min: 0, max: 3 }),
    gate: fc.constantFrom('g', 'h'),
    good: fc.boolean(),
  })
  .map(({ kind, stage: name, attempt, gate, good }): RunEvent => {
    const of = { stage: name, attempt }
    switch (kind) {
      case 'started':
        return { type: 'stage.started', ...of }
      case 'waiting':
        return { type: 'stage.waiting', ...of, waitingFor: 'x' }
      case 'resumed':
        return { type: 'stage.resumed', ...of, cause: 'x' }
      case 'produced':
        return { type: 'stage.produced', ...of, outputs: {} }
      case 'failed':
        return { type: 'stage.attempt_failed', ...of, error: { code: 'x', message: 'x' }, retryable: good }
      case 'timed_out':
        return { type: 'stage.timed_out', ...of }
      case 'retry':
        return { type: 'stage.retry_due', ...of }
      case 'verdict':
        return {
          type: 'gate.evaluated',
          ...of,
          gate,
          verdict: good ? 'passed' : 'failed',
          blocks: !good,
          sentence: '',
        }
      case 'committed':
        return { type: 'stage.committed', ...of }
      case 'compensated':
        return { type: 'stage.compensated', ...of, detail: '' }
      default:
        return { type: 'run.cancel_requested', actor: 'x', reason: 'x' }
    }
  })

describe('whatever events come, in whatever order', () => {
  const check = (
    holds: (before: RunState, event: RunEvent, after: RunState, plan: Record<string, StagePlan>) => void,
  ) =>
    fc.assert(
      fc.property(plans, fc.array(anyEvent, { maxLength: 60 }), (plan, events) => {
        let state = transition(initialState(plan, 0), { type: 'run.started' }, 0).state
        for (const [at, event] of events.entries()) {
          const after = transition(state, event, at + 1).state
          holds(state, event, after, plan)
          state = after
        }
      }),
      { numRuns: 400 },
    )

  test('1. no stage starts before all that it needs has passed', () =>
    check((_before, _event, after, plan) => {
      for (const [name, { needs }] of Object.entries(plan)) {
        if (after.stages[name]!.attempt > 0) {
          for (const need of needs) expect(DONE).toContain(after.stages[need]!.status)
        }
      }
    }))

  test('2. a stage passes only with a verdict of every gate that lets it through', () =>
    check((_before, _event, after, plan) => {
      for (const [name, { gates }] of Object.entries(plan)) {
        const { status, verdicts } = after.stages[name]!
        if (status === 'passed')
          expect(gates.map((gate) => verdicts[gate]?.blocks)).toEqual(gates.map(() => false))
      }
    }))

  test('3. an event applied again at once changes nothing more, but for what is meant to come again', () =>
    check((before, event, after) => {
      if (event.type === 'stage.waiting' || event.type === 'stage.resumed') return
      const again = transition(after, event, 99)
      if (JSON.stringify(before) !== JSON.stringify(after)) expect(again.ignored).toBeDefined()
    }))

  test('4. an event of another attempt changes no stage', () =>
    check((before, event, after) => {
      if (!('stage' in event) || event.type === 'stage.compensated') return
      if (before.stages[event.stage]?.attempt !== event.attempt) expect(after).toEqual(before)
    }))

  test('5. a run that has ended never changes', () =>
    check((before, _event, after) => {
      if (TERMINAL_RUN.has(before.status)) expect(after).toEqual(before)
    }))

  test('a stage that has ended never changes its status', () =>
    check((before, _event, after) => {
      for (const [name, { status }] of Object.entries(before.stages)) {
        if (TERMINAL_STAGE.has(status)) expect(after.stages[name]!.status).toBe(status)
      }
    }))
})

describe('8. however effects are lost, doubled and reordered', () => {
  const choices = fc.infiniteStream(fc.nat(999))

  test('the run ends, and nothing that took effect is left behind by a run that did not succeed', () => {
    fc.assert(
      fc.property(plans, choices, (plan, stream) => {
        const choose = (n: number) => Number(stream.next().value) % n
        let now = 0
        let state = transition(initialState(plan, 0), { type: 'run.started' }, 0).state
        const inProduction = new Set<string>()
        let outbox = transition(initialState(plan, 0), { type: 'run.started' }, 0).effects
        for (let step = 0; step < 3_000 && outbox.length > 0; step++) {
          const effect = outbox[choose(outbox.length)]!
          // A lost message: nothing happens, and the effect stays for the next time.
          if (choose(5) === 0) continue
          const event = carryOut(effect, plan, choose, inProduction)
          if (!event) {
            outbox = outbox.filter((other) => other !== effect)
            continue
          }
          for (let time = choose(8) === 0 ? 2 : 1; time > 0; time--) {
            const next = transition(state, event, ++now)
            state = next.state
            outbox = [...outbox, ...next.effects].filter((other) => isOutstanding(state, other))
          }
        }
        expect(TERMINAL_RUN).toContain(state.status)
        const effective = Object.keys(plan).filter((name) => plan[name]!.takesEffect)
        expect([...inProduction].toSorted()).toEqual(state.status === 'succeeded' ? effective.toSorted() : [])
      }),
      { numRuns: 300 },
    )
  })
})

/** What an executor would report for an effect; nothing for what leaves no trace in the state. */
function carryOut(
  effect: Effect,
  plan: Record<string, StagePlan>,
  choose: (n: number) => number,
  inProduction: Set<string>,
): RunEvent | undefined {
  const of = { stage: effect.stage, attempt: effect.attempt }
  if (effect.type === 'timer')
    return effect.event === 'stage.timed_out' && choose(20) > 0 ? undefined : { type: effect.event, ...of }
  switch (effect.action) {
    case 'execute':
      return choose(6) === 0
        ? {
            type: 'stage.attempt_failed',
            ...of,
            error: { code: 'x', message: 'x' },
            retryable: choose(2) === 0,
          }
        : { type: 'stage.produced', ...of, outputs: {} }
    case 'gates': {
      const { gates } = plan[effect.stage]!
      const closed = choose(12) === 0
      return {
        type: 'gate.evaluated',
        ...of,
        gate: gates[choose(gates.length)]!,
        verdict: closed ? 'failed' : 'passed',
        blocks: closed,
        sentence: '',
      }
    }
    case 'commit':
      inProduction.add(effect.stage)
      return { type: 'stage.committed', ...of }
    case 'compensate':
      inProduction.delete(effect.stage)
      return { type: 'stage.compensated', ...of, detail: '' }
    case 'cancel':
      return undefined
  }
}
