import type { Effect } from './effect.ts'
import { APPROVAL_GATE, LIVE_STAGE, TERMINAL_RUN, type RunState, type StageStatus } from './state.ts'

/**
 * Whether an effect still has to be delivered. An effect is done when its outcome is in the state, not when it was
 * sent: a queue that loses a message then delays a run, and never stops it. What leaves no trace in the state is
 * acknowledged by whoever carried it out.
 */
export function isOutstanding(run: RunState, effect: Effect): boolean {
  if (effect.type === 'run_action') return true
  if (!('stage' in effect)) return !TERMINAL_RUN.has(run.status) && run.ending === undefined
  const stage = run.stages[effect.stage]
  if (!stage || stage.attempt !== effect.attempt)
    return effect.type === 'stage_action' && effect.action === 'cancel'
  if (effect.type === 'timer') {
    switch (effect.event) {
      case 'stage.retry_due':
        return stage.status === 'pending'
      case 'approval.expired':
        return stage.awaitsApproval === true
      case 'stage.heartbeat_missed':
        return LIVE_STAGE.has(stage.status) && stage.status !== 'gating' && !stage.queued
      case 'stage.timed_out':
        return LIVE_STAGE.has(stage.status) && !stage.awaitsApproval
    }
  }
  switch (effect.action) {
    case 'execute':
      return stage.status === 'ready' || stage.status === 'running'
    case 'gates':
      return stage.status === 'gating' && !stage.committing && !stage.awaitsApproval
    case 'approval':
      return stage.awaitsApproval === true && stage.verdicts[APPROVAL_GATE] === undefined
    case 'commit':
      return stage.committing === true
    case 'compensate':
      return run.status === 'rolling_back' && run.effective.at(-1) === effect.stage
    case 'cancel':
      return true
  }
}

/** Statuses of a stage whose current attempt has nothing more to do. */
const ENDED: ReadonlySet<StageStatus> = new Set(['pending', 'failed', 'cancelled', 'skipped'])

/** Whether an attempt was superseded, failed or cancelled; one that passed was not. */
export function isAttemptOver(state: RunState, stage: string, attempt: number): boolean {
  const current = state.stages[stage]
  return current !== undefined && (current.attempt !== attempt || ENDED.has(current.status))
}
