import type { Check } from './check.ts'
import { noShardLost } from './datasets.ts'
import { noLockHeld, noSlotHeld } from './leases.ts'
import { aliasesOnce, nothingUndoneInForce, routesOnce } from './production.ts'
import { everyRunTerminal, outboxEmpty, projectionCurrent, runsEndAsMeant } from './runs.ts'
import { noScoreLostOrDoubled } from './scores.ts'
import { mappedItemsOnce, taskEffectsOnce } from './tasks.ts'

/** Everything that must hold in the end, by the name that the result gives it. */
export const CHECKS: Record<string, Check> = {
  every_run_terminal: everyRunTerminal,
  runs_end_as_meant: runsEndAsMeant,
  aliases_exactly_once: aliasesOnce,
  routes_exactly_once: routesOnce,
  nothing_undone_in_force: nothingUndoneInForce,
  task_effects_exactly_once: taskEffectsOnce,
  mapped_items_exactly_once: mappedItemsOnce,
  no_score_lost_or_doubled: noScoreLostOrDoubled,
  no_shard_lost: noShardLost,
  no_lock_held: noLockHeld,
  no_slot_held: noSlotHeld,
  outbox_empty: outboxEmpty,
  projection_current: projectionCurrent,
}
