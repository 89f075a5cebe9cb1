import { describe, expect, test } from 'vitest'
import { seededIndex } from '../statistics/random.ts'
import { compareOfflineOnline, type EvaluatorSample } from './offline-online.ts'

const policy = { limit: 0.05, alpha: 0.05 }

const sample = (cohort: string, yes: number, n: number, evaluator = 'resolved@2'): EvaluatorSample => ({
  metric: 'resolved',
  cohort,
  evaluator,
  clusters: Array.from({ length: n }, (_, index) => ({ sum: index < yes ? 1 : 0, size: 1 })),
})

test('a gap is beyond the limit, within it, or unclear, and both ways count', () => {
  const offline = [
    sample('a', 950, 1000),
    sample('b', 950, 1000),
    sample('c', 950, 1000),
    sample('d', 500, 1000),
  ]
  const online = [sample('a', 140, 200), sample('b', 1900, 2000), sample('c', 36, 40), sample('d', 180, 200)]
  const { gaps } = compareOfflineOnline(offline, online, policy)
  expect(gaps.map(({ cohort, verdict }) => [cohort, verdict])).toEqual([
    ['a', 'beyond'],
    ['b', 'within'],
    ['c', 'unclear'],
    ['d', 'beyond'],
  ])
  expect(gaps[0]).toMatchObject({ gap: expect.closeTo(0.25), offline: { n: 1000, mean: 0.95 } })
  expect(gaps[0]!.sentence).toMatch(
    /^resolved of `a` is 0\.950 on the golden set and 0\.700 on traffic: \+25\.0 points \(\+\d+\.\d points to \+\d+\.\d points\), and 5\.0 either way are allowed$/,
  )
})

// Newcombe 1998, Stat. Med. 17:873, table II: for 56/70 − 48/80 Wilson's bounds give .0524 to .3339 (method 10).
test('an interval is a little wider than that of Wilson’s bounds', () => {
  const { gaps } = compareOfflineOnline([sample('a', 56, 70)], [sample('a', 48, 80)], policy)
  expect(gaps[0]!.lower).toBeLessThan(0.0524)
  expect(gaps[0]!.lower).toBeGreaterThan(0.03)
  expect(gaps[0]!.upper).toBeGreaterThan(0.3339)
  expect(gaps[0]!.upper).toBeLessThan(0.36)
})

test('scores of another version of the evaluator are no counterpart, nor are none', () => {
  const online = [sample('a', 9, 10), sample('b', 9, 10), sample('c', 0, 0)]
  const offline = [sample('a', 9, 10, 'resolved@1'), sample('c', 9, 10)]
  expect(compareOfflineOnline(offline, online, policy)).toEqual({
    gaps: [],
    incomparable: [
      { metric: 'resolved', cohort: 'a', reason: 'other_version' },
      { metric: 'resolved', cohort: 'b', reason: 'not_offline' },
    ],
  })
})

describe('over six cohorts', () => {
  const TRIALS = 60
  const alarms = (gap: number, isWrong: (verdict: string) => boolean) => {
    const next = seededIndex(12)
    const draw = (n: number, mean: number, cohort: string): EvaluatorSample => ({
      metric: 'resolved',
      cohort,
      evaluator: 'resolved@2',
      clusters: Array.from({ length: n }, () => ({ sum: next(1000) < 1000 * mean ? 1 : 0, size: 1 })),
    })
    const cohorts = ['a', 'b', 'c', 'd', 'e', 'f']
    let wrong = 0
    for (let trial = 0; trial < TRIALS; trial++) {
      const golden = cohorts.map((cohort) => draw(150, 0.9, cohort))
      const traffic = cohorts.map((cohort) => draw(60, 0.9 - gap, cohort))
      const { gaps } = compareOfflineOnline(golden, traffic, policy)
      if (gaps.some(({ verdict }) => isWrong(verdict))) wrong += 1
    }
    return wrong / TRIALS
  }

  // 5%, and three standard errors of 60 trials.
  test('gaps at the limit are taken for gaps beyond it as rarely as alpha, or for gaps within it', () => {
    expect(alarms(0.05, (verdict) => verdict === 'beyond')).toBeLessThan(0.135)
    expect(alarms(0.05, (verdict) => verdict === 'within')).toBeLessThan(0.135)
  })

  test('gaps of thirty points are nearly always seen', () => {
    expect(alarms(0.3, (verdict) => verdict === 'beyond')).toBeGreaterThan(0.9)
  })
})
