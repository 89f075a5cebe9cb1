import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { RUN_ACTIONS, STAGE_ACTIONS, type Effect } from './effect.ts'
import { RunEvent } from './event.ts'
import { Model } from './model.fixture.ts'
import { runs } from './plans.fixture.ts'
import { Simulation } from './simulation.fixture.ts'
import { LIVE_STAGE, RUN_STATUSES, STAGE_STATUSES, TERMINAL_RUN, type RunState } from './state.ts'

const EVENT_TYPES = RunEvent.options.map(({ shape }) => shape.type.value)
const TIMERS = [
  'stage.timed_out',
  'stage.heartbeat_missed',
  'stage.retry_due',
  'approval.expired',
  'run.timed_out',
]
const ENDS = ['cancelled', 'failed', 'rolled_back', 'succeeded']

/** An effect as the model words it. */
function wording(effect: Effect): string {
  if (effect.type === 'run_action') return effect.action
  if (effect.type === 'stage_action') return `${effect.action} ${effect.stage}#${effect.attempt}`
  if (!('stage' in effect)) return `${effect.event} @${effect.at}`
  const spread = effect.spreadMs === undefined ? '' : `+${effect.spreadMs}`
  return `${effect.event} ${effect.stage}#${effect.attempt} @${effect.at}${spread}`
}

function seenBy(state: RunState) {
  return {
    run: state.status,
    ledger: state.effective,
    failure: state.failure?.code,
    stages: Object.entries(state.stages).map(([name, { status, attempt }]) => [name, status, attempt]),
  }
}

function toldBy(model: Model): ReturnType<typeof seenBy> {
  return {
    run: model.runStatus(),
    ledger: model.ledger,
    failure: model.failureCode,
    stages: [...model.attempts].map(([name, attempt]) => [name, model.flags.status(name), attempt]),
  }
}

/** `expect` for every transition would take minutes. */
function same(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected)
}

/** What nothing will ever move on: neither a timer, nor an effect, nor somebody who is known to be awaited. */
function unattended({ state, outbox }: Simulation): string[] {
  if (TERMINAL_RUN.has(state.status)) return []
  const effects = [...outbox.values()].map(({ effect }) => effect)
  const isTimed = (event: string, name: string) =>
    effects.some(
      (effect) =>
        effect.type === 'timer' && effect.event === event && 'stage' in effect && effect.stage === name,
    )
  const underWay = Object.entries(state.stages).filter(
    ([, { status, attempt }]) => LIVE_STAGE.has(status) || (status === 'pending' && attempt > 0),
  )
  const left = underWay.filter(([name, { status, awaitsApproval, retryDue, queued }]) => {
    if (status === 'pending') return !isTimed('stage.retry_due', name) && !(retryDue && state.paused)
    const owesBeat = state.plan[name]!.heartbeatSeconds !== undefined && status !== 'gating' && !queued
    if (owesBeat && !isTimed('stage.heartbeat_missed', name)) return true
    return !isTimed(awaitsApproval ? 'approval.expired' : 'stage.timed_out', name)
  })
  const awaitsSignal = Object.values(state.stages).some(({ waitingFor }) =>
    waitingFor?.startsWith('the signal'),
  )
  const isUndoing = effects.some((effect) => effect.type === 'stage_action' && effect.action === 'compensate')
  if (underWay.length === 0 && !awaitsSignal && !isUndoing && !state.paused) return ['the run']
  return left.map(([name]) => name)
}

const MIN_TRANSITIONS = 100_000

test('a run does what the model says, and ends, whatever is lost, doubled, late, reordered or killed', () => {
  let transitions = 0
  const seen = {
    events: new Set(),
    ignored: new Set(),
    effects: new Set(),
    stages: new Set(),
    runs: new Set(),
  }
  const ends = new Set<string>()
  const choices = fc.array(fc.nat(), { maxLength: 600, size: 'max' })
  fc.assert(
    fc.property(runs, choices, (run, drawn) => {
      let next = 0
      // Every choice that is not drawn goes well, so that a run ends, and a failing example shrinks.
      const choose = (n: number) => (drawn[next++] ?? 0) % n
      const model = new Model(run)
      let toUndo: string[] | undefined
      const undone: string[] = []
      let ended = 0
      const simulation = new Simulation(
        run,
        (_, n) => choose(n),
        (_, n) => choose(n),
        {
          restart: same,
          transition: (before, event, at, { state, effects, ignored }) => {
            transitions++
            const wanted = model.apply(event, at)
            same(ignored === undefined ? effects.map(wording).toSorted() : undefined, wanted)
            same(seenBy(state), toldBy(model))
            if (!before.ending && state.ending) toUndo = [...state.effective]
            if (state.undoing && state.undoing !== before.undoing) undone.push(state.undoing)
            for (const effect of effects) {
              if (effect.type === 'run_action') ended++
              seen.effects.add(effect.type === 'timer' ? effect.event : effect.action)
            }
            seen[ignored === undefined ? 'events' : 'ignored'].add(event.type)
            seen.runs.add(state.status)
            for (const { status } of Object.values(state.stages)) seen.stages.add(status)
          },
        },
      )
      seen.runs.add('queued')
      let steps = 0
      while (steps < 5_000 && simulation.step()) {
        steps++
        same(unattended(simulation), [])
      }
      const { state, outside, outbox } = simulation
      expect(TERMINAL_RUN).toContain(state.status)
      expect(outbox.size).toBe(0)
      expect(ended).toBe(1)
      expect(undone).toEqual((toUndo ?? []).toReversed())
      const inForce = Object.keys(run.plan).filter(
        (name) => run.plan[name]!.takesEffect && state.stages[name]!.status === 'passed',
      )
      expect([...outside.production].toSorted()).toEqual(
        state.status === 'succeeded' ? inForce.toSorted() : [],
      )
      ends.add(state.status)
    }),
    { numRuns: 8_000 },
  )
  // It would prove little had it not been everywhere.
  expect(transitions).toBeGreaterThanOrEqual(MIN_TRANSITIONS)
  expect([...seen.events].toSorted()).toEqual(EVENT_TYPES.toSorted())
  expect([...seen.ignored].toSorted()).toEqual(EVENT_TYPES.toSorted())
  expect([...seen.effects].toSorted()).toEqual([...STAGE_ACTIONS, ...RUN_ACTIONS, ...TIMERS].toSorted())
  expect([...seen.stages].toSorted()).toEqual([...STAGE_STATUSES].toSorted())
  expect([...seen.runs].toSorted()).toEqual([...RUN_STATUSES].toSorted())
  expect([...ends].toSorted()).toEqual(ENDS)
})
