import { expect, test } from 'vitest'
import { clustersOf, excesses, meanOf, rowsOf } from './clusters.ts'

const clusters = clustersOf([
  { trace: 'a', score: 1 },
  { trace: 'b', score: 0.5 },
  { trace: 'a', score: 0.2 },
])

test('scores of one trace are one cluster, and the mean is that of the scores', () => {
  expect(clusters).toEqual([
    { sum: 1.2, size: 2 },
    { sum: 0.5, size: 1 },
  ])
  expect(rowsOf(clusters)).toBe(3)
  expect(meanOf(clusters)).toBeCloseTo(1.7 / 3, 12)
  expect([meanOf([]), rowsOf([])]).toEqual([0, 0])
})

test('what exceeds the limit adds up to nothing where the limit is the mean', () => {
  const parts = excesses(clusters, 1.7 / 3)
  expect(parts[0]! + parts[1]!).toBeCloseTo(0, 12)
  expect(excesses(clusters, 0.5)).toEqual([expect.closeTo(0.1, 12), 0])
})
