import { append } from '../../incidents/bounded.ts'
import { waitMs } from './schedule.ts'
import type { DeliveryEffect, DeliveryEvent, DeliveryState } from './state.ts'

/** Failed attempts that a delivery keeps: two rounds. */
export const MAX_FAILURES = 20
const GONE = 410

/** `ignored` says why an event changed nothing. */
export interface DeliveryTransition {
  state: DeliveryState
  effects: DeliveryEffect[]
  ignored?: string
}
type Failure = Extract<DeliveryEvent, { type: 'answered' | 'unanswered' }>

/** A message that is to be delivered, from now on. */
export function newDelivery(messageId: string, endpoint: string, at: number): DeliveryTransition {
  return due(
    {
      messageId,
      endpoint,
      status: 'pending',
      attempt: 1,
      roundFrom: 1,
      dueAt: at,
      failures: { kept: [], dropped: 0 },
      createdAt: at,
      deliveredAt: null,
    },
    at,
  )
}

/**
 * The state machine of one delivery, by the Standard Webhooks specification: 2xx delivers; 410 ends it and disables the
 * endpoint; everything else, redirects too, is tried again by the schedule, and is a dead letter after its last attempt.
 * A replay begins the schedule anew, under the same message id.
 */
export function transition(state: DeliveryState, event: DeliveryEvent, at: number): DeliveryTransition {
  const ignore = (ignored: string) => ({ state, effects: [], ignored })
  if (event.type === 'replayed') {
    if (state.status === 'pending') return ignore('it is on its way')
    const attempt = state.attempt + 1
    const { actor, reason, messageId, endpoint } = { ...event, ...state }
    const audit = { type: 'audit' as const, action: 'notification.replayed' as const, actor, reason }
    const again = { ...state, status: 'pending' as const, attempt, roundFrom: attempt, deliveredAt: null }
    const { effects, ...step } = due(again, at)
    return { ...step, effects: [{ ...audit, target: `${messageId}/${endpoint}` }, ...effects] }
  }
  if (state.status === 'delivered') return ignore('it is delivered')
  if (event.type === 'discarded')
    return state.status === 'pending' ? deadLetter(state, event.reason) : ignore('it is a dead letter')
  // A receiver that took an earlier attempt has the message, though its answer came late.
  if (event.type === 'answered' && event.status >= 200 && event.status < 300) {
    if (event.attempt > state.attempt) return ignore(`there was no attempt ${event.attempt}`)
    return { state: { ...state, status: 'delivered', dueAt: null, deliveredAt: at }, effects: [] }
  }
  if (state.status === 'dead_lettered') return ignore('it is a dead letter')
  if (event.attempt !== state.attempt) return ignore(`attempt ${state.attempt} is due, not ${event.attempt}`)
  return failed(state, event, at)
}

function failed(current: DeliveryState, event: Failure, at: number): DeliveryTransition {
  const { attempt, jitter } = event
  const status = event.type === 'answered' ? event.status : null
  const error = event.type === 'answered' ? `HTTP ${event.status}` : event.error
  const failures = append(current.failures, { attempt, at, status, error }, MAX_FAILURES)
  const state = { ...current, failures }
  if (status === GONE) {
    const { effects, ...step } = deadLetter(state, 'the receiver wants no more messages (HTTP 410)')
    const reason = 'it answered 410 Gone'
    return { ...step, effects: [...effects, { type: 'disable_endpoint', endpoint: state.endpoint, reason }] }
  }
  const tries = attempt - state.roundFrom + 1
  const wait = waitMs(tries, jitter, event.type === 'answered' ? event.retryAfterMs : null)
  if (wait === undefined) return deadLetter(state, `${tries} attempts failed, the last with ${error}`)
  return due({ ...state, attempt: attempt + 1 }, at + wait)
}

function due(state: DeliveryState, at: number): DeliveryTransition {
  const { messageId, endpoint, attempt } = state
  return { state: { ...state, dueAt: at }, effects: [{ type: 'send', messageId, endpoint, attempt, at }] }
}

function deadLetter(state: DeliveryState, reason: string): DeliveryTransition {
  const { messageId, endpoint } = state
  return {
    state: { ...state, status: 'dead_lettered', dueAt: null },
    effects: [{ type: 'dead_letter', messageId, endpoint, reason }],
  }
}

/** Whether a `send` is still wanted: what is stored of it may be older than the state. */
export function isOutstanding(
  { status, attempt }: DeliveryState,
  send: Extract<DeliveryEffect, { type: 'send' }>,
): boolean {
  return status === 'pending' && attempt === send.attempt
}
