import { expect, test } from 'vitest'
import type { Evaluation, Score } from '../../api/views.ts'
import { scoreTable } from './scores.ts'

const score = (metric: string, cohort: string, mean: number, n = 50): Score => ({
  metric,
  cohort,
  n,
  errors: 0,
  mean,
  lower: mean,
  upper: mean,
})
const evaluation = (...scores: Score[]): Evaluation => ({
  evaluationId: 'eval_1',
  target: 'model:a@1',
  source: 'dataset:b@1',
  mode: 'offline',
  status: 'finished',
  rows: 100,
  errors: 0,
  scores,
})
const nothingJudged = () => null

test('the cohort with the largest loss against production stands first', () => {
  const candidate = evaluation(score('m', 'low', 0.5), score('m', 'lost', 0.8))
  const production = evaluation(score('m', 'low', 0.5), score('m', 'lost', 0.9))
  expect(scoreTable(candidate, production, nothingJudged).rows.map(({ cohort }) => cohort)).toEqual([
    'lost',
    'low',
  ])
  expect(scoreTable(candidate, null, nothingJudged).rows.map(({ cohort }) => cohort)).toEqual(['low', 'lost'])
})

test('the mean over all rows weighs cohorts by their rows', () => {
  const { overall } = scoreTable(
    evaluation(score('m', 'a', 1, 30), score('m', 'b', 0, 10)),
    null,
    nothingJudged,
  )
  expect(overall.m).toEqual({ n: 40, errors: 0, mean: 0.75, production: null })
})

test('a cohort that production never scored has no difference', () => {
  const table = scoreTable(
    evaluation(score('m', 'new', 0.7)),
    evaluation(score('m', 'old', 0.9)),
    nothingJudged,
  )
  expect(table.rows[0]!.cells.m!.production).toBeNull()
})
