import { action, finishStage, startAttempt } from './attempt.ts'
import type { Effect } from './effect.ts'
import { LIVE_STAGE, TERMINAL_STAGE, type Failure, type RunState } from './state.ts'

/** Ends a stage that cannot go on, and the run with it; a stage that only runs while the run ends ends alone. */
export function failStage(run: RunState, name: string, error: Failure, at: number): Effect[] {
  const stage = run.stages[name]!
  // A commit that was under way may have changed production: it counts as effective until it is undone.
  if (stage.committing) run.effective.push(name)
  delete stage.committing
  stage.error = error
  finishStage(stage, 'failed', at)
  const stop = stage.attempt > 0 ? [action('cancel', { stage: name, attempt: stage.attempt })] : []
  return run.plan[name]!.role ? stop : [...stop, ...endRun(run, { ...error, stage: name }, at)]
}

/** Stops everything that is under way. What took effect is then undone, by `continueEnding`. */
export function endRun(run: RunState, failure: Failure, at: number): Effect[] {
  run.failure = failure
  // The error of a stage may have that code too: its sub-workflow was cancelled.
  run.ending = failure.code === 'run.cancelled' && failure.stage === undefined ? 'cancelled' : 'failed'
  delete run.paused
  const effects: Effect[] = []
  for (const [name, stage] of Object.entries(run.stages)) {
    if (TERMINAL_STAGE.has(stage.status) || run.plan[name]!.role) continue
    if (stage.committing) run.effective.push(name)
    delete stage.committing
    if (stage.attempt > 0) effects.push(action('cancel', { stage: name, attempt: stage.attempt }))
    finishStage(stage, 'cancelled', at)
  }
  return effects
}

/** Undoes what took effect, newest first; then runs the stages for a failed run; then the run has ended. */
export function continueEnding(run: RunState, at: number): Effect[] {
  const effects = [...startDueRetries(run, at), ...undoLast(run, at)]
  if (run.effective.length > 0) return effects
  if (run.ending === 'failed') {
    effects.push(...startFailureStages(run, at))
    if (isFailureStageLive(run)) {
      if (run.status !== 'rolling_back') run.status = 'running'
      return effects
    }
  }
  for (const stage of Object.values(run.stages)) {
    if (stage.status === 'pending') skip(stage, 'it was not needed', at)
  }
  run.status = run.status === 'rolling_back' && !run.undoFailed ? 'rolled_back' : run.ending!
  run.finishedAt = at
  return effects
}

/** Only stages that run while a run ends are left to be tried again. */
function startDueRetries(run: RunState, at: number): Effect[] {
  return Object.entries(run.stages).flatMap(([name, { status, retryDue }]) =>
    status === 'pending' && retryDue && run.plan[name]!.role ? startAttempt(run, name, at) : [],
  )
}

function undoLast(run: RunState, at: number): Effect[] {
  for (let last = run.effective.at(-1); last !== undefined; last = run.effective.at(-1)) {
    run.status = 'rolling_back'
    const rollback = run.plan[last]!.rollback
    if (run.undoing !== last) {
      run.undoing = last
      return rollback === undefined
        ? [action('compensate', { stage: last, attempt: run.stages[last]!.attempt })]
        : startAttempt(run, rollback, at)
    }
    const undone = rollback === undefined ? undefined : run.stages[rollback]!
    if (!undone || !TERMINAL_STAGE.has(undone.status)) return []
    if (undone.status === 'failed') leaveBehind(run, last)
    else markUndone(run, last)
  }
  return []
}

/** The stage that should have undone another failed: the rest is undone all the same, and the run says so. */
function leaveBehind(run: RunState, name: string): void {
  run.undoFailed = true
  run.effective.pop()
  delete run.undoing
  const first = run.failure!.message
  run.failure = {
    code: 'rollback.failed',
    message: `${name} was not undone, since ${run.plan[name]!.rollback} failed; the run had failed with: ${first}`,
    stage: name,
  }
}

export function markUndone(run: RunState, name: string): void {
  run.effective.pop()
  run.stages[name]!.effective = false
  delete run.undoing
}

function startFailureStages(run: RunState, at: number): Effect[] {
  const effects: Effect[] = []
  let skipped = false
  for (const [name, stage] of Object.entries(run.stages)) {
    if (run.plan[name]!.role !== 'failure' || stage.status !== 'pending' || stage.attempt > 0) continue
    const before = run.plan[name]!.needs.filter((need) => run.plan[need]!.role === 'failure')
    const statuses = before.map((need) => run.stages[need]!.status)
    if (statuses.some((status) => status === 'failed' || status === 'skipped')) {
      skip(stage, `${before.join(', ')} failed`, at)
      skipped = true
    } else if (statuses.every((status) => TERMINAL_STAGE.has(status)))
      effects.push(...startAttempt(run, name, at))
  }
  // A skipped stage skips those that need it, which may stand before it.
  return skipped ? [...effects, ...startFailureStages(run, at)] : effects
}

function isFailureStageLive(run: RunState): boolean {
  return Object.entries(run.stages).some(
    ([name, { status }]) =>
      run.plan[name]!.role === 'failure' && (LIVE_STAGE.has(status) || status === 'pending'),
  )
}

export function skip(stage: RunState['stages'][string], reason: string, at: number): void {
  stage.skipped = reason
  finishStage(stage, 'skipped', at)
}
