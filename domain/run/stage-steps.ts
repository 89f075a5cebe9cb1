import { action, isWorking, passStage, timer } from './attempt.ts'
import type { Effect } from './effect.ts'
import { failStage, markUndone } from './ending.ts'
import type { StageEvent } from './event.ts'
import { backoffMs } from './retry.ts'
import { APPROVAL_GATE, LIVE_STAGE, type Failure, type RunState, type StageState } from './state.ts'

/** What happens to a stage: the effects of it, or why it changes nothing. */
type Step<E> = (stage: StageState, event: E, run: RunState, at: number) => Effect[] | string
type OfType<T> = Extract<StageEvent, { type: T }>

/** How often a stage may be judged anew because production moved before it could commit. */
const MAX_RESTARTS = 10

export const STAGE_STEPS: { [T in StageEvent['type']]: Step<OfType<T>> } = {
  'stage.started': (stage, _event, _run, at) => {
    if (stage.status !== 'ready') return `a ${stage.status} stage cannot start`
    stage.status = 'running'
    stage.startedAt ??= at
    return []
  },
  'stage.waiting': (stage, event, run, at) => {
    if (!isWorking(stage)) return `a ${stage.status} stage cannot wait`
    if (stage.resumedEarly) {
      delete stage.resumedEarly
      stage.status = 'running'
      return [action('execute', event)]
    }
    stage.status = 'waiting'
    stage.waitingFor = event.waitingFor
    if (!event.queued) return takeTurn(stage, event, run, at)
    stage.queued = true
    return []
  },
  'stage.resumed': (stage, event, run, at) => {
    if (stage.status === 'ready' || stage.status === 'running') {
      stage.resumedEarly = true
      return []
    }
    if (stage.status !== 'waiting') return `a ${stage.status} stage does not wait`
    stage.status = 'running'
    delete stage.waitingFor
    return [action('execute', event), ...takeTurn(stage, event, run, at)]
  },
  'stage.produced': (stage, event, run, at) => {
    if (!isWorking(stage)) return `a ${stage.status} stage cannot produce`
    stage.outputs = event.outputs
    if (event.cachedFrom) stage.cachedFrom = event.cachedFrom
    stage.status = 'gating'
    delete stage.resumedEarly
    delete stage.queued
    stage.startedAt ??= at
    delete stage.waitingFor
    return automaticGates(run, event.stage).length > 0
      ? [action('gates', event)]
      : gatesDone(stage, event, run, at)
  },
  'stage.attempt_failed': (stage, event, run, at) => {
    if (event.during === 'work' && LIVE_STAGE.has(stage.status) && !isWorking(stage))
      return `the work of the ${stage.status} stage was handed in already`
    return attemptFailed(stage, event, run, at, event.error, event.retryable)
  },
  'stage.timed_out': (stage, event, run, at) => {
    if (stage.awaitsApproval) return 'the stage waits for a person, who has a deadline of their own'
    const { timeoutSeconds } = run.plan[event.stage]!
    const error = { code: 'stage.timed_out', message: `no result within ${timeoutSeconds} s` }
    return attemptFailed(stage, event, run, at, error, true)
  },
  'stage.heartbeat_missed': (stage, event, run, at) => {
    if (!isWorking(stage)) return `a ${stage.status} stage owes no sign of life`
    if (stage.queued) return 'a stage that waits for its turn owes no sign of life'
    const { heartbeatSeconds } = run.plan[event.stage]!
    const error = { code: 'stage.lost', message: `no sign of life for ${heartbeatSeconds} s` }
    return attemptFailed(stage, event, run, at, error, true)
  },
  'stage.retry_due': (stage) => {
    if (stage.status !== 'pending' || stage.attempt === 0)
      return `a ${stage.status} stage is not waiting for a retry`
    // Whether it starts now is for `settle`: the run may be paused.
    stage.retryDue = true
    return []
  },
  'gate.evaluated': (stage, event, run, at) => {
    if (stage.status !== 'gating' || stage.committing) return `a ${stage.status} stage takes no verdict`
    if (!run.plan[event.stage]!.gates.includes(event.gate)) return `the stage has no gate ${event.gate}`
    if (stage.verdicts[event.gate]) return `the gate ${event.gate} has its verdict`
    if ((event.gate === APPROVAL_GATE) !== (stage.awaitsApproval === true))
      return `it is not the turn of the gate ${event.gate}`
    stage.verdicts[event.gate] = { verdict: event.verdict, blocks: event.blocks }
    return automaticGates(run, event.stage).some((gate) => !stage.verdicts[gate])
      ? []
      : gatesDone(stage, event, run, at)
  },
  'approval.expired': (stage, event, run, at) => {
    if (!stage.awaitsApproval) return 'nobody is asked'
    stage.verdicts[APPROVAL_GATE] = { verdict: 'not_run', blocks: true }
    return gatesDone(stage, event, run, at)
  },
  'stage.committed': (stage, event, run, at) => {
    if (!stage.committing) return 'the stage has nothing to commit'
    passStage(run, event.stage, at)
    return []
  },
  'stage.outdated': (stage, event, run, at) => {
    if (!stage.committing) return 'the stage has nothing to commit'
    delete stage.committing
    stage.restarts = (stage.restarts ?? 0) + 1
    if (stage.restarts > MAX_RESTARTS) {
      const message = `judged anew ${MAX_RESTARTS} times, and outdated again: ${event.cause}`
      return failStage(run, event.stage, { code: 'stage.outdated', message }, at)
    }
    return retryIn(stage, event, at, 0)
  },
  'stage.compensated': (_stage, event, run) => {
    if (run.status !== 'rolling_back') return 'the run is not being rolled back'
    if (run.undoing !== event.stage || run.plan[event.stage]!.rollback !== undefined)
      return 'another stage is being undone'
    markUndone(run, event.stage)
    return []
  },
}

/** From here on somebody works on the stage, if it was queued before, and owes signs of life. */
function takeTurn(stage: StageState, event: StageEvent, run: RunState, at: number): Effect[] {
  const { heartbeatSeconds } = run.plan[event.stage]!
  const wasQueued = stage.queued
  delete stage.queued
  if (!wasQueued || heartbeatSeconds === undefined) return []
  return [timer('stage.heartbeat_missed', event, at + heartbeatSeconds * 1000)]
}

function automaticGates(run: RunState, name: string): string[] {
  const { gates, approval } = run.plan[name]!
  return gates.filter((gate) => approval === undefined || gate !== APPROVAL_GATE)
}

/** Every automatic gate has its verdict: the stage fails, asks a person, takes effect first, or passes. */
function gatesDone(stage: StageState, event: StageEvent, run: RunState, at: number): Effect[] {
  const { approval, gates, takesEffect, timeoutSeconds } = run.plan[event.stage]!
  // In the order of the definition: that in which the verdicts came is chance.
  const closed = gates.filter((gate) => stage.verdicts[gate]?.blocks)
  if (closed.length > 0) {
    const names = closed.map((gate) => `${gate} (${stage.verdicts[gate]!.verdict})`).join(', ')
    return failStage(run, event.stage, { code: 'gate.closed', message: `stopped by ${names}` }, at)
  }
  if (approval && !stage.verdicts[APPROVAL_GATE]) {
    stage.awaitsApproval = true
    stage.waitingFor = 'a person’s approval'
    const due = at + approval.deadlineSeconds * 1000
    return [action('approval', event), timer('approval.expired', event, due)]
  }
  delete stage.awaitsApproval
  delete stage.waitingFor
  if (takesEffect) {
    stage.committing = true
    // The stage's own time stood still while a person was asked.
    const timeout = approval ? [timer('stage.timed_out', event, at + timeoutSeconds * 1000)] : []
    return [action('commit', event), ...timeout]
  }
  passStage(run, event.stage, at)
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
  const failures = stage.attempt - (stage.restarts ?? 0)
  const isFinal = !retryable || retry.final.includes(error.code) || failures >= retry.attempts
  // An effect that may have taken place is confirmed or undone, never tried anew behind its own back.
  if (isFinal || stage.committing) return failStage(run, event.stage, error, at)
  stage.error = error
  return retryIn(stage, event, at, backoffMs(retry, failures))
}

function retryIn(stage: StageState, event: StageEvent, at: number, waitMs: number): Effect[] {
  stage.status = 'pending'
  delete stage.waitingFor
  delete stage.queued
  delete stage.awaitsApproval
  return [action('cancel', event), timer('stage.retry_due', event, at, waitMs)]
}
