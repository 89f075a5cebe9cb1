import { describe, expect, test } from 'vitest'
import { meanPower, type MeanDesign } from './power.ts'

const design = (n: number, spread: number): MeanDesign => ({
  n,
  clusters: n,
  standardError: spread / Math.sqrt(n),
  hardlyDeviates: false,
})

// statsmodels 0.14, TTestPower().power(loss / spread, n, alpha, alternative='larger').
test.for([
  [0.05, 0.2, 100, 0.05, 0.79899],
  [0.03, 0.2, 276, 0.05, 0.79982],
  [0.02, 0.2, 40, 0.03, 0.10337],
  [0.1, 0.3, 25, 0.05, 0.48987],
] as const)('a loss of %d with a spread of %d on %d rows has the power of the t-test', (row) => {
  const [loss, spread, n, alpha, power] = row
  // Student's distribution shifted stands in for the non-central one: within a hundredth.
  expect(Math.abs(meanPower(design(n, spread), loss, alpha).power! - power)).toBeLessThan(0.01)
})

describe('what a sample lacks', () => {
  // TTestPower().solve_power(.03 / .2, power=.8, alpha=.05, alternative='larger'): 276.1.
  test('is about the rows that the t-test asks for, less those that are there', () => {
    expect(meanPower(design(136, 0.2), 0.03, 0.05).moreRows).toBeGreaterThanOrEqual(135)
    expect(meanPower(design(136, 0.2), 0.03, 0.05).moreRows).toBeLessThanOrEqual(141)
    expect(meanPower(design(300, 0.2), 0.03, 0.05).moreRows).toBe(0)
  })

  test('the smallest loss that is seen is seen four times in five', () => {
    const { smallestLoss } = meanPower(design(200, 0.25), 0.05, 0.05)
    expect(meanPower(design(200, 0.25), smallestLoss!, 0.05).power).toBeCloseTo(0.8, 2)
  })

  test('rows that are all alike prove no more than chance lets them', () => {
    const alike = { n: 50, clusters: 50, standardError: 0, hardlyDeviates: true }
    // 1 − 0.98^50.
    expect(meanPower(alike, 0.02, 0.05).power).toBeCloseTo(0.6358, 4)
    // log 0.2 / log 0.98 = 79.7.
    expect(meanPower(alike, 0.02, 0.05).moreRows).toBe(30)
  })

  test('conversations count whole: ten rows each, ten times as many more', () => {
    const clustered = { ...design(20, 0.2), n: 200 }
    // (1.644854 + 0.841621)² · 0.2² / 0.05² = 98.9 conversations of ten rows.
    expect(meanPower(clustered, 0.05, 0.05).moreRows).toBe(790)
  })

  test('one conversation, or no margin, has no power to speak of', () => {
    const none = { power: null, smallestLoss: null, moreRows: null }
    expect(meanPower(design(1, 0.2), 0.05, 0.05)).toEqual(none)
    expect(meanPower(design(100, 0.2), 0, 0.05)).toEqual(none)
  })
})
