import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { OUTAGE_MS, expire, holderKey, position, release, renew, request, type SlotHolder } from './slots.ts'
import { MemoryTable } from './table.fixture.ts'

const LEASE = 60_000
const DAY = 86_400_000

const holder = (name: string, project = 'a', priority = 0): SlotHolder => ({ project, runId: name, priority })
const ask = (table: MemoryTable, who: SlotHolder, slots: number, at = 0) =>
  request(table, who, { slots, at, leaseUntil: at + LEASE }).map(({ key }) => key)
const free = (table: MemoryTable, key: string) => release(table, key).map((entry) => entry.key)
const granted = (table: MemoryTable) =>
  [...table.entries.values()].filter((entry) => entry.granted !== undefined)
const waiting = (table: MemoryTable) =>
  [...table.entries.values()].filter((entry) => entry.granted === undefined)

/** Serves everyone that waits, one after another, and answers the order. */
function serveAll(table: MemoryTable): string[] {
  const order: string[] = []
  for (let held = granted(table); held.length > 0; held = granted(table)) {
    const [first] = held.toSorted((a, b) => a.granted! - b.granted!)
    order.push(...free(table, first!.key))
  }
  return order
}

const operation = fc.record({
  kind: fc.constantFrom('request', 'request', 'request', 'renew', 'release', 'expire'),
  run: fc.nat(11),
  slots: fc.constantFrom(2, 2, 2, 3, 1, 0),
  later: fc.nat(20_000),
})
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

/** Twelve runs of three projects, with two priorities. */
const runOf = (run: number) => holder(`r${run}`, 'abc'[run % 3], Math.floor(run / 3) % 2)

function apply(table: MemoryTable, { kind, run, slots }: Operation, now: number) {
  const who = runOf(run)
  if (kind === 'request') return request(table, who, { slots, at: now, leaseUntil: now + LEASE })
  if (kind === 'release') return release(table, holderKey(who))
  if (kind === 'expire') return expire(table, now, now + LEASE)
  renew(table, holderKey(who), now + LEASE)
  return []
}

test('whatever happens, no slot is granted beyond the capacity, none is taken back, and none stays free while someone waits', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
      const table = new MemoryTable()
      let now = 0
      for (const step of operations) {
        now += step.later
        const before = granted(table)
        const served = apply(table, step, now)
        const { slots } = table.totals()
        const holders = granted(table)
        if (served.length > 0) expect(holders.length).toBeLessThanOrEqual(slots)
        if (waiting(table).length > 0) expect(holders.length).toBeGreaterThanOrEqual(slots)
        const isNew = ({ key }: { key: string }) => !before.some((entry) => entry.key === key)
        expect(holders.filter(isNew).map(({ key }) => key)).toEqual(
          expect.arrayContaining(served.filter(({ key }) => table.find(key)).map(({ key }) => key)),
        )
        if (step.kind === 'request' || step.kind === 'renew')
          for (const { key } of before) expect(table.find(key)?.granted).toBeDefined()
        for (const { project, granted: held, waiting: queued } of table.shares()) {
          expect(held).toBe(holders.filter((entry) => entry.holder.project === project).length)
          expect(queued).toBe(waiting(table).filter((entry) => entry.holder.project === project).length)
        }
        const projects = new Set([...table.entries.values()].map((entry) => entry.holder.project))
        expect(new Set(table.shares().map(({ project }) => project))).toEqual(projects)
      }
    }),
    { numRuns: 400 },
  )
})

test('from any state, everyone who waits is served when holders release: of equals, who came first', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const table = new MemoryTable()
      let now = 0
      for (const step of operations) apply(table, step, (now += step.later))
      ask(table, holder('last', 'c'), 1, now)
      const queue = waiting(table).map(({ key }) => key)
      expect(queue.map((key) => position(table, key)).toSorted((a, b) => a - b)).toEqual(
        queue.map((_, index) => index + 1),
      )
      const seqOf = new Map(waiting(table).map(({ key, seq }) => [key, seq]))
      const kindOf = new Map(
        waiting(table).map(({ key, holder: { project, priority } }) => [key, `${project} ${priority}`]),
      )
      const order = serveAll(table)
      expect(order.toSorted()).toEqual(queue.toSorted())
      for (const equals of Map.groupBy(order, (key) => kindOf.get(key)).values()) {
        const seqs = equals.map((key) => seqOf.get(key)!)
        expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
      }
      expect(table.shares()).toEqual([])
    }),
  )
})

test('two projects that always want more hold the same number of slots, but for one', () => {
  const turns = fc.array(fc.nat(9), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), turns, fc.nat(20), (slots, releases, head) => {
      const table = new MemoryTable()
      for (let n = 0; n < 90; n++) ask(table, holder(`a${n}`, 'a'), 0)
      for (let n = 0; n < 90; n++) ask(table, holder(`b${n}`, 'b'), 0)
      for (let n = 0; n < head; n++) ask(table, holder(`x${n}`, 'a', 5), 0)
      ask(table, holder('open', 'a'), slots)
      const count = (project: string) =>
        granted(table).filter((entry) => entry.holder.project === project).length
      const served = { a: count('a'), b: count('b') }
      for (const turn of releases) {
        expect(Math.abs(count('a') - count('b'))).toBeLessThanOrEqual(1)
        const held = granted(table)
        for (const { holder: who } of release(table, held[turn % held.length]!.key))
          served[who.project as 'a' | 'b'] += 1
        if (slots === 1) expect(Math.abs(served.a - served.b)).toBeLessThanOrEqual(1)
      }
    }),
  )
})

test('a project that holds nothing is passed at most once by each that is there, however many come after', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.infiniteStream(fc.nat(4)), (slots, arrivals) => {
      const table = new MemoryTable()
      for (let n = 0; n < slots; n++) ask(table, holder(`early${n}`, 'old'), slots)
      ask(table, holder('patient', 'old'), slots)
      let newcomers = 0
      let mayPass: number | undefined
      while (position(table, 'patient') !== 0) {
        for (let coming = arrivals.next().value; coming > 0; coming--)
          ask(table, holder(`n${newcomers}`, `new${newcomers++}`), slots)
        const old = table.share('old')!
        if (old.granted <= 1) mayPass ??= table.shares().filter((share) => share.waiting > 0).length - 1
        const [oldest] = granted(table).toSorted((a, b) => a.granted! - b.granted!)
        const [served] = release(table, oldest!.key)
        if (mayPass === undefined || served!.key === 'patient') continue
        mayPass -= 1
        expect(mayPass).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})

test('one project that floods the pool does not keep another from the next slot', () => {
  const table = new MemoryTable()
  for (let n = 0; n < 50; n++) ask(table, holder(`flood${n}`, 'a', 9), 1)
  ask(table, holder('one', 'b'), 1)
  expect(position(table, 'one')).toBe(1)
  expect(free(table, 'flood0')).toEqual(['one'])
  // Nor does asking again and again give more than a turn.
  ask(table, holder('two', 'b'), 1)
  expect(free(table, 'one')).toEqual(['flood1'])
})

test('within a project the highest priority is next, then who came first', () => {
  const table = new MemoryTable()
  for (const name of ['holds', 'x', 'y', 'z']) ask(table, holder(name), 1)
  ask(table, holder('urgent', 'a', 3), 1, 1_000)
  ask(table, holder('backfill', 'a', -2), 1, 1_000)
  expect(['urgent', 'x', 'y', 'z', 'backfill'].map((key) => position(table, key))).toEqual([1, 2, 3, 4, 5])
  expect(serveAll(table)).toEqual(['urgent', 'x', 'y', 'z', 'backfill'])
})

test('a day of waiting is worth one priority, so that even the lowest is served', () => {
  const table = new MemoryTable()
  ask(table, holder('holds'), 1)
  ask(table, holder('low'), 1, 0)
  ask(table, holder('soon', 'a', 1), 1, DAY - 1)
  ask(table, holder('late', 'a', 1), 1, DAY + 1)
  expect(serveAll(table)).toEqual(['soon', 'low', 'late'])
})

test('asking twice is asking once, and releasing what is not there does nothing', () => {
  const table = new MemoryTable()
  ask(table, holder('h'), 1)
  ask(table, holder('w'), 1)
  ask(table, holder('v'), 1)
  const before = structuredClone([...table.entries.values()])
  expect(ask(table, holder('w'), 1, 10)).toEqual([])
  expect([...table.entries.values()].map(({ leaseUntil: _, ...entry }) => entry)).toEqual(
    before.map(({ leaseUntil: _, ...entry }) => entry),
  )
  expect(free(table, 'nobody')).toEqual([])
  expect(position(table, 'nobody')).toBe(-1)
  expect(['h', 'w', 'v'].map((key) => position(table, key))).toEqual([0, 1, 2])
})

test('two stages of one run, and two attempts of one stage, are holders of their own', () => {
  const table = new MemoryTable()
  const stage = { ...holder('run'), stage: 'train', attempt: 1 }
  for (const who of [stage, { ...stage, attempt: 2 }, { ...stage, stage: 'evaluate' }, holder('run')])
    ask(table, who, 9)
  expect([...table.entries.keys()]).toEqual(['run/train/1', 'run/train/2', 'run/evaluate/1', 'run'])
})

test('a smaller pool takes a slot from nobody, a larger one lets the next in at once', () => {
  const table = new MemoryTable()
  for (const name of ['a', 'b', 'c', 'd', 'e']) ask(table, holder(name), 3)
  expect(ask(table, holder('e'), 1)).toEqual([])
  expect(granted(table).map(({ key }) => key)).toEqual(['a', 'b', 'c'])
  expect([free(table, 'a'), free(table, 'b')]).toEqual([[], []])
  expect(free(table, 'c')).toEqual(['d'])
  expect(ask(table, holder('f'), 3)).toEqual(['e', 'f'])
})

test('a lapsed lease frees the slot, and cannot be renewed', () => {
  const table = new MemoryTable()
  ask(table, holder('dead'), 1, 0)
  ask(table, holder('next'), 1, 1_000)
  expect(expire(table, LEASE - 1, 0)).toEqual([])
  expect(expire(table, LEASE, 0).map(({ key }) => key)).toEqual(['next'])
  expect(renew(table, 'dead', 2 * LEASE)).toBe(false)
  expect(renew(table, 'next', 2 * LEASE)).toBe(true)
})

test('after an outage everyone keeps the place, for one more lease', () => {
  const table = new MemoryTable()
  ask(table, holder('holds'), 1, 0)
  ask(table, holder('waits'), 1, 0)
  const back = LEASE + OUTAGE_MS + 1
  expect(expire(table, back, back + LEASE)).toEqual([])
  expect([position(table, 'holds'), position(table, 'waits')]).toEqual([0, 1])
  renew(table, 'waits', back + 2 * LEASE)
  expect(expire(table, back + LEASE, 0).map(({ key }) => key)).toEqual(['waits'])
})
