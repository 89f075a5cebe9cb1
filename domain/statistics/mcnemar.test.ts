import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mcnemarExact, mcnemarPower, mcnemarRows } from './mcnemar.ts'

// statsmodels 0.14, mcnemar([[a, gained], [lost, d]], exact=True).pvalue.
test.for([
  [0, 1, 1],
  [12, 3, 0.03515625],
  [8, 5, 0.5810546875],
  [40, 70, 0.005447429511444476],
])('%d gained and %d lost have the p-value of statsmodels', ([gained, lost, p]) => {
  expect(mcnemarExact({ gained: gained!, lost: lost! })).toBeCloseTo(p!, 10)
  expect(mcnemarExact({ gained: lost!, lost: gained! })).toBeCloseTo(p!, 10)
})

test('no discordant row is no evidence', () => {
  expect(mcnemarExact({ gained: 0, lost: 0 })).toBe(1)
})

describe('the power to see a loss', () => {
  // Sums over the binomial distributions with SciPy 1.15, two-sided at .05, 3% of the rows flipping each way. A
  // simulation of the same gave .04, .21, .52, .91 for five points and .21, .68, .94, 1.0 for ten.
  test.for([
    [0.05, [0.037, 0.223, 0.497, 0.916]],
    [0.1, [0.192, 0.66, 0.944, 1]],
  ] as const)('of %d is that of SciPy at 40, 100, 200 and 500 rows', ([loss, expected]) => {
    const found = [40, 100, 200, 500].map((n) => mcnemarPower({ n, flips: 0.03, loss, alpha: 0.05 }))
    found.forEach((power, index) => expect(power).toBeCloseTo(expected[index]!, 3))
  })

  test('is the same by sums and by the normal distribution where one takes over from the other', () => {
    const at = (n: number) => mcnemarPower({ n, flips: 0.05, loss: 0.01, alpha: 0.05 })
    // 0.11 · n discordant rows: exact sums end at 2,000.
    expect(Math.abs(at(18_100) - at(18_200))).toBeLessThan(0.02)
  })

  test('is a probability, and grows with the loss', () => {
    const flips = fc.double({ min: 0.001, max: 0.2, noNaN: true })
    const loss = fc.double({ min: 0.001, max: 0.25, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), flips, loss, (n, f, l) => {
        const power = mcnemarPower({ n, flips: f, loss: l, alpha: 0.05 })
        expect(power).toBeGreaterThanOrEqual(0)
        expect(power).toBeLessThanOrEqual(1)
        expect(mcnemarPower({ n, flips: f, loss: l + 0.2, alpha: 0.05 })).toBeGreaterThanOrEqual(power - 1e-9)
      }),
      { numRuns: 60 },
    )
  })

  test.for([
    [0.03, 0.05],
    [0.01, 0.03],
    [0.1, 0.05],
    [0.0025, 0.05],
  ])('with flips of %d and a loss of %d is about .8 with the rows that are asked for', ([flips, loss]) => {
    const rows = mcnemarRows({ flips: flips!, loss: loss!, alpha: 0.05 }, 0.8)!
    const at = (n: number) => mcnemarPower({ n, flips: flips!, loss: loss!, alpha: 0.05 })
    expect(at(rows)).toBeGreaterThanOrEqual(0.8)
    expect(at(Math.floor(rows * 0.75))).toBeLessThan(0.8)
  })

  test('no loss is never seen', () => {
    expect(mcnemarPower({ n: 100, flips: 0.03, loss: 0, alpha: 0.05 })).toBe(0)
    expect(mcnemarRows({ flips: 0.03, loss: 0, alpha: 0.05 }, 0.8)).toBeNull()
  })
})
