import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { criticalIndex, jensenShannonDistance, populationStabilityIndex, type Cell } from './divergence.ts'
import { seededIndex } from './random.ts'

test('the index is the sum that it is defined as', () => {
  // (0.7 − 0.5) ln(0.7 / 0.5) + (0.3 − 0.5) ln(0.3 / 0.5)
  expect(
    populationStabilityIndex([
      [50, 700],
      [50, 300],
    ]),
  ).toBeCloseTo(0.16946, 5)
  expect(
    populationStabilityIndex([
      [50, 500],
      [50, 500],
      [0, 0],
    ]),
  ).toBe(0)
  expect(populationStabilityIndex([])).toBe(0)
})

// χ²(.95, 9) = 16.919 (R: qchisq(.95, 9)), times 1/N + 1/M: as on the research page.
test.for([
  [2000, 200, 0.093],
  [200, 200, 0.169],
  [300, 30, 0.62],
])('the critical index of ten categories, %d and %d rows is %d', ([n, m, critical]) => {
  expect(criticalIndex(10, n!, m!, 0.05)).toBeCloseTo(critical!, 3)
})

test('a limit of 0.1 fires without drift where the critical index does as often as it says', () => {
  const next = seededIndex(3)
  const draw = () => {
    const cells: [number, number][] = Array.from({ length: 10 }, () => [0, 0])
    for (const side of [0, 1] as const) for (let row = 0; row < 200; row++) cells[next(10)]![side] += 1
    return populationStabilityIndex(cells)
  }
  const indices = Array.from({ length: 1000 }, draw)
  const share = (limit: number) => indices.filter((index) => index > limit).length / indices.length
  // The research page has 38%, in a simulation of the same.
  expect(share(0.1)).toBeGreaterThan(0.3)
  expect(share(criticalIndex(10, 200, 200, 0.05))).toBeLessThan(0.09)
})

test('the distance of nothing in common is 1, and that of halves is known', () => {
  expect(
    jensenShannonDistance([
      [9, 0],
      [0, 4],
    ]),
  ).toBe(1)
  // scipy.spatial.distance.jensenshannon([1, 0], [0.5, 0.5], 2.0) is 0.5579.
  expect(
    jensenShannonDistance([
      [10, 5],
      [0, 5],
    ]),
  ).toBeCloseTo(0.5579, 4)
  expect(jensenShannonDistance([])).toBe(0)
})

test('both are 0 for the same shares, never negative, and the same either way round', () => {
  const cells = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(cells, (list) => {
      const swapped = list.map(([a, b]): Cell => [b, a])
      const same = list.map(([a]): Cell => [a, 3 * a])
      for (const measure of [populationStabilityIndex, jensenShannonDistance]) {
        expect(measure(list)).toBeGreaterThanOrEqual(-1e-12)
        expect(measure(swapped)).toBeCloseTo(measure(list), 9)
        expect(measure(same)).toBeCloseTo(0, 6)
      }
    }),
  )
})
