import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { holm, holmLevels } from './holm.ts'

// p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") in R: 0.03 0.06 0.06 0.02.
test('rejects what R rejects, and stops at the first that stays', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005], 0.05)).toEqual([true, false, false, true])
  expect(holm([0.01, 0.04, 0.03, 0.005], 0.06)).toEqual([true, true, true, true])
  expect(holmLevels([0.01, 0.04, 0.03, 0.005], 0.05)).toEqual([0.05 / 3, 0.025, 0.025, 0.0125])
  expect(holm([], 0.05)).toEqual([])
})

test('lies between Bonferroni and no correction', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (pValues) => {
      for (const [index, rejected] of holm(pValues, 0.05).entries()) {
        if (pValues[index]! <= 0.05 / pValues.length) expect(rejected).toBe(true)
        if (pValues[index]! > 0.05) expect(rejected).toBe(false)
      }
    }),
  )
})
