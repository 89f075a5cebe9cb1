import { expect, test } from 'vitest'
import { chunkResult, marksOf } from './chunk-result.ts'
import type { RowScores } from './score.ts'

const scored = (score: number, copyRate?: number) => ({
  score,
  reason: '',
  ...(copyRate === undefined ? {} : { evidence: { copyRate } }),
})

test('what a shard comes to follows from its rows: sums, passes, costs, copies, and which answers can be taken over', () => {
  const rows: RowScores[] = [
    {
      rowId: '1',
      cohort: 'a',
      rowHash: 'f'.repeat(64),
      response: 'x',
      answered: { latencyMs: 1, costUsd: 0.5 },
      scores: { G: scored(0.6, 0.25) },
    },
    {
      rowId: '2',
      cohort: 'a',
      rowHash: 'e'.repeat(64),
      response: 'x',
      answered: { latencyMs: 1, costUsd: 9, cached: true },
      scores: { G: scored(0.8, 0.75) },
    },
    { rowId: '3', cohort: 'b', rowHash: 'd'.repeat(64), scores: { G: { error: 'no answer' } } },
  ]
  const result = chunkResult(rows, marksOf({ G: { at: 0.7, from: 'suite' } }))
  expect(result).toMatchObject({ rows: 3, reused: 1, costUsd: 0.5 })
  expect(result.scores).toMatchObject([
    { cohort: 'a', n: 2, passes: 1 },
    { cohort: 'b', n: 0, errors: 1 },
  ])
  expect(result.copyRates).toEqual([{ metric: 'G', cohort: 'a', n: 2, sum: 1 }])
  expect(result.answered).toEqual(['f'.repeat(16), 'e'.repeat(16)])
})
