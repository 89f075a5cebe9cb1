import { retryDelaySeconds } from './retry.ts'
import type { Effect, StageAction } from './effect.ts'
import type { RunEvent } from './event.ts'
import {
  LIVE_STAGE,
  TERMINAL_RUN,
  TERMINAL_STAGE,
  type Failure,
  type RunState,
  type StageState,
} from './state.ts'

/** `ignored` says why an event changed nothing; the event is recorded all the same. */
export interface Transition {
  state: RunState
  effects: Effect[]
  ignored?: string
}

type StageEvent = Extract<RunEvent, { stage: string }>
type Step = (stage: StageState, event: never, run: RunState, at: number) => Effect[] | string

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
  settle(state, result, at)
  return { state, effects: result }
}

function applyRunEvent(run: RunState, event: RunEvent, at: number): Effect[] | string {
  switch (event.type) {
    case 'run.started':
      if (run.status !== 'queued') return 'the run has started already'
      run.status = 'running'
      return []
    case 'run.cancel_requested':
      if (run.status === 'rolling_back') return 'the run is being rolled back'
      return endRun(run, { code: 'run.cancelled', message: `${event.actor}: ${event.reason}` }, at)
    default:
      return 'not an event of a run'
  }
}

function applyStageEvent(run: RunState, event: StageEvent, at: number): Effect[] | string {
  const stage = run.stages[event.stage]
  if (!stage) return `there is no stage ${event.stage}`
  if (event.type === 'stage.compensated') return compensated(stage, event, run)
  if (event.attempt !== stage.attempt) return `attempt ${event.attempt} was superseded by ${stage.attempt}`
  if (run.status === 'rolling_back') return 'the run is being rolled back'
  return STEPS[event.type](stage, event as never, run, at)
}

const STEPS: Record<Exclude<StageEvent['type'], 'stage.compensated'>, Step> = {
  'stage.started': (stage, _event, _run, at) => {
    if (stage.status !== 'ready') return `a ${stage.status} stage cannot start`
    stage.status = 'running'
    stage.startedAt ??= at
    return []
  },
  'stage.waiting': (stage, event: Extract<StageEvent, { type: 'stage.waiting' }>) => {
    if (!isWorking(stage)) return `a ${stage.status} stage cannot wait`
    if (stage.resumedEarly) {
      delete stage.resumedEarly
      stage.status = 'running'
      return [action('execute', event)]
    }
    stage.status = 'waiting'
    stage.waitingFor = event.waitingFor
    return []
  },
  'stage.resumed': (stage, event: Extract<StageEvent, { type: 'stage.resumed' }>) => {
    if (stage.status === 'ready' || stage.status === 'running') {
      stage.resumedEarly = true
      return []
    }
    if (stage.status !== 'waiting') return `a ${stage.status} stage does not wait`
    stage.status = 'running'
    delete stage.waitingFor
    return [action('execute', event)]
  },
  'stage.produced': (stage, event: Extract<StageEvent, { type: 'stage.produced' }>, run, at) => {
    if (!isWorking(stage)) return `a ${stage.status} stage cannot produce`
    stage.outputs = event.outputs
    stage.status = 'gating'
    delete stage.resumedEarly
    stage.startedAt ??= at
    delete stage.waitingFor
    if (run.plan[event.stage]!.gates.length > 0) return [action('gates', event)]
    return gatesDone(stage, event, run, at)
  },
  'stage.attempt_failed': (stage, event: Extract<StageEvent, { type: 'stage.attempt_failed' }>, run, at) =>
    attemptFailed(stage, event, run, at, event.error, event.retryable),
  'stage.timed_out': (stage, event, run, at) => {
    const { timeoutSeconds } = run.plan[(event as StageEvent).stage]!
    const error = { code: 'stage.timed_out', message: `no result within ${timeoutSeconds} s` }
    return attemptFailed(stage, event as StageEvent, run, at, error, true)
  },
  'stage.retry_due': (stage, event, run, at) => {
    if (stage.status !== 'pending' || stage.attempt === 0)
      return `a ${stage.status} stage is not waiting for a retry`
    return startAttempt(stage, (event as StageEvent).stage, run, at)
  },
  'gate.evaluated': (stage, event: Extract<StageEvent, { type: 'gate.evaluated' }>, run, at) => {
    if (stage.status !== 'gating' || stage.committing) return `a ${stage.status} stage takes no verdict`
    if (!run.plan[event.stage]!.gates.includes(event.gate)) return `the stage has no gate ${event.gate}`
    if (stage.verdicts[event.gate]) return `the gate ${event.gate} has its verdict`
    stage.verdicts[event.gate] = { verdict: event.verdict, blocks: event.blocks }
    const missing = run.plan[event.stage]!.gates.some((gate) => !stage.verdicts[gate])
    return missing ? [] : gatesDone(stage, event, run, at)
  },
  'stage.committed': (stage, event, run, at) => {
    if (!stage.committing) return 'the stage has nothing to commit'
    delete stage.committing
    stage.effective = true
    run.effective.push((event as StageEvent).stage)
    finishStage(stage, 'passed', at)
    return []
  },
}

/** Every gate has its verdict: the stage passes, takes effect first, or fails. */
function gatesDone(stage: StageState, event: StageEvent, run: RunState, at: number): Effect[] {
  const closed = Object.entries(stage.verdicts).filter(([, { blocks }]) => blocks)
  if (closed.length > 0) {
    const names = closed.map(([gate, { verdict }]) => `${gate} (${verdict})`).join(', ')
    return failStage(stage, event.stage, run, { code: 'gate.closed', message: `stopped by ${names}` }, at)
  }
  if (run.plan[event.stage]!.takesEffect) {
    stage.committing = true
    return [action('commit', event)]
  }
  finishStage(stage, 'passed', at)
  return []
}

function attemptFailed(
  stage: StageState,
  event: StageEvent,
  run: RunState,
  at: number,
  error: Failure,
  retryable: boolean,
): Effect[] | string {
  if (!LIVE_STAGE.has(stage.status)) return `a ${stage.status} stage has no attempt that could fail`
  const { retry } = run.plan[event.stage]!
  // An effect that may have taken place is confirmed or undone, never tried anew behind its own back.
  if (!retryable || stage.committing || stage.attempt >= retry.attempts) {
    return failStage(stage, event.stage, run, error, at)
  }
  stage.status = 'pending'
  stage.error = error
  delete stage.waitingFor
  const due = at + retryDelaySeconds(retry.backoffSeconds, stage.attempt) * 1000
  return [
    action('cancel', event),
    { type: 'timer', at: due, event: 'stage.retry_due', stage: event.stage, attempt: stage.attempt },
  ]
}

function failStage(stage: StageState, name: string, run: RunState, error: Failure, at: number): Effect[] {
  const started = stage.attempt > 0
  // A commit that was under way may have changed production: it counts as effective until it is undone.
  if (stage.committing) run.effective.push(name)
  delete stage.committing
  stage.error = error
  finishStage(stage, 'failed', at)
  return [
    ...(started ? [action('cancel', { stage: name, attempt: stage.attempt })] : []),
    ...endRun(run, { ...error, stage: name }, at),
  ]
}

/** Stops everything that is under way; then undoes what took effect, newest first, or ends the run. */
function endRun(run: RunState, failure: Failure, at: number): Effect[] {
  run.failure = failure
  const effects: Effect[] = []
  for (const [name, stage] of Object.entries(run.stages)) {
    if (TERMINAL_STAGE.has(stage.status)) continue
    if (stage.committing) run.effective.push(name)
    delete stage.committing
    delete stage.waitingFor
    if (stage.attempt > 0) effects.push(action('cancel', { stage: name, attempt: stage.attempt }))
    finishStage(stage, 'cancelled', at)
  }
  if (run.effective.length === 0) {
    run.status = failure.code === 'run.cancelled' ? 'cancelled' : 'failed'
    run.finishedAt = at
    return effects
  }
  run.status = 'rolling_back'
  return [...effects, compensateLast(run)]
}

function compensated(stage: StageState, event: StageEvent, run: RunState): Effect[] | string {
  if (run.status !== 'rolling_back') return 'the run is not being rolled back'
  if (run.effective.at(-1) !== event.stage) return 'another stage is being undone'
  stage.effective = false
  run.effective.pop()
  if (run.effective.length > 0) return [compensateLast(run)]
  run.status = 'rolled_back'
  return []
}

function compensateLast(run: RunState): Effect {
  const name = run.effective.at(-1)!
  return action('compensate', { stage: name, attempt: run.stages[name]!.attempt })
}

/** After each event: start what may start, and end the run when nothing is left to do. */
function settle(run: RunState, effects: Effect[], at: number): void {
  if (run.status === 'rolled_back') run.finishedAt = at
  if (run.status !== 'running' && run.status !== 'waiting') return
  for (const [name, stage] of Object.entries(run.stages)) {
    if (stage.status !== 'pending' || stage.attempt > 0) continue
    const needs = run.plan[name]!.needs.map((need) => run.stages[need]!.status)
    if (needs.every((status) => status === 'passed' || status === 'cached')) {
      effects.push(...startAttempt(stage, name, run, at))
    }
  }
  const stages = Object.values(run.stages)
  if (stages.every(({ status }) => TERMINAL_STAGE.has(status))) {
    run.status = 'succeeded'
    run.finishedAt = at
    return
  }
  const live = stages.filter(({ status }) => LIVE_STAGE.has(status))
  run.status = live.length > 0 && live.every(({ status }) => status === 'waiting') ? 'waiting' : 'running'
}

function startAttempt(stage: StageState, name: string, run: RunState, at: number): Effect[] {
  stage.attempt += 1
  stage.status = 'ready'
  delete stage.resumedEarly
  stage.verdicts = {}
  stage.outputs = {}
  const due = at + run.plan[name]!.timeoutSeconds * 1000
  return [
    action('execute', { stage: name, attempt: stage.attempt }),
    { type: 'timer', at: due, event: 'stage.timed_out', stage: name, attempt: stage.attempt },
  ]
}

function finishStage(stage: StageState, status: StageState['status'], at: number): void {
  stage.status = status
  stage.finishedAt = at
  delete stage.waitingFor
  // What is left of an earlier attempt: a stage that passed shows no error.
  if (status === 'passed') delete stage.error
}

/** The result of a fast endpoint may overtake the report that work began. */
function isWorking(stage: StageState): boolean {
  return stage.status === 'ready' || stage.status === 'running' || stage.status === 'waiting'
}

function action(name: StageAction, of: { stage: string; attempt: number }): Effect {
  return { type: 'stage_action', action: name, stage: of.stage, attempt: of.attempt }
}
