import { expect, test } from 'vitest'
import { isDeeperThan } from './nesting.ts'

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

test('depth is counted in lists and objects', () => {
  expect([isDeeperThan(0, 'text'), isDeeperThan(0, null), isDeeperThan(0, [])]).toEqual([false, false, true])
  expect([isDeeperThan(3, nested(3)), isDeeperThan(3, nested(4))]).toEqual([false, true])
  expect([isDeeperThan(2, { a: [1], b: 2 }), isDeeperThan(1, { a: [1], b: 2 })]).toEqual([false, true])
  expect(isDeeperThan(2, [[], [1, [2]], 'x'])).toBe(true)
  expect(isDeeperThan(100, nested(200_000))).toBe(true)
})
