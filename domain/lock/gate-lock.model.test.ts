import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { UNLOCKED, acquire, expire, position, preempt, release, renew, type LockState } from './gate-lock.ts'

const LEASE = 10
const KINDS = ['acquire', 'renew', 'release', 'preempt', 'expire'] as const

interface Operation {
  kind: (typeof KINDS)[number]
  holder: string
  /** Time since the operation before. */
  later: number
}

/** What people expect of a lock: a line of names, each with the time until which its place is kept. */
type Line = readonly { holder: string; leaseUntil: number }[]

const operations = fc.array(
  fc.record({
    kind: fc.constantFrom<Operation['kind'][]>('acquire', ...KINDS),
    holder: fc.constantFrom('a', 'b', 'c', 'd'),
    later: fc.nat(6),
  }),
  { maxLength: 60 },
)

function inLine(line: Line, { kind, holder }: Operation, now: number): Line {
  const place = { holder, leaseUntil: now + LEASE }
  const others = line.filter((entry) => entry.holder !== holder)
  const renewed = line.map((entry) => (entry.holder === holder ? place : entry))
  switch (kind) {
    case 'acquire':
      return others.length === line.length ? [...line, place] : renewed
    case 'renew':
      return renewed
    case 'release':
      return others
    case 'preempt':
      return [place, ...line.slice(1).filter((entry) => entry.holder !== holder)]
    case 'expire':
      return line.filter(({ leaseUntil }) => leaseUntil > now)
  }
}

function inLock(lock: LockState, { kind, holder }: Operation, now: number): LockState {
  if (kind === 'expire') return expire(lock, now)
  if (kind === 'release') return release(lock, holder)
  return { acquire, renew, preempt }[kind](lock, holder, now + LEASE)
}

test('the lock does what a line of people does, with a larger token at each grant', () => {
  fc.assert(
    fc.property(operations, (steps) => {
      let lock = UNLOCKED
      let line: Line = []
      let now = 0
      let largest = 0
      for (const step of steps) {
        now += step.later
        const before = lock.entries[0]
        lock = inLock(lock, step, now)
        line = inLine(line, step, now)
        expect(lock.entries.map(({ holder, leaseUntil }) => ({ holder, leaseUntil }))).toEqual(line)
        expect(position(lock, step.holder)).toBe(line.findIndex(({ holder }) => holder === step.holder))
        const [first, ...waiting] = lock.entries
        expect(waiting.filter(({ token }) => token !== undefined)).toEqual([])
        if (!first) continue
        if (first.holder === before?.holder && step.kind !== 'preempt') expect(first.token).toBe(before.token)
        else {
          expect(first.token).toBeGreaterThan(largest)
          largest = first.token!
        }
      }
    }),
    { numRuns: 400 },
  )
})

test('the next in line gets the lock when the holder lapses, and the old token is the smaller one', () => {
  const queue = acquire(acquire(UNLOCKED, 'a', 10), 'b', 20)
  expect(expire(queue, 10).entries).toEqual([{ holder: 'b', leaseUntil: 20, token: 2 }])
})
