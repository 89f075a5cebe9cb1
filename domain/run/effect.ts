/**
 * What the reducer wants done outside. Effects are data: the Durable Object stores them in its outbox, in the
 * transaction that stores the event, and delivers them at least once.
 */
export type Effect =
  /** Do the stage's work (`execute`), its gates, its change to production (`commit`), or undo that (`compensate`). */
  | { type: 'stage_action'; action: StageAction; stage: string; attempt: number }
  /** Make `event` happen at `at`, unless the run has ended by then. */
  | {
      type: 'timer'
      at: number
      event: 'stage.timed_out' | 'stage.retry_due'
      stage: string
      attempt: number
    }

export const STAGE_ACTIONS = ['execute', 'gates', 'commit', 'compensate', 'cancel'] as const
export type StageAction = (typeof STAGE_ACTIONS)[number]
