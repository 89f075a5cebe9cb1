import fc from 'fast-check'
import { expect, test } from 'vitest'
import { admits, closedBreaker, report, startProbe, type BreakerState } from './breaker.ts'
import { planTargets } from './plan.ts'
import type { Breaker } from './route.ts'
import { route, target } from './target.fixture.ts'

const policies: fc.Arbitrary<Breaker> = fc.record({
  windowMs: fc.integer({ min: 1_000, max: 60_000 }),
  minRequests: fc.integer({ min: 1, max: 20 }),
  errorRate: fc.double({ min: 0.1, max: 1, noNaN: true }),
  inARow: fc.integer({ min: 1, max: 10 }),
  slowMs: fc.integer({ min: 10, max: 1_000 }),
  slowRate: fc.double({ min: 0.1, max: 1, noNaN: true }),
  cooldownMs: fc.integer({ min: 100, max: 5_000 }),
  maxCooldownMs: fc.integer({ min: 5_000, max: 60_000 }),
  probes: fc.integer({ min: 1, max: 4 }),
})

/** A breaker that keeps everything and counts it anew each time. All of its requests take no time. */
class Reference {
  outcomes: { at: number; ok: boolean; slow: boolean }[] = []
  opened: { at: number; until: number; cooldown: number; good: number } | undefined
  readonly policy: Breaker
  constructor(policy: Breaker) {
    this.policy = policy
  }

  admits(now: number) {
    if (!this.opened) return 'yes'
    return now < this.opened.until ? 'no' : 'probe'
  }

  outcome(now: number, ok: boolean, ms: number) {
    const slow = ok && ms > this.policy.slowMs!
    if (this.opened) return this.probed(now, ok && !slow)
    this.outcomes.push({ at: now, ok, slow })
    const window = this.outcomes.filter(
      ({ at }) => Math.floor(at / 1000) > Math.floor(now / 1000) - this.policy.windowMs / 1000,
    )
    const [bad, slowOnes] = [
      window.filter((each) => !each.ok).length,
      window.filter((each) => each.slow).length,
    ]
    const { minRequests, errorRate, slowRate, inARow, cooldownMs } = this.policy
    const tooBad =
      (bad > 0 && bad / window.length >= errorRate) ||
      (slowOnes > 0 && slowOnes / (window.length - bad) >= slowRate)
    const row = this.outcomes.slice(-inARow)
    if ((window.length >= minRequests && tooBad) || (row.length === inARow && row.every((each) => !each.ok)))
      this.opened = { at: now, until: now + cooldownMs, cooldown: cooldownMs, good: 0 }
  }

  probed(now: number, good: boolean) {
    const { cooldown } = this.opened!
    const next = Math.min(cooldown * 2, this.policy.maxCooldownMs)
    if (!good) this.opened = { at: now, until: now + next, cooldown: next, good: 0 }
    else if (++this.opened!.good >= this.policy.probes) [this.opened, this.outcomes] = [undefined, []]
  }
}

test('it admits what a breaker admits that remembers everything, in bounded memory', () => {
  const steps = fc.array(
    fc.record({ wait: fc.integer({ min: 1, max: 3_000 }), ok: fc.boolean(), slow: fc.boolean() }),
    { minLength: 30, maxLength: 200 },
  )
  fc.assert(
    fc.property(policies, steps, (policy, sent) => {
      const reference = new Reference(policy)
      let [state, now] = [closedBreaker(), 1_000_000]
      for (const { wait, ok, slow } of sent) {
        now += wait
        const admission = admits(state, now)
        expect(admission).toBe(reference.admits(now))
        if (admission === 'no') continue
        const probe = admission === 'probe'
        if (probe) state = startProbe(state, now)
        // Its duration is only told: it started after the last change.
        const ms = slow ? policy.slowMs! + 1 : 0
        state = report(state, { ok, ms, probe }, { ...policy }, now + ms)
        now += ms
        reference.outcome(now, ok, ms)
        if (state.is === 'closed')
          expect(state.buckets.length).toBeLessThanOrEqual(policy.windowMs / 1000 + 1)
      }
    }),
    { numRuns: 300 },
  )
})

interface World {
  /** States of the breakers of two targets, and when each is up. */
  states: Map<string, BreakerState>
  probesOut: Map<string, number>
  mostProbes: number
}

/** Requests every `everyMs`, each asking the plan's targets in turn, while the targets are down between two moments. */
function live(policy: Breaker, everyMs: number, down: Record<string, [number, number]>, until: number) {
  const targets = Object.keys(down).map((id) => target(id))
  const world: World = { states: new Map(), probesOut: new Map(), mostProbes: 0 }
  const stateOf = (id: string) => world.states.get(id) ?? closedBreaker()
  const served: { at: number; by: string | null; probe: boolean }[] = []
  type Task = { at: number; run: () => void }
  const queue: Task[] = []
  const isUp = (id: string, at: number) => at < down[id]![0] || at >= down[id]![1]
  for (let at = 1_000; at < until; at += everyMs) queue.push({ at, run: () => begin(at) })

  function begin(at: number) {
    const request = { stickyKey: undefined, metadata: {}, random: 0 }
    const plan = planTargets(route(targets), request, ({ id }) => admits(stateOf(id), at))
    const asked = plan.targets.map(({ id }) => ({ id, anyway: plan.panicked }))
    attempt(at, [...asked, ...plan.skipped.map(({ id }) => ({ id, anyway: true }))])
  }
  function attempt(at: number, [next, ...rest]: { id: string; anyway: boolean }[]): void {
    if (next === undefined) return void served.push({ at, by: null, probe: false })
    const { id, anyway } = next
    const admission = admits(stateOf(id), at)
    if (admission === 'no' && !anyway) return attempt(at, rest)
    const probe = admission === 'probe'
    if (probe) {
      world.states.set(id, startProbe(stateOf(id), at))
      world.probesOut.set(id, (world.probesOut.get(id) ?? 0) + 1)
      world.mostProbes = Math.max(world.mostProbes, world.probesOut.get(id)!)
    }
    const ok = isUp(id, at)
    const ms = ok ? 20 : 5
    const end = () => {
      if (probe) world.probesOut.set(id, world.probesOut.get(id)! - 1)
      world.states.set(id, report(stateOf(id), { ok, ms, probe }, policy, at + ms))
      if (ok) served.push({ at, by: id, probe })
      else attempt(at + ms, rest)
    }
    const task = { at: at + ms, run: end }
    const place = queue.findIndex((other) => other.at > task.at)
    queue.splice(place < 0 ? queue.length : place, 0, task)
  }
  while (queue.length > 0) queue.shift()!.run()
  return { served, mostProbes: world.mostProbes }
}

const outage = fc.record({
  from: fc.integer({ min: 2_000, max: 6_000 }),
  lasts: fc.integer({ min: 1_000, max: 20_000 }),
  everyMs: fc.integer({ min: 7, max: 200 }),
})
const policy: Breaker = {
  windowMs: 10_000,
  minRequests: 20,
  errorRate: 0.5,
  inARow: 5,
  slowRate: 0.5,
  cooldownMs: 1_000,
  maxCooldownMs: 4_000,
  probes: 2,
}

test('after an outage the primary is used again within the cooldown and a second, by a single probe at a time, and nobody noticed', () => {
  fc.assert(
    fc.property(outage, ({ from, lasts, everyMs }) => {
      const up = from + lasts
      const { served, mostProbes } = live(
        policy,
        everyMs,
        { primary: [from, up], fallback: [0, 0] },
        up + 8_000,
      )
      expect(served.every(({ by }) => by !== null)).toBe(true)
      expect(mostProbes).toBeLessThanOrEqual(1)
      const steady = served.filter(({ at }) => at > up + policy.maxCooldownMs + 1_000)
      expect(steady.every(({ by, probe }) => by === 'primary' && !probe)).toBe(true)
    }),
    { numRuns: 40 },
  )
})

test('when all targets were down and one comes back, traffic flows at once; when the primary does, through it', () => {
  fc.assert(
    fc.property(
      outage,
      fc.integer({ min: 0, max: 10_000 }),
      fc.boolean(),
      ({ from, lasts, everyMs }, later, primaryFirst) => {
        const [first, last] = [from + lasts, from + lasts + later]
        const ups = primaryFirst ? [first, last] : [last, first]
        const down: Record<string, [number, number]> = { primary: [from, ups[0]!], fallback: [from, ups[1]!] }
        const { served, mostProbes } = live(policy, everyMs, down, last + 8_000)
        expect(mostProbes).toBeLessThanOrEqual(1)
        const afterFirst = served.filter(({ at }) => at >= first + 20)
        expect(afterFirst.every(({ by }) => by !== null)).toBe(true)
        const steady = served.filter(({ at }) => at > last + policy.maxCooldownMs + 1_000)
        expect(steady.length).toBeGreaterThan(0)
        expect(steady.every(({ by, probe }) => by === 'primary' && !probe)).toBe(true)
      },
    ),
    { numRuns: 40 },
  )
})
