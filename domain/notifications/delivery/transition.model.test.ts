import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { JITTER_SHARE, RETRY_SCHEDULE_MS } from './schedule.ts'
import type { DeliveryEvent } from './state.ts'
import { isOutstanding, newDelivery, transition, type DeliveryTransition } from './transition.ts'

const ATTEMPTS = RETRY_SCHEDULE_MS.length

interface Drawn {
  type: DeliveryEvent['type']
  off: number
  status: number
  retryAfterMs: number | null
  jitter: number
}
const steps: fc.Arbitrary<Drawn[]> = fc.array(
  fc.record({
    type: fc.constantFrom<Drawn['type'][]>('answered', 'answered', 'unanswered', 'replayed', 'discarded'),
    // Mostly the attempt that is due; sometimes an older one, or one that never was.
    off: fc.constantFrom(0, 0, 0, 0, -1, 1),
    status: fc.constantFrom(200, 204, 302, 410, 429, 500, 500, 500),
    retryAfterMs: fc.option(fc.nat(100_000)),
    jitter: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  }),
  { maxLength: 60 },
)

function eventOf({ type, off, status, retryAfterMs, jitter }: Drawn, due: number): DeliveryEvent {
  const attempt = due + off
  switch (type) {
    case 'answered':
      return { type, attempt, status, retryAfterMs, jitter }
    case 'unanswered':
      return { type, attempt, error: 'timeout', jitter }
    case 'replayed':
      return { type, actor: 'kim', reason: 'again' }
    case 'discarded':
      return { type, reason: 'gone' }
  }
}

test('whatever is answered: one attempt is due or none, rounds end, and what is not due is not sent', () => {
  const ends = new Set<string>()
  fc.assert(
    fc.property(steps, (drawn) => {
      let step: DeliveryTransition = newDelivery('msg_1', 'ops', 0)
      let at = 0
      const sent: number[] = []
      for (const each of drawn) {
        sent.push(...step.effects.flatMap((effect) => (effect.type === 'send' ? [effect.attempt] : [])))
        const before = step.state
        at = Math.max(at + 1, before.dueAt ?? 0)
        step = transition(before, eventOf(each, before.attempt), at)
        const { state, effects } = step
        ends.add(state.status)
        if (step.ignored !== undefined) expect([state, effects]).toEqual([before, []])
        expect(state.dueAt !== null).toBe(state.status === 'pending')
        expect(state.deliveredAt !== null).toBe(state.status === 'delivered')
        expect(state.attempt - state.roundFrom).toBeLessThan(ATTEMPTS)
        for (const effect of effects) {
          if (effect.type !== 'send') continue
          expect(isOutstanding(state, effect)).toBe(true)
          expect(isOutstanding(before, effect)).toBe(false)
          if (each.type === 'replayed') continue
          const least = RETRY_SCHEDULE_MS[effect.attempt - state.roundFrom]!
          const most = Math.max(least * (1 + JITTER_SHARE), each.retryAfterMs ?? 0)
          expect(effect.at - at).toBeGreaterThanOrEqual(least)
          expect(effect.at - at).toBeLessThanOrEqual(Math.ceil(most))
        }
      }
      expect(sent).toEqual(sent.map((_, index) => index + 1))
    }),
    { numRuns: 500 },
  )
  expect(ends.size).toBe(3)
})
