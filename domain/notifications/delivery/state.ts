import type { Bounded } from '../../incidents/state.ts'

export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead_lettered'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** What came of an attempt that did not deliver. Times are ms since the epoch. */
export interface FailedAttempt {
  attempt: number
  at: number
  /** Of HTTP; null where nobody answered. */
  status: number | null
  error: string
}

/** One message on its way to one endpoint. */
export interface DeliveryState {
  messageId: string
  endpoint: string
  status: DeliveryStatus
  /** The attempt that is due or under way; the last one where none is. From 1, and growing through replays. */
  attempt: number
  /** The attempt with which the schedule began: 1, or the first of the newest replay. */
  roundFrom: number
  /** When the attempt is due; null where none is. */
  dueAt: number | null
  failures: Bounded<FailedAttempt>
  createdAt: number
  deliveredAt: number | null
}

/** What can happen to a delivery. An attempt is sent at least once, so its result may come twice or late. */
export type DeliveryEvent =
  /** `jitter` in [0, 1) is drawn for the wait that may follow. */
  | { type: 'answered'; attempt: number; status: number; retryAfterMs: number | null; jitter: number }
  | { type: 'unanswered'; attempt: number; error: string; jitter: number }
  /** The endpoint is not in the settings any more, or was disabled. */
  | { type: 'discarded'; reason: string }
  /** A person wants it sent again. */
  | { type: 'replayed'; actor: string; reason: string }

export type DeliveryEffect =
  /** Send the message at this time, signed anew with the time of the attempt. The `webhook-id` stays. */
  | { type: 'send'; messageId: string; endpoint: string; attempt: number; at: number }
  | { type: 'dead_letter'; messageId: string; endpoint: string; reason: string }
  /** The receiver wants no more messages: none is sent there until a person enables it. */
  | { type: 'disable_endpoint'; endpoint: string; reason: string }
  | { type: 'audit'; action: 'notification.replayed'; target: string; actor: string; reason: string }
