import { jsonBytes } from '../domain/json.ts'
import type { OutboxAction } from '../domain/run/effect.ts'
import type { RunEvent } from '../domain/run/event.ts'
import { attemptFailed } from '../domain/run/report.ts'
import type { RunState } from '../domain/run/state.ts'
import type { RunRecord } from '../domain/workflow/plan.ts'
import type { StageMessage } from '../workers/stages/message.ts'
import { MAX_RUN_OUTPUT_BYTES } from '../domain/task/contract.ts'

/** Work whose outcome has not come is sent again after this long without a sign of life. */
export const REDELIVER_MS = 15_000

/** What a stage produced, or a failure where the run cannot keep it. */
export function withinLimits(run: RunState, event: RunEvent): RunEvent {
  if (event.type !== 'stage.produced') return event
  const kept = Object.values(run.stages).map(({ outputs }) => outputs)
  const bytes = jsonBytes([...kept, event.outputs])
  if (bytes <= MAX_RUN_OUTPUT_BYTES) return event
  const { stage, attempt } = event
  const message = `The outputs of the run would be ${bytes} bytes of JSON; at most ${MAX_RUN_OUTPUT_BYTES} are kept: store more elsewhere and give its address`
  return attemptFailed({ stage, attempt }, { code: 'task.outputs', message }, false).event
}

/**
 * How long to wait before an effect is sent again. What only a repair can make work is tried ever less often; the rest is
 * needed soon, whatever was lost on the way.
 */
export function redeliveryMs(effect: OutboxAction, sends: number): number {
  const isStuck =
    effect.type === 'run_action' || (effect.type === 'stage_action' && effect.action === 'compensate')
  return isStuck ? REDELIVER_MS * 2 ** Math.min(sends, 8) : REDELIVER_MS
}

/** What a queue carries for an effect. */
export function messageOf(runId: string, effectId: number, effect: OutboxAction): StageMessage {
  if (effect.type === 'run_action') return { runId, effectId, action: effect.action }
  const { action, stage, attempt } = effect
  return { runId, effectId, action, stage, attempt }
}

/**
 * Whether an effect asks for no more than a message to somebody else: a run sends those itself, and saves the way through
 * a queue. Whatever computes, or works on many things, belongs to a consumer.
 */
export function isLight(effect: OutboxAction, stages: RunRecord['definition']['stages']): boolean {
  if (effect.type === 'run_action') return true
  const { kind, map } = stages[effect.stage]!
  return effect.action === 'execute' && kind === 'task' && map === undefined
}
