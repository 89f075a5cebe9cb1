import { expect, test } from 'vitest'
import { groupedMedian } from './transitions.ts'

test('the median of whole milliseconds is found within its class', () => {
  expect(groupedMedian([1, 1, 1, 1])).toBe(1)
  expect(groupedMedian([0, 0, 0, 1])).toBeCloseTo(1 / 3)
  expect(groupedMedian([1, 1, 1, 2])).toBeCloseTo(0.5 + 2 / 3)
  expect(groupedMedian([5])).toBe(5)
})
