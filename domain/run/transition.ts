import { endRun } from './ending.ts'
import type { Effect } from './effect.ts'
import type { RunEvent, StageEvent } from './event.ts'
import { settle } from './settle.ts'
import { STAGE_STEPS } from './stage-steps.ts'
import { TERMINAL_RUN, type RunState } from './state.ts'

/** `ignored` says why an event changed nothing; the event is recorded all the same. */
export interface Transition {
  state: RunState
  effects: Effect[]
  ignored?: string
}

/**
 * The run's state machine: a pure function of the state, one event and the time at which it was recorded. It keeps the
 * invariants of the run (see `invariants.test.ts`, a property test each).
 */
export function transition(current: RunState, event: RunEvent, at: number): Transition {
  if (TERMINAL_RUN.has(current.status))
    return { state: current, effects: [], ignored: `the run has ${current.status}` }
  const state = structuredClone(current)
  const result = 'stage' in event ? applyStageEvent(state, event, at) : applyRunEvent(state, event, at)
  if (typeof result === 'string') return { state: current, effects: [], ignored: result }
  const effects = [...result, ...settle(state, at)]
  if (TERMINAL_RUN.has(state.status)) effects.push({ type: 'run_action', action: 'ended' })
  return { state, effects }
}

function applyRunEvent(run: RunState, event: Exclude<RunEvent, StageEvent>, at: number): Effect[] | string {
  if (event.type !== 'run.started' && run.ending) return 'the run is ending'
  switch (event.type) {
    case 'run.started': {
      if (run.status !== 'queued') return 'the run has started already'
      run.status = 'running'
      const { timeoutSeconds } = run
      if (timeoutSeconds === undefined) return []
      return [{ type: 'timer', at: at + timeoutSeconds * 1000, event: 'run.timed_out' }]
    }
    case 'run.cancel_requested':
      return endRun(run, { code: 'run.cancelled', message: `${event.actor}: ${event.reason}` }, at)
    case 'run.timed_out': {
      const message = `the run had not ended after ${run.timeoutSeconds} s`
      return endRun(run, { code: 'run.timed_out', message }, at)
    }
    case 'run.paused':
      if (run.paused) return 'the run is paused already'
      run.paused = { actor: event.actor, reason: event.reason }
      return []
    case 'run.resumed':
      if (!run.paused) return 'the run is not paused'
      delete run.paused
      return []
    case 'run.signalled':
      if (Object.hasOwn(run.signals, event.signal)) return `the signal ${event.signal} has come already`
      run.signals[event.signal] = { at, actor: event.actor, payload: event.payload }
      return []
  }
}

function applyStageEvent(run: RunState, event: StageEvent, at: number): Effect[] | string {
  const stage = run.stages[event.stage]
  if (!stage) return `there is no stage ${event.stage}`
  if (event.attempt !== stage.attempt) return `attempt ${event.attempt} was superseded by ${stage.attempt}`
  const mayReport = event.type === 'stage.compensated' || run.plan[event.stage]!.role !== undefined
  if (run.ending && !mayReport) return 'the run is being undone'
  const step = STAGE_STEPS[event.type] as (...args: unknown[]) => Effect[] | string
  return step(stage, event, run, at)
}
