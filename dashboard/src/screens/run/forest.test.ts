import { expect, test } from 'vitest'
import { noRegression } from '../../../../domain/gates/no-regression.ts'
import { threshold } from '../../../../domain/gates/threshold.ts'
import type { GateView } from '../../api/views.ts'
import { domainOf, forestOf } from './forest.ts'

const overTheWire = (gate: string, evidence: unknown, params: unknown): GateView =>
  JSON.parse(JSON.stringify({ gate, verdict: 'failed', blocks: true, sentence: '', evidence, params, at: 1 }))

const pair = (cohort: string, index: number, candidate: number) => ({
  cohort,
  cluster: `${cohort}-${index}`,
  pairs: { exact: { candidate, production: 1 } },
})

test('lines of the no-regression gate: all rows first, then the worst cohort, with the margin of each', () => {
  const rows = Array.from({ length: 60 }, (_, index) => [
    pair('fine', index, 1),
    pair('damaged', index, index % 2),
    pair('meh', index, index % 10 === 0 ? 0 : 1),
  ]).flat()
  const params = noRegression.params.parse({ metrics: ['exact'] })
  const { evidence } = noRegression.evaluate(params, {
    candidate: 'model:a@1',
    production: 'model:a@0',
    rows,
  })
  const forest = forestOf(overTheWire('no-regression', evidence, params))!
  expect(forest.measures).toBe('difference')
  expect(forest.confidence).toBe(90)
  expect(forest.lines.map(({ cohort, limit, outcome }) => [cohort, limit, outcome])).toEqual([
    [null, -0.05, 'worse'],
    ['damaged', -0.1, 'worse'],
    ['meh', -0.1, 'inconclusive'],
    ['fine', -0.1, 'same'],
  ])
  const { from, to } = domainOf(forest)
  for (const { lower, upper } of forest.lines) expect(lower > from && upper < to).toBe(true)
})

test('a metric without rows in common has no value', () => {
  const params = noRegression.params.parse({ metrics: ['other'] })
  const evidence = noRegression.evaluate(params, {
    candidate: 'model:a@1',
    production: 'model:a@0',
    rows: [pair('a', 1, 1)],
  })
  const [line] = forestOf(overTheWire('no-regression', evidence.evidence, params))!.lines
  expect(line).toMatchObject({ n: 0, value: null })
})

test('lines of the threshold gate carry their thresholds', () => {
  const params = threshold.params.parse({ metrics: { exact: { overall: 0.9, cohort: 0.5 } } })
  const scores = [{ metric: 'exact', cohort: 'a', n: 100, errors: 0, sum: 40, sumSquares: 40 }]
  const forest = forestOf(overTheWire('threshold', threshold.evaluate(params, { scores }).evidence, params))!
  expect(forest.lines.map(({ cohort, value, limit, outcome }) => [cohort, value, limit, outcome])).toEqual([
    [null, 0.4, 0.9, 'failed'],
    ['a', 0.4, 0.5, 'failed'],
  ])
})

test('other gates have no plot', () => {
  expect(forestOf(overTheWire('freshness', { inputs: [] }, {}))).toBeNull()
  expect(forestOf(overTheWire('no-regression', { production: null }, {}))).toBeNull()
})
