import { conditionHolds, describeCondition } from '../workflow/condition.ts'
import { splitSource } from '../workflow/source.ts'
import { startAttempt } from './attempt.ts'
import type { Effect } from './effect.ts'
import { continueEnding, skip } from './ending.ts'
import { DONE_STAGE, LIVE_STAGE, TERMINAL_STAGE, type RunState } from './state.ts'

/** After each event: start what may start, and end the run when nothing is left to do. */
export function settle(run: RunState, at: number): Effect[] {
  if (run.ending) return continueEnding(run, at)
  if (run.status !== 'running' && run.status !== 'waiting') return []
  const effects: Effect[] = []
  // A skipped stage skips those that need it, which may stand before it.
  for (let changed = true; changed;) {
    changed = false
    for (const name of Object.keys(run.stages)) changed = decide(run, name, effects, at) || changed
  }
  const usual = Object.entries(run.stages).filter(([name]) => !run.plan[name]!.role)
  if (usual.every(([, { status }]) => TERMINAL_STAGE.has(status))) {
    for (const stage of Object.values(run.stages)) {
      if (stage.status === 'pending') skip(stage, 'nothing failed', at)
    }
    run.status = 'succeeded'
    run.finishedAt = at
    return effects
  }
  const live = usual.filter(([, { status }]) => LIVE_STAGE.has(status))
  const retrying = usual.some(([, { status, attempt }]) => status === 'pending' && attempt > 0)
  const idle = live.every(([, { status, awaitsApproval }]) => status === 'waiting' || awaitsApproval === true)
  run.status = idle && (!retrying || run.paused !== undefined) ? 'waiting' : 'running'
  return effects
}

/** Starts or skips one stage if it is time. True when that skipped it, which others may follow. */
function decide(run: RunState, name: string, effects: Effect[], at: number): boolean {
  const stage = run.stages[name]!
  const plan = run.plan[name]!
  if (stage.status !== 'pending' || plan.role) return false
  if (stage.attempt > 0) {
    if (stage.retryDue && !run.paused) effects.push(...startAttempt(run, name, at))
    return false
  }
  const skipped = plan.needs.find((need) => run.stages[need]!.status === 'skipped')
  if (skipped !== undefined) {
    skip(stage, `${skipped} was skipped`, at)
    return true
  }
  if (!plan.needs.every((need) => DONE_STAGE.has(run.stages[need]!.status))) return false
  const unmet = unmetCondition(run, plan.when)
  if (unmet !== undefined) {
    skip(stage, unmet, at)
    return true
  }
  const missing = plan.waitFor?.filter((signal) => !Object.hasOwn(run.signals, signal)) ?? []
  if (missing.length > 0) {
    stage.waitingFor = `the signal ${missing.join(', ')}`
    return false
  }
  delete stage.waitingFor
  if (!run.paused) effects.push(...startAttempt(run, name, at))
  return false
}

function unmetCondition(run: RunState, when: RunState['plan'][string]['when']): string | undefined {
  if (when === undefined || when === true) return undefined
  if (when === false) return 'its condition on an input of the run does not hold'
  const [from, output] = splitSource(when.source)
  // Undecided until the signal comes, for which the stage waits.
  if (from === 'signals' && !Object.hasOwn(run.signals, output)) return undefined
  const outputs = from === 'signals' ? { [output]: run.signals[output]!.payload } : run.stages[from]!.outputs
  const given = Object.hasOwn(outputs, output) ? outputs[output] : undefined
  return conditionHolds(when, given) ? undefined : `not so: ${describeCondition(when)}`
}
