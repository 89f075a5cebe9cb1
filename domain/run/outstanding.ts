import type { Effect } from './effect.ts'
import { LIVE_STAGE, type RunState } from './state.ts'

/**
 * Whether an effect still has to be delivered. An effect is done when its outcome is in the state, not when it was
 * sent: a queue that loses a message then delays a run, and never stops it.
 */
export function isOutstanding(run: RunState, effect: Effect): boolean {
  const stage = run.stages[effect.stage]
  if (!stage || stage.attempt !== effect.attempt)
    return effect.type === 'stage_action' && effect.action === 'cancel'
  if (effect.type === 'timer') {
    return effect.event === 'stage.retry_due' ? stage.status === 'pending' : LIVE_STAGE.has(stage.status)
  }
  switch (effect.action) {
    case 'execute':
      return stage.status === 'ready' || stage.status === 'running'
    case 'gates':
      return stage.status === 'gating' && !stage.committing
    case 'commit':
      return stage.committing === true
    case 'compensate':
      return run.status === 'rolling_back' && run.effective.at(-1) === effect.stage
    case 'cancel':
      // Nothing in the state tells: the executor acknowledges it.
      return true
  }
}
