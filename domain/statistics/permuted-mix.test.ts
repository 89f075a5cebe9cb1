import { expect, test } from 'vitest'
import type { Cell } from './divergence.ts'
import { permutedMixTest } from './permuted-mix.ts'

const apart = (cells: readonly Cell[]) => cells.reduce((sum, [a, b]) => sum + Math.abs(a - b), 0)
const options = { alpha: 0.05, rounds: 1999, seed: 3 }

test('the p-value is the share of deals that are as far apart', () => {
  // Of the 6 ways to deal two and two rows, 2 part them by category: 1/3, and one standard error is 0.0105.
  const { pValue } = permutedMixTest(
    [
      [2, 0],
      [0, 2],
    ],
    apart,
    options,
  )
  expect(Math.abs(pValue - 1 / 3)).toBeLessThan(0.032)
  // Of the 252 ways for five and five, 2 do: 0.0079, and one standard error is 0.002.
  expect(
    Math.abs(
      permutedMixTest(
        [
          [5, 0],
          [0, 5],
        ],
        apart,
        options,
      ).pValue -
        2 / 252,
    ),
  ).toBeLessThan(0.006)
})

test('which sample is the smaller makes no difference, and the sizes are kept', () => {
  const sizes = new Set<string>()
  const watched = (cells: readonly Cell[]) => {
    sizes.add(cells.reduce(([n, m], [a, b]) => [n + a, m + b], [0, 0]).join())
    return apart(cells)
  }
  permutedMixTest(
    [
      [9, 1],
      [3, 2],
      [0, 1],
    ],
    watched,
    options,
  )
  permutedMixTest(
    [
      [1, 9],
      [2, 3],
      [1, 0],
    ],
    watched,
    options,
  )
  expect([...sizes]).toEqual(['12,4', '4,12'])
})

test('equal samples are no evidence, and nothing exceeds the critical value of one category', () => {
  expect(
    permutedMixTest(
      [
        [4, 4],
        [6, 6],
      ],
      apart,
      options,
    ).pValue,
  ).toBe(1)
  expect(permutedMixTest([[4, 4]], apart, options)).toEqual({ pValue: 1, critical: 0 })
})
