import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { UNLOCKED, acquire, expire, position, preempt, release, renew, type LockState } from './gate-lock.ts'

const holders = fc.constantFrom('a', 'b', 'c', 'd')
const operation = fc.record({
  kind: fc.constantFrom('acquire', 'release', 'renew', 'preempt', 'expire'),
  holder: holders,
  tick: fc.nat(5),
})

function apply(state: LockState, { kind, holder }: { kind: string; holder: string }, now: number): LockState {
  switch (kind) {
    case 'acquire':
      return acquire(state, holder, now + 10)
    case 'release':
      return release(state, holder)
    case 'renew':
      return renew(state, holder, now + 10)
    case 'preempt':
      return preempt(state, holder, now + 10)
    default:
      return expire(state, now)
  }
}

test('there is at most one holder, the first in the queue, and each grant has a larger token than any before', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
      let state = UNLOCKED
      let now = 0
      let largest = 0
      for (const step of operations) {
        now += step.tick
        const before = state.entries[0]
        state = apply(state, step, now)
        const granted = state.entries.filter(({ token }) => token !== undefined)
        expect(granted.length).toBe(Math.min(1, state.entries.length))
        expect(new Set(state.entries.map(({ holder }) => holder)).size).toBe(state.entries.length)
        const first = state.entries[0]
        if (first && first.token !== before?.token) {
          expect(first.token).toBeGreaterThan(largest)
          largest = first.token!
        }
      }
    }),
  )
})

test('whoever waits is served in the order of asking', () => {
  fc.assert(
    fc.property(fc.uniqueArray(holders, { minLength: 1 }), (order) => {
      let state = order.reduce((lock, holder) => acquire(lock, holder, 10), UNLOCKED)
      for (const holder of order) {
        expect(position(state, holder)).toBe(0)
        state = release(state, holder)
      }
      expect(state.entries).toEqual([])
    }),
  )
})

test('asking again keeps the place and the token', () => {
  const state = acquire(acquire(UNLOCKED, 'a', 10), 'b', 10)
  expect(acquire(state, 'b', 20).entries.map(({ holder, token }) => [holder, token])).toEqual([
    ['a', 1],
    ['b', undefined],
  ])
})

test('a lapsed holder cannot renew itself back in', () => {
  const lapsed = expire(acquire(UNLOCKED, 'a', 10), 11)
  expect(renew(lapsed, 'a', 30).entries).toEqual([])
})

test('who is preempted has lost the lock, and the others keep their order', () => {
  const queue = ['a', 'b', 'c'].reduce((lock, holder) => acquire(lock, holder, 10), UNLOCKED)
  expect(preempt(queue, 'sre', 10).entries).toEqual([
    { holder: 'sre', leaseUntil: 10, token: 2 },
    { holder: 'b', leaseUntil: 10 },
    { holder: 'c', leaseUntil: 10 },
  ])
})
