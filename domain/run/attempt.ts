import type { Effect, StageAction, StageTimer } from './effect.ts'
import type { RunState, StageState } from './state.ts'

/** The steps that every part of the state machine takes with a stage. They change the state that they are given. */

export function startAttempt(run: RunState, name: string, at: number): Effect[] {
  const stage = run.stages[name]!
  stage.attempt += 1
  stage.status = 'ready'
  stage.verdicts = {}
  stage.outputs = {}
  delete stage.waitingFor
  delete stage.queued
  delete stage.resumedEarly
  delete stage.retryDue
  delete stage.cachedFrom
  const of = { stage: name, attempt: stage.attempt }
  const { timeoutSeconds, heartbeatSeconds } = run.plan[name]!
  return [
    action('execute', of),
    timer('stage.timed_out', of, at + timeoutSeconds * 1000),
    ...(heartbeatSeconds === undefined
      ? []
      : [timer('stage.heartbeat_missed', of, at + heartbeatSeconds * 1000)]),
  ]
}

/** Every gate lets the stage through, and what it changes is in force. */
export function passStage(run: RunState, name: string, at: number): void {
  const stage = run.stages[name]!
  const { takesEffect, rollback } = run.plan[name]!
  delete stage.committing
  if (takesEffect || rollback !== undefined) {
    stage.effective = true
    run.effective.push(name)
  }
  finishStage(stage, stage.cachedFrom ? 'cached' : 'passed', at)
}

export function finishStage(stage: StageState, status: StageState['status'], at: number): void {
  stage.status = status
  stage.finishedAt = at
  delete stage.waitingFor
  delete stage.queued
  delete stage.awaitsApproval
  // What is left of an earlier attempt: a stage that passed shows no error.
  if (status === 'passed' || status === 'cached') delete stage.error
}

/** The result of a fast endpoint may overtake the report that work began. */
export function isWorking({ status }: StageState): boolean {
  return status === 'ready' || status === 'running' || status === 'waiting'
}

export function action(name: StageAction, of: { stage: string; attempt: number }): Effect {
  return { type: 'stage_action', action: name, stage: of.stage, attempt: of.attempt }
}

export function timer(
  event: StageTimer,
  of: { stage: string; attempt: number },
  at: number,
  spreadMs?: number,
): Effect {
  const { stage, attempt } = of
  return { type: 'timer', at, event, stage, attempt, ...(spreadMs === undefined ? {} : { spreadMs }) }
}
