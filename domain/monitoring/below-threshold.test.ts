import { describe, expect, test } from 'vitest'
import type { Cluster } from '../statistics/clusters.ts'
import { seededIndex } from '../statistics/random.ts'
import { findBelowThreshold, type CohortSample } from './below-threshold.ts'

const METRICS = ['A', 'B', 'C', 'D']
const COHORTS = ['p', 'q', 'r', 's', 't']
const policy = { alpha: 0.05, minTraces: 30 }

type Draw = (n: number) => number

const yesNo =
  (traces: number, share: (cohort: string) => number) =>
  (next: Draw, cohort: string): Cluster[] =>
    Array.from({ length: traces }, () => ({ sum: next(1000) < 1000 * share(cohort) ? 1 : 0, size: 1 }))

function sweep(
  next: Draw,
  draw: (next: Draw, cohort: string) => Cluster[],
  threshold: number,
): CohortSample[] {
  return METRICS.flatMap((metric) =>
    COHORTS.map((cohort) => ({ metric, cohort, threshold, clusters: draw(next, cohort) })),
  )
}

const isBelow = ({ verdict }: { verdict: string }) => verdict === 'below'

/** Share of sweeps over 5 cohorts × 4 metrics of which any is flagged. */
function flagged(draw: (next: Draw, cohort: string) => Cluster[], threshold: number, sweeps: number): number {
  const next = seededIndex(7)
  let count = 0
  for (let run = 0; run < sweeps; run++)
    if (findBelowThreshold(sweep(next, draw, threshold), policy).some(isBelow)) count += 1
  return count / sweeps
}

describe('of sweeps where every cohort lies exactly at its threshold, at most one in twenty raises a flag', () => {
  // 5%, and three standard errors of so many sweeps.
  const atMost = (sweeps: number) => 0.05 + 3 * Math.sqrt((0.05 * 0.95) / sweeps)

  test('with scores of 0 and 1', () => {
    expect(
      flagged(
        yesNo(40, () => 0.85),
        0.85,
        250,
      ),
    ).toBeLessThan(atMost(250))
  })

  test('with rare scores above 0, which Student’s t takes for a drop', () => {
    const draw = (next: Draw) =>
      Array.from({ length: 40 }, () => ({ sum: next(10) > 0 ? 0 : 0.6 + next(401) / 1000, size: 1 }))
    expect(flagged(draw, 0.08, 250)).toBeLessThan(atMost(250))
  })

  test('with traces of one to eight calls that score alike', () => {
    const draw = (next: Draw) =>
      Array.from({ length: 40 }, () => {
        const size = 1 + next(8)
        return { size, sum: next(100) < 85 ? size : 0 }
      })
    expect(flagged(draw, 0.85, 250)).toBeLessThan(atMost(250))
  })

  test('where a mean below its threshold would raise one on nearly every night', () => {
    const next = seededIndex(8)
    const nights = Array.from({ length: 200 }, () =>
      sweep(
        next,
        yesNo(40, () => 0.9),
        0.85,
      ).some(({ clusters }) => clusters.reduce((sum, cluster) => sum + cluster.sum, 0) < 40 * 0.85),
    )
    // The research page has 88% for a truth of .90 and a threshold of .85.
    expect(nights.filter(Boolean).length / 200).toBeGreaterThan(0.8)
    expect(
      flagged(
        yesNo(40, () => 0.9),
        0.85,
        100,
      ),
    ).toBeLessThanOrEqual(0.02)
  })
})

test('a cohort that has dropped is flagged, and no other', () => {
  const draw = yesNo(40, (cohort) => (cohort === 'q' ? 0.5 : 0.9))
  const found = findBelowThreshold(sweep(seededIndex(4), draw, 0.85), policy)
  expect(found.filter(isBelow).map(({ metric, cohort }) => [metric, cohort])).toEqual(
    METRICS.map((metric) => [metric, 'q']),
  )
})

test('a verdict is that of its bound', () => {
  const next = seededIndex(5)
  for (let run = 0; run < 20; run++) {
    const draw = yesNo(35, (cohort) => (cohort < 'r' ? 0.62 : 0.9))
    for (const { verdict, upper, threshold } of findBelowThreshold(sweep(next, draw, 0.85), policy))
      expect(verdict === 'below').toBe(upper <= threshold)
  }
})

test('seven nights together show a small drop that one night does not', () => {
  const sample = (nights: number): CohortSample => ({
    metric: 'A',
    cohort: 'p',
    threshold: 0.85,
    clusters: Array.from({ length: 40 * nights }, (_, index) => ({ sum: index % 40 < 31 ? 1 : 0, size: 1 })),
  })
  expect(findBelowThreshold([sample(1)], policy)[0]!.verdict).toBe('not_shown')
  expect(findBelowThreshold([sample(7)], policy)[0]!.verdict).toBe('below')
})

test('a thin cohort is not judged, and costs the others nothing', () => {
  const thin = {
    metric: 'A',
    cohort: 'thin',
    threshold: 0.9,
    clusters: yesNo(29, () => 0)(seededIndex(1), ''),
  }
  const low = {
    metric: 'A',
    cohort: 'low',
    threshold: 0.9,
    clusters: yesNo(40, () => 0.5)(seededIndex(2), ''),
  }
  const found = findBelowThreshold([thin, low, { ...thin, cohort: 'none', clusters: [] }], policy)
  expect(found.map(({ verdict, level }) => [verdict, level])).toEqual([
    ['thin', 0.05],
    ['below', 0.05],
    ['thin', 0.05],
  ])
  expect(found[2]).toMatchObject({ n: 0, mean: 0, lower: 0, upper: 1 })
})
