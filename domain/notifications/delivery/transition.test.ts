import { expect, test } from 'vitest'
import { RETRY_SCHEDULE_MS, waitMs } from './schedule.ts'
import type { DeliveryEvent } from './state.ts'
import { newDelivery, transition, type DeliveryTransition } from './transition.ts'

const ATTEMPTS = RETRY_SCHEDULE_MS.length
const answered = (attempt: number, status: number, retryAfterMs: number | null = null): DeliveryEvent => ({
  type: 'answered',
  attempt,
  status,
  retryAfterMs,
  jitter: 0,
})
const REPLAY: DeliveryEvent = { type: 'replayed', actor: 'kim', reason: 'the receiver is back' }

/** Events one after the other, each when the attempt is due. */
function after(...events: DeliveryEvent[]): DeliveryTransition {
  let step = newDelivery('msg_1', 'ops', 0)
  for (const event of events) step = transition(step.state, event, step.state.dueAt ?? 1e9)
  return step
}
const failing = (n: number, from = 1) => Array.from({ length: n }, (_, index) => answered(from + index, 500))

test('without jitter, attempts come at the times of the specification', () => {
  const starts = Array.from({ length: ATTEMPTS }, (_, n) => after(...failing(n)).state.dueAt)
  const clock = (ms: number | null) => {
    const seconds = ms! / 1000
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    return parts.map((part) => String(part).padStart(2, '0')).join(':')
  }
  // standard-webhooks.md 1.0.0, "Example retry schedule", column "Time since start".
  expect(starts.map(clock)).toEqual([
    '00:00:00',
    '00:00:05',
    '00:05:05',
    '00:35:05',
    '02:35:05',
    '07:35:05',
    '17:35:05',
    '31:35:05',
    '51:35:05',
    '75:35:05',
  ])
})

test('a message that is taken is delivered, and no attempt is due any more', () => {
  const { state, effects } = after(answered(1, 503), answered(2, 204))
  expect(state).toMatchObject({ status: 'delivered', deliveredAt: 5_000, dueAt: null })
  expect(effects).toEqual([])
  expect(transition(state, answered(2, 500), 9)).toMatchObject({ state, ignored: 'it is delivered' })
})

test.each([301, 400, 401, 404, 429, 500, 502, 504])('HTTP %i is tried again', (status) => {
  const { state, effects } = after(answered(1, status))
  expect(state.failures.kept).toEqual([{ attempt: 1, at: 0, status, error: `HTTP ${status}` }])
  expect(effects).toEqual([{ type: 'send', messageId: 'msg_1', endpoint: 'ops', attempt: 2, at: 5_000 }])
})

test('410 Gone ends it at once, and the endpoint gets no more', () => {
  const { state, effects } = after(answered(1, 410))
  expect(state).toMatchObject({ status: 'dead_lettered', dueAt: null })
  expect(effects.map(({ type }) => type)).toEqual(['dead_letter', 'disable_endpoint'])
})

test('after the last attempt it is a dead letter, with the reason', () => {
  const silent: DeliveryEvent = { type: 'unanswered', attempt: ATTEMPTS, error: 'timeout', jitter: 0 }
  const { state, effects } = after(...failing(ATTEMPTS - 1), silent)
  expect(state.status).toBe('dead_lettered')
  expect(effects).toMatchObject([
    { type: 'dead_letter', reason: '10 attempts failed, the last with timeout' },
  ])
  expect(transition(state, answered(ATTEMPTS, 500), 9).ignored).toBe('it is a dead letter')
})

test('a replay is audited, and begins the schedule anew under the same message', () => {
  const { state, effects } = after(...failing(ATTEMPTS), REPLAY)
  expect(state).toMatchObject({ status: 'pending', attempt: 11, roundFrom: 11, messageId: 'msg_1' })
  expect(effects).toEqual([
    {
      type: 'audit',
      action: 'notification.replayed',
      target: 'msg_1/ops',
      actor: 'kim',
      reason: 'the receiver is back',
    },
    { type: 'send', messageId: 'msg_1', endpoint: 'ops', attempt: 11, at: 1e9 },
  ])
  expect(after(...failing(ATTEMPTS), REPLAY, answered(11, 500)).state.dueAt).toBe(1e9 + 5_000)
  expect(after(REPLAY).ignored).toBe('it is on its way')
  expect(after(answered(1, 200), REPLAY).state.status).toBe('pending')
})

test('a late failure of an earlier attempt counts for nothing; a late success has delivered it', () => {
  const waiting = after(answered(1, 500))
  expect(transition(waiting.state, answered(1, 500), 7)).toMatchObject({
    state: waiting.state,
    ignored: 'attempt 2 is due, not 1',
  })
  expect(transition(waiting.state, answered(1, 200), 7).state.status).toBe('delivered')
  expect(transition(after(...failing(ATTEMPTS)).state, answered(3, 200), 7).state.status).toBe('delivered')
  expect(transition(waiting.state, answered(3, 200), 7).ignored).toBe('there was no attempt 3')
})

test('an endpoint that is gone from the settings gets none', () => {
  const discarded: DeliveryEvent = { type: 'discarded', reason: 'there is no endpoint ops' }
  const { state, effects } = after(discarded)
  expect(effects).toMatchObject([{ type: 'dead_letter', reason: 'there is no endpoint ops' }])
  expect(transition(state, discarded, 9).ignored).toBe('it is a dead letter')
})

test('a receiver may ask for more time, up to a day', () => {
  expect(waitMs(1, 0, 60_000)).toBe(60_000)
  expect(waitMs(2, 0, 60_000)).toBe(5 * 60_000)
  expect(waitMs(1, 0, 1e12)).toBe(24 * 3_600_000)
})
