import { expect, test } from 'vitest'
import { seededIndex } from '../statistics/random.ts'
import { findTrafficDrift, type TrafficDriftPolicy, type TrafficWindow } from './traffic-drift.ts'

const policy: TrafficDriftPolicy = {
  alpha: 0.05,
  limits: { rate: 1.5, latency: 1.25, cost: 1.25 },
  minRateGain: 0.005,
}

interface Truth {
  calls: number
  errors: number
  fallbacks: number
  slower: number
  dearer: number
}
const usual: Truth = { calls: 400, errors: 0.02, fallbacks: 0.1, slower: 1, dearer: 1 }

/** Calls with exponential tails, as latencies have: 300 ms and more. */
function windowOf(next: (n: number) => number, truth: Truth): TrafficWindow {
  const uniform = () => (next(1e9) + 0.5) / 1e9
  const count = (share: number) =>
    Array.from({ length: truth.calls }, uniform).filter((u) => u < share).length
  const many = (value: () => number) => Array.from({ length: truth.calls }, value)
  return {
    calls: truth.calls,
    errors: count(truth.errors),
    fallbacks: count(truth.fallbacks),
    latencyMs: many(() => truth.slower * (300 - 400 * Math.log(uniform()))),
    costUsd: many(() => truth.dearer * 0.001 * Math.exp(2 * uniform())),
  }
}

const drifted = (reference: TrafficWindow, current: TrafficWindow) =>
  findTrafficDrift(reference, current, policy)
    .filter(({ verdict }) => verdict === 'drifted')
    .map(({ measure }) => measure)

test('at the very limit of every measure, a false alarm of any is as rare as alpha', () => {
  const next = seededIndex(6)
  let alarms = 0
  for (let trial = 0; trial < 300; trial++) {
    const atLimit = { ...usual, errors: 0.03, fallbacks: 0.15, slower: 1.25, dearer: 1.25 }
    if (drifted(windowOf(next, usual), windowOf(next, atLimit)).length > 0) alarms += 1
  }
  // 5%, and three standard errors of 300 trials.
  expect(alarms / 300).toBeLessThan(0.088)
})

test('what has grown well beyond its limit is seen, and nothing else', () => {
  const next = seededIndex(7)
  const before = windowOf(next, { ...usual, calls: 1000 })
  const change = (worse: Partial<Truth>) =>
    drifted(before, windowOf(next, { ...usual, calls: 1000, ...worse }))
  expect(change({})).toEqual([])
  expect(change({ errors: 0.08 })).toEqual(['error rate'])
  expect(change({ fallbacks: 0.3 })).toEqual(['fallback rate'])
  expect(change({ slower: 1.8 })).toEqual(['latency p50', 'latency p95'])
  expect(change({ dearer: 2 })).toEqual(['cost p50', 'cost p95'])
  expect(change({ slower: 0.4, dearer: 0.4, errors: 0, fallbacks: 0 })).toEqual([])
})

test('a rate that has quadrupled from next to nothing is not worth a word', () => {
  const calm = { calls: 1_000_000, errors: 100, fallbacks: 0, latencyMs: [], costUsd: [] }
  const [errors] = findTrafficDrift(calm, { ...calm, errors: 400 }, policy)
  expect(errors).toMatchObject({
    verdict: 'not_shown',
    ratio: expect.closeTo(4),
    reference: 0.0001,
    current: 0.0004,
  })
  expect(errors!.lower).toBeGreaterThan(3)
})

test('errors where there were none are a drift, and the ratio is not a number', () => {
  const calm = { calls: 1000, errors: 0, fallbacks: 0, latencyMs: [5], costUsd: [0] }
  const [errors, , latency] = findTrafficDrift(calm, { ...calm, errors: 60 }, policy)
  expect(errors).toMatchObject({ verdict: 'drifted', ratio: null, upper: null, reference: 0, current: 0.06 })
  // One call bounds no quantile.
  expect(latency).toMatchObject({ verdict: 'not_shown', ratio: 1, lower: 0, upper: null })
})

test('a window without calls has no drift, and says why', () => {
  const none = { calls: 0, errors: 0, fallbacks: 0, latencyMs: [], costUsd: [] }
  for (const { verdict } of findTrafficDrift(none, none, policy)) expect(verdict).toBe('no_data')
})
