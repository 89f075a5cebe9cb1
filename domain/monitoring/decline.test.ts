import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Cluster } from '../statistics/clusters.ts'
import { seededIndex } from '../statistics/random.ts'
import { addSweep, declineReference, readChart, startChart, type DeclineChart } from './decline.ts'

const yesNo = (yes: number, n: number): Cluster[] =>
  Array.from({ length: n }, (_, index) => ({ sum: index < yes ? 1 : 0, size: 1 }))

const chartOf = (reference: number, sweeps: readonly Cluster[][]): DeclineChart =>
  sweeps.reduce((chart, clusters, index) => addSweep(chart, clusters, index), startChart(reference))

test('a chart starts at 1, is JSON, and passes over a sweep without traces', () => {
  expect(readChart(startChart(0.9), 0.05)).toEqual({ eValue: 1, isShown: false, since: null })
  expect(addSweep(startChart(0.9), [], 1)).toEqual(startChart(0.9))
  const chart = chartOf(1, [yesNo(0, 5000), yesNo(0, 5000), yesNo(5000, 5000)])
  expect(JSON.parse(JSON.stringify(chart))).toEqual(chart)
})

test('whatever is scored, the evidence is a number of at least 0', () => {
  const sweep = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 40 })
  fc.assert(
    fc.property(fc.array(sweep, { maxLength: 12 }), fc.integer({ min: 0, max: 100 }), (sweeps, percent) => {
      const clusters = sweeps.map((scores) => scores.map((score) => ({ sum: score / 100, size: 1 })))
      const { eValue } = readChart(chartOf(percent / 100, clusters), 0.05)
      expect(Number.isFinite(eValue)).toBe(true)
      expect(eValue).toBeGreaterThan(0)
    }),
  )
})

interface Watched {
  alarms: number
  /** Sweeps until the alarm, of those that raised one. */
  sweeps: number
  since: number[]
}

function watch(
  charts: number,
  length: number,
  draw: (next: (n: number) => number, sweep: number) => Cluster[],
): Watched {
  const next = seededIndex(11)
  const found: Watched = { alarms: 0, sweeps: 0, since: [] }
  for (let run = 0; run < charts; run++) {
    let chart = startChart(0.9)
    for (let sweep = 0; sweep < length; sweep++) {
      chart = addSweep(chart, draw(next, sweep), sweep)
      const { isShown, since } = readChart(chart, 0.05)
      if (!isShown) continue
      found.alarms += 1
      found.sweeps += sweep + 1
      found.since.push(since!)
      break
    }
  }
  return found
}

const binary = (mean: (sweep: number) => number) => (next: (n: number) => number, sweep: number) =>
  Array.from({ length: 30 }, () => ({ sum: next(10_000) < 10_000 * mean(sweep) ? 1 : 0, size: 1 }))

describe('over sixty sweeps of 30 traces', () => {
  test('a cohort that stays at its reference raises a false alarm in at most one chart of twenty', () => {
    const { alarms } = watch(
      300,
      60,
      binary(() => 0.9),
    )
    expect(alarms / 300).toBeLessThanOrEqual(0.05)
  })

  test('so does one with scores of degrees, in traces of one to four calls', () => {
    // 0.8 to 1, and each call of a trace alike.
    const { alarms } = watch(200, 60, (next) =>
      Array.from({ length: 30 }, () => {
        const size = 1 + next(4)
        return { size, sum: size * (0.8 + next(201) / 1000) }
      }),
    )
    expect(alarms / 200).toBeLessThanOrEqual(0.05)
  })

  test('a loss of half a point a sweep that begins with the tenth is seen, and about when it began', () => {
    const { alarms, sweeps, since } = watch(
      100,
      60,
      binary((sweep) => 0.9 - 0.005 * Math.max(0, sweep - 9)),
    )
    expect(alarms).toBe(100)
    // Where each sweep alone would need a loss of 13 points to be shown half of the time: P(Bin(30, 0.9) ≤ 23) = 0.026.
    expect(sweeps / alarms).toBeLessThan(34)
    const median = since.toSorted((a, b) => a - b)[50]!
    expect(median).toBeGreaterThan(6)
    expect(median).toBeLessThan(22)
  })

  test('a sudden drop is seen in a few sweeps, after many good ones too', () => {
    const { alarms, sweeps, since } = watch(
      100,
      60,
      binary((sweep) => (sweep < 40 ? 0.9 : 0.75)),
    )
    expect(alarms).toBeGreaterThanOrEqual(95)
    expect(sweeps / alarms).toBeLessThan(46)
    expect(Math.abs(since.toSorted((a, b) => a - b)[50]! - 40)).toBeLessThanOrEqual(1)
  })
})

test('the reference lies below what the promotion could only estimate', () => {
  const reference = declineReference(yesNo(900, 1000), 0.02, 0.01)
  // The exact bound is 0.8758, as in R: qbeta(0.01, 900, 101).
  expect(reference).toBeCloseTo(0.8758 - 0.02, 3)
  expect(declineReference([], 0.02, 0.01)).toBe(0)
})
