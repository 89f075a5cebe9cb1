import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bestAssignment } from './assignment.ts'

/** The greatest sum by trying everything. */
function bestSum(gains: readonly (readonly number[])[], row = 0, taken = new Set<number>()): number {
  const columns = gains[0]?.length ?? 0
  if (row === gains.length || taken.size === columns) return 0
  const skip = gains.length - row > columns - taken.size ? bestSum(gains, row + 1, taken) : -Infinity
  const sums = Array.from({ length: columns }, (_, column) =>
    taken.has(column)
      ? -Infinity
      : (gains[row]?.[column] ?? 0) + bestSum(gains, row + 1, new Set([...taken, column])),
  )
  return Math.max(skip, ...sums)
}

test('pairs one to one, with the greatest sum there is', () => {
  const matrix = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
    .chain(([rows, columns]) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      }),
    )
  fc.assert(
    fc.property(matrix, (gains) => {
      const pairs = bestAssignment(gains)
      const columns = pairs.filter((column) => column !== undefined)
      expect(new Set(columns).size).toBe(columns.length)
      expect(columns.length).toBe(Math.min(gains.length, gains[0]?.length ?? 0))
      const sum = pairs.reduce<number>(
        (total, column, row) => total + (column === undefined ? 0 : (gains[row]?.[column] ?? 0)),
        0,
      )
      expect(sum).toBe(bestSum(gains))
    }),
  )
})

test('nothing to pair', () => {
  expect(bestAssignment([])).toEqual([])
  expect(bestAssignment([[], []])).toEqual([undefined, undefined])
})
