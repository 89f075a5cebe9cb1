export const EVALUATION_STATUSES = ['running', 'paused', 'finished', 'cancelled'] as const
export type EvaluationStatus = (typeof EVALUATION_STATUSES)[number]

/** Nothing changes any more. */
export const ENDED: ReadonlySet<string> = new Set<EvaluationStatus>(['finished', 'cancelled'])

/** How far an evaluation is. */
export interface EvaluationProgress {
  status: EvaluationStatus
  chunks: number
  /** Chunks that are done, and that are on their way or worked on. */
  done: number
  underWay: number
  /** Rows that are done, of all. */
  rows: number
  totalRows: number
  /** Scores that could not be given, over all metrics. */
  errors: number
  /** Rows whose answer was taken over. */
  reused: number
  costUsd: number
  /** Null before the first chunk is done. Pauses do not count. */
  rowsPerSecond: number | null
  secondsLeft: number | null
  /** What kept a chunk from being done last; it is tried again. */
  problem: string | null
}
