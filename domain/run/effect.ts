/**
 * What the reducer wants done outside. Effects are data: the Durable Object stores them in its outbox, in the
 * transaction that stores the event, and delivers them at least once.
 */
export type Effect =
  /**
   * Do the stage's work (`execute`), its gates, ask a person (`approval`), make its change to production (`commit`), undo
   * that (`compensate`), or stop what an attempt started (`cancel`).
   */
  | { type: 'stage_action'; action: StageAction; stage: string; attempt: number }
  /** The run has ended: whoever waits for it is told. */
  | { type: 'run_action'; action: RunAction }
  /**
   * Make `event` happen at `at`, unless the run has ended by then. A `spreadMs` delays it by a random part of that, so that
   * what failed together does not come back together.
   */
  | { type: 'timer'; at: number; spreadMs?: number; event: StageTimer; stage: string; attempt: number }
  | { type: 'timer'; at: number; event: 'run.timed_out' }

export const STAGE_ACTIONS = ['execute', 'gates', 'approval', 'commit', 'compensate', 'cancel'] as const
export type StageAction = (typeof STAGE_ACTIONS)[number]
export const RUN_ACTIONS = ['ended'] as const
export type RunAction = (typeof RUN_ACTIONS)[number]
export type StageTimer = 'stage.timed_out' | 'stage.heartbeat_missed' | 'stage.retry_due' | 'approval.expired'
/** What is sent; timers are not. */
export type OutboxAction = Exclude<Effect, { type: 'timer' }>
export type OutboxTimer = Extract<Effect, { type: 'timer' }>
