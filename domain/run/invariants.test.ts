import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Effect } from './effect.ts'
import type { RunEvent } from './event.ts'
import { eventFor, reports } from './events.fixture.ts'
import { runs } from './plans.fixture.ts'
import { DONE_STAGE, TERMINAL_RUN, TERMINAL_STAGE, initialState, type RunState } from './state.ts'
import { transition } from './transition.ts'

/** One event, and what it led to. */
interface Step {
  before: RunState
  event: RunEvent
  after: RunState
  effects: Effect[]
  ignored: string | undefined
}

/** Whatever events come, in whatever order: each step of each run keeps what `holds` asks, given those before it. */
function check(holds: (step: Step, past: Step[]) => void): void {
  fc.assert(
    fc.property(runs, reports, ({ plan, kept, timeoutSeconds }, drawn) => {
      const past: Step[] = []
      let before = initialState(plan, 0, { kept, timeoutSeconds })
      for (const [at, report] of [undefined, ...drawn].entries()) {
        const event: RunEvent = report ? eventFor(report, before) : { type: 'run.started' }
        const { state: after, effects, ignored } = transition(before, event, at)
        const step = { before, event, after, effects, ignored }
        holds(step, past)
        past.push(step)
        before = after
      }
    }),
    { numRuns: 600 },
  )
}

/** Stages of which the effects ask for this action. */
function asked(effects: Effect[], action: string): { stage: string; attempt: number }[] {
  return effects.flatMap((effect) =>
    effect.type === 'stage_action' && effect.action === action ? [effect] : [],
  )
}
const started = ({ before, after }: Step) =>
  Object.keys(after.stages).filter((name) => after.stages[name]!.attempt > before.stages[name]!.attempt)

describe('starting', () => {
  test('1. no stage starts before all that it needs has passed, and every signal that it waits for has come', () =>
    check((step) => {
      for (const name of started(step)) {
        const { needs, waitFor = [], role } = step.after.plan[name]!
        if (role) continue
        for (const need of needs) expect(DONE_STAGE).toContain(step.after.stages[need]!.status)
        for (const signal of waitFor) expect(step.after.signals).toHaveProperty(signal)
      }
    }))

  test('no attempt starts while the run is paused', () =>
    check((step) => {
      if (step.after.paused) expect(started(step)).toEqual([])
    }))

  test('work goes to no stage but the one whose attempt it is, and to no usual stage once the run is ending', () =>
    check(({ after, effects }) => {
      for (const { stage, attempt } of asked(effects, 'execute')) {
        expect(attempt).toBe(after.stages[stage]!.attempt)
        if (after.ending) expect(after.plan[stage]!.role).toBeDefined()
        else expect(after.plan[stage]!.role).toBeUndefined()
      }
    }))

  test('what needs a skipped stage is skipped', () =>
    check(({ after }) => {
      if (after.status === 'queued' || after.ending) return
      for (const [name, { needs, role }] of Object.entries(after.plan)) {
        if (
          !role &&
          needs.some((need) => after.stages[need]!.status === 'skipped') &&
          !after.stages[name]!.cachedFrom
        )
          expect(after.stages[name]!.status).toBe('skipped')
      }
    }))
})

describe('gates', () => {
  test('2. a stage passes, or takes effect, only with a verdict of every gate that lets it through', () =>
    check(({ after, effects }) => {
      const through = Object.keys(after.plan).filter((name) => DONE_STAGE.has(after.stages[name]!.status))
      for (const name of [...through, ...asked(effects, 'commit').map(({ stage }) => stage)]) {
        const { gates } = after.plan[name]!
        expect(gates.map((gate) => after.stages[name]!.verdicts[gate]?.blocks)).toEqual(
          gates.map(() => false),
        )
      }
    }))

  test('2. a stage leaves its gates before each has a verdict only when its attempt is over', () =>
    check(({ before, event, after }) => {
      if (event.type !== 'gate.evaluated' || before.stages[event.stage]!.status !== 'gating') return
      const { status, verdicts } = after.stages[event.stage]!
      const automatic = after.plan[event.stage]!.gates.filter((gate) => gate !== 'approval')
      if (status !== 'gating') expect(automatic.filter((gate) => !verdicts[gate])).toEqual([])
    }))

  test('a person is asked only after the automatic gates have let the stage through', () =>
    check(({ after, effects }) => {
      for (const { stage } of asked(effects, 'approval')) {
        const { gates } = after.plan[stage]!
        expect(gates.map((gate) => after.stages[stage]!.verdicts[gate]?.blocks)).toEqual(
          gates.map((gate) => (gate === 'approval' ? undefined : false)),
        )
      }
    }))

  test('a person’s verdict counts only when the person was asked', () =>
    check(({ before, event, ignored }) => {
      if (event.type !== 'gate.evaluated' || event.gate !== 'approval' || ignored !== undefined) return
      expect(before.stages[event.stage]!.awaitsApproval).toBe(true)
    }))

  test('6, 7. an attempt changes production at most once, and a stage whose change is in force never again', () =>
    check(({ before, effects }, past) => {
      for (const { stage, attempt } of asked(effects, 'commit')) {
        const earlier = past.flatMap((step) => asked(step.effects, 'commit'))
        expect(earlier).not.toContainEqual(expect.objectContaining({ stage, attempt }))
        expect(before.effective).not.toContain(stage)
      }
    }))

  test('9. when production has moved the stage is judged anew, by an attempt that has no verdict yet', () =>
    check((step) => {
      const { event, after, ignored, effects } = step
      if (event.type !== 'stage.outdated' || ignored !== undefined) return
      expect(after.effective).not.toContain(event.stage)
      expect(asked(effects, 'commit')).toEqual([])
      const due: RunEvent = { type: 'stage.retry_due', stage: event.stage, attempt: event.attempt }
      const { stages, paused, ending } = transition(after, due, 999).state
      if (!paused && !ending)
        expect(stages[event.stage]).toMatchObject({
          status: 'ready',
          attempt: event.attempt + 1,
          verdicts: {},
        })
    }))
})

describe('what comes twice or late', () => {
  test('3. an event applied again at once changes nothing, but for what is meant to come again', () =>
    check(({ event, after, ignored }) => {
      if (event.type === 'stage.waiting' || event.type === 'stage.resumed' || ignored !== undefined) return
      const again = transition(after, event, 999)
      expect(again.state).toEqual(after)
      expect(again.effects).toEqual([])
    }))

  test('4. an event of another attempt changes nothing, and says why', () =>
    check(({ before, event, after, effects, ignored }) => {
      if (!('stage' in event) || before.stages[event.stage]!.attempt === event.attempt) return
      expect(after).toEqual(before)
      expect(effects).toEqual([])
      expect(ignored).toMatch(/superseded|the run has/)
    }))

  test('5. a run that has ended never changes', () =>
    check(({ before, after, effects }) => {
      if (!TERMINAL_RUN.has(before.status)) return
      expect(after).toEqual(before)
      expect(effects).toEqual([])
    }))

  test('a stage that has ended never changes its status, and never starts again', () =>
    check(({ before, after }) => {
      const revived = Object.entries(before.stages).filter(([name, { status, attempt }]) => {
        const now = after.stages[name]!
        return TERMINAL_STAGE.has(status) && (now.status !== status || now.attempt !== attempt)
      })
      expect(revived).toEqual([])
    }))
})

describe('ending', () => {
  test('what took effect is undone one by one, from the last', () =>
    check(({ before, after }) => {
      if (!after.ending) return
      // A change that was under way when the run began to end may have happened: it is undone too.
      if (!before.ending) expect(after.effective.slice(0, before.effective.length)).toEqual(before.effective)
      else expect([before.effective, before.effective.slice(0, -1)]).toContainEqual(after.effective)
      if (after.effective.length > 0) expect(after.undoing).toBe(after.effective.at(-1))
    }))

  test('stages for a failed run start only when all is undone', () =>
    check((step) => {
      const failure = started(step).filter((name) => step.after.plan[name]!.role === 'failure')
      if (failure.length === 0) return
      expect(step.after.effective).toEqual([])
      expect(step.after.ending).toBe('failed')
    }))

  test('the end of a run is told once, with the event that ends it', () =>
    check(({ before, after, effects }) => {
      const ends = !TERMINAL_RUN.has(before.status) && TERMINAL_RUN.has(after.status)
      expect(effects.filter(({ type }) => type === 'run_action')).toHaveLength(ends ? 1 : 0)
    }))

  test('a run that has ended has no stage left that has not', () =>
    check(({ after }) => {
      if (!TERMINAL_RUN.has(after.status)) return
      expect(Object.values(after.stages).filter(({ status }) => !TERMINAL_STAGE.has(status))).toEqual([])
      expect(after.effective.length === 0 || after.status === 'succeeded').toBe(true)
    }))
})
