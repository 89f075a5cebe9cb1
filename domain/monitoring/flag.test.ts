import { expect, test } from 'vitest'
import type { CohortScore } from '../evaluation/score.ts'
import { seededIndex } from '../statistics/random.ts'
import { flagCohorts } from './flag.ts'

const METRICS = ['A', 'B', 'C', 'D']
const COHORTS = ['p', 'q', 'r', 's', 't']
const policy = { margins: { A: 0.05, B: 0.05, C: 0.05, D: 0.05 }, alpha: 0.05 }

const scores = (
  n: number,
  meanOf: (metric: string, cohort: string) => number,
  draw: (n: number) => number,
): CohortScore[] =>
  METRICS.flatMap((metric) =>
    COHORTS.map((cohort) => {
      const values = Array.from({ length: n }, () => (draw(1000) / 1000 < meanOf(metric, cohort) ? 1 : 0))
      const sum = values.reduce<number>((total, value) => total + value, 0)
      return { metric, cohort, n, errors: 0, sum, sumSquares: sum }
    }),
  )
const baseline = METRICS.flatMap((metric) =>
  COHORTS.map((cohort): CohortScore => ({ metric, cohort, n: 1000, errors: 0, sum: 850, sumSquares: 850 })),
)

test('nights without any degradation are flagged in at most about one of twenty, over all cohorts and metrics', () => {
  const draw = seededIndex(3)
  let nights = 0
  for (let night = 0; night < 400; night++) {
    // The truth lies exactly at the threshold: the hardest case.
    if (
      flagCohorts(
        scores(40, () => 0.8, draw),
        baseline,
        policy,
      ).some(({ flagged }) => flagged)
    )
      nights += 1
  }
  expect(nights / 400).toBeLessThan(0.1)
})

test('a cohort that has dropped is flagged, and no other', () => {
  const draw = seededIndex(4)
  const found = flagCohorts(
    scores(40, (_metric, cohort) => (cohort === 'q' ? 0.35 : 0.9), draw),
    baseline,
    policy,
  )
  expect(new Set(found.filter(({ flagged }) => flagged).map(({ cohort }) => cohort))).toEqual(new Set(['q']))
})

test('a cohort that the promotion did not have is held against the mean of all', () => {
  const [found] = flagCohorts(
    [{ metric: 'A', cohort: 'new', n: 30, errors: 0, sum: 5, sumSquares: 5 }],
    baseline,
    policy,
  )
  expect(found).toMatchObject({
    cohort: 'new',
    baseline: 0.85,
    threshold: expect.closeTo(0.8),
    flagged: true,
  })
})

test('a metric without a margin or a baseline is not judged', () => {
  const score: CohortScore = { metric: 'E', cohort: 'p', n: 30, errors: 0, sum: 0, sumSquares: 0 }
  expect(flagCohorts([score], baseline, policy)).toEqual([])
  expect(flagCohorts([{ ...score, metric: 'A' }], [], policy)).toEqual([])
})

test('a cohort is held against its own score at promotion, which may lie far from the mean of all', () => {
  const score = (cohort: string, n: number, mean: number): CohortScore => ({
    metric: 'A',
    cohort,
    n,
    errors: 0,
    sum: n * mean,
    sumSquares: n * mean,
  })
  const promotion = [score('easy', 1000, 0.9), score('hard', 100, 0.4)]
  const tonight = [score('easy', 100, 0.6), score('hard', 100, 0.4)]
  const found = flagCohorts(tonight, promotion, policy)
  expect(found.map(({ cohort, flagged }) => [cohort, flagged])).toEqual([
    ['easy', true],
    ['hard', false],
  ])
})
