import { expect, test } from 'vitest'
import type { ComparisonLine } from '../../api/evaluation-views.ts'
import { comparisonForest } from './comparison-forest.ts'
import { verdictOf } from './verdict.ts'

const REST = {
  n: 100,
  margin: 0.1,
  rowsNeeded: null,
  moreRows: null,
  power: null,
  smallestLoss: null,
  gained: 0,
  lost: 0,
  mcnemarP: null,
  suspicious: false,
  method: 'tango',
  sentence: '',
}

function line(
  metric: string,
  cohort: string | null,
  outcome: ComparisonLine['outcome'],
  lower = 0,
): ComparisonLine {
  return { ...REST, metric, cohort, outcome, lower, difference: lower + 0.01, upper: lower + 0.02 }
}

test('a loss anywhere is told before a gain, and long lists are counted', () => {
  const cohorts = ['a', 'b', 'c', 'd', 'e'].map((cohort) => line('f1', cohort, 'worse'))
  expect(verdictOf([line('f1', null, 'better'), ...cohorts])).toMatchObject({
    tone: 'bad',
    sentence: 'Shown to be worse: f1 of a, f1 of b, f1 of c, f1 of d and 1 more.',
  })
})

test('what cannot be told of all rows is said; of a cohort it stops nobody', () => {
  expect(verdictOf([line('f1', null, 'inconclusive'), line('em', null, 'better')]).sentence).toBe(
    'Not enough to tell: f1.',
  )
  expect(verdictOf([line('f1', null, 'same'), line('f1', 'vip', 'inconclusive')]).sentence).toBe(
    'No worse by any metric, and no cohort regressed.',
  )
  expect(verdictOf([line('f1', null, 'same'), line('em', null, 'better')]).sentence).toBe(
    'Better: em, and no worse by the others; no cohort regressed.',
  )
})

test('cohorts stand in the order of their outcome, then of their lower bound', () => {
  const lines = [
    line('f1', null, 'same'),
    line('f1', 'fine', 'same', -0.01),
    line('f1', 'thin', 'inconclusive', -0.5),
    line('f1', 'bad', 'worse', -0.3),
    line('f1', 'doubtful', 'inconclusive', -0.2),
  ]
  const { lines: shown } = comparisonForest(lines, 'cohort')
  expect(shown.map(({ cohort }) => cohort)).toEqual(['bad', 'thin', 'doubtful', 'fine'])
  expect(shown.every(({ limit }) => limit === -0.1)).toBe(true)
})
