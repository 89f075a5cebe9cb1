import type { Json } from '../json.ts'
import type { Failure } from '../run/state.ts'

export interface TaskItem {
  index: number
  value: Json
  /** Counts from 1: an item that failed is tried again alone. */
  attempt: number
}

export type ItemAttempt = Pick<TaskItem, 'index' | 'attempt'>

export type TaskResult =
  | { status: 'accepted' }
  | { status: 'succeeded'; outputs: Record<string, Json> }
  | { status: 'failed'; error: Failure; retryable: boolean }
