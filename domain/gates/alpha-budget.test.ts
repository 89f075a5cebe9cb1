import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededIndex } from '../statistics/random.ts'
import { alphaOfOrdinal, alphaSpent, withAttempt, type GateAttempt } from './alpha-budget.ts'
import { noRegression, type PairedRow } from './no-regression.ts'
import { threshold } from './threshold.ts'
import type { GateResult } from './verdict.ts'

const attempt = (ordinal: number): GateAttempt => ({ family: 'f', evaluationId: 'e', ordinal })

test('all attempts together spend no more than alpha, and each gets some of it', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 0.5, noNaN: true }),
      fc.integer({ min: 1, max: 5_000 }),
      (alpha, k) => {
        expect(alphaOfOrdinal(alpha, k)).toBeGreaterThan(0)
        expect(alphaOfOrdinal(alpha, k + 1)).toBeLessThan(alphaOfOrdinal(alpha, k))
        expect(alphaSpent(alpha, k)).toBeLessThan(alpha)
      },
    ),
    { numRuns: 50 },
  )
  expect(alphaSpent(0.05, 5_000)).toBeCloseTo(0.05, 4)
  // 0.05 · 6/π² and its ninth.
  expect(alphaOfOrdinal(0.05, 1)).toBeCloseTo(0.0303964, 7)
  expect(alphaOfOrdinal(0.05, 3)).toBeCloseTo(0.0033774, 7)
})

describe('what a gate says of its attempt', () => {
  const result: GateResult = { verdict: 'passed', sentence: 'All is well.', evidence: { lines: [] } }

  test('the first is not worth a word, and shows what it leaves', () => {
    const first = withAttempt(result, 0.05, attempt(1))
    expect(first.sentence).toBe('All is well.')
    expect(first.evidence.attempt).toEqual({
      family: 'f',
      evaluationId: 'e',
      ordinal: 1,
      alpha: expect.closeTo(0.0304, 4),
      spent: expect.closeTo(0.0304, 4),
      left: expect.closeTo(0.0196, 4),
    })
  })

  test('from the second on the sentence says which it is, and at what level it was judged', () => {
    const sentenceOf = (ordinal: number) => withAttempt(result, 0.05, attempt(ordinal)).sentence
    expect(sentenceOf(3)).toBe('All is well. Third attempt on the same rows: judged at alpha 0.0034.')
    expect(sentenceOf(9)).toMatch(/ Ninth attempt /)
    expect(sentenceOf(21)).toMatch(/ 21st attempt on the same rows: judged at alpha 0\.000069\.$/)
    expect(sentenceOf(112)).toMatch(/ 112th attempt /)
  })

  test('without an attempt nothing is added', () => {
    expect(withAttempt(result, 0.05, undefined)).toBe(result)
  })
})

const RETRIES = 20

/** Share of teams that get a model through, each with up to twenty trainings of it. */
function passRate(teams: number, tryOnce: (ordinal: number) => boolean): number {
  let passed = 0
  for (let team = 0; team < teams; team++) {
    for (let ordinal = 1; ordinal <= RETRIES; ordinal++) {
      if (!tryOnce(ordinal)) continue
      passed += 1
      break
    }
  }
  return passed / teams
}

describe('trying again until it passes', () => {
  const params = threshold.params.parse({ metrics: { M: { overall: 0.7 } } })
  const tryThreshold = (seed: number, truth: number, counted: boolean, isBinary = false) => {
    const draw = seededIndex(seed)
    return (ordinal: number) => {
      const values = Array.from({ length: 120 }, () =>
        isBinary ? (draw(1_000) < truth * 1_000 ? 1 : 0) : truth + (draw(1_001) / 1_000 - 0.5) * 0.6,
      )
      const score = {
        metric: 'M',
        cohort: 'a',
        n: values.length,
        errors: 0,
        sum: values.reduce((sum, value) => sum + value, 0),
        sumSquares: values.reduce((sum, value) => sum + value ** 2, 0),
      }
      const evidence = counted ? { scores: [score], attempt: attempt(ordinal) } : { scores: [score] }
      return threshold.evaluate(params, evidence).verdict === 'passed'
    }
  }

  test.for([
    ['scores', false],
    ['yes or no', true],
  ] as const)('an inferior model seldom reaches a threshold, of %s', ([, isBinary]) => {
    expect(passRate(500, tryThreshold(7, 0.695, true, isBinary))).toBeLessThanOrEqual(0.05)
    expect(passRate(300, tryThreshold(7, 0.695, false, isBinary))).toBeGreaterThan(0.2)
  })

  test('a model that lies on the threshold passes about as often as alpha says, and no more', () => {
    // Three standard errors of two thousand trials above 0.05.
    expect(passRate(2_000, tryThreshold(11, 0.7, true))).toBeLessThan(0.065)
    expect(passRate(200, tryThreshold(11, 0.7, false))).toBeGreaterThan(0.5)
  })

  test('a good model still passes at its tenth attempt', () => {
    expect(tryThreshold(13, 0.8, true)(10)).toBe(true)
  })

  test('a model that is more than the margin worse than production seldom passes', () => {
    const paired = noRegression.params.parse({ metrics: ['M'], margin: 0.05, cohortMargin: 1 })
    const tryPaired = (seed: number, counted: boolean) => {
      const draw = seededIndex(seed)
      return (ordinal: number) => {
        const rows = Array.from({ length: 40 }, (_, index): PairedRow => ({
          cohort: 'a',
          cluster: `c${index}`,
          pairs: { M: { candidate: 0.448 + (draw(1_001) / 1_000 - 0.5) * 0.8, production: 0.5 } },
        }))
        const evidence = { candidate: 'model:m@a', production: 'model:m@b', rows }
        const judged = counted ? { ...evidence, attempt: attempt(ordinal) } : evidence
        return noRegression.evaluate(paired, judged).verdict === 'passed'
      }
    }
    expect(passRate(80, tryPaired(17, true))).toBeLessThanOrEqual(0.05)
    expect(passRate(40, tryPaired(17, false))).toBeGreaterThan(0.3)
  })
})

test('a damaged cohort stops a late attempt as it stops the first', () => {
  const params = noRegression.params.parse({ metrics: ['M'], margin: 0.05 })
  const rows = (cohort: string, n: number, candidate: number): PairedRow[] =>
    Array.from({ length: n }, (_, index) => ({
      cohort,
      cluster: `${cohort}${index}`,
      pairs: { M: { candidate: candidate + ((index % 7) - 3) / 30, production: 0.5 } },
    }))
  const evidence = {
    candidate: 'model:m@a',
    production: 'model:m@b',
    rows: [...rows('fine', 900, 0.55), ...rows('damaged', 40, 0.36)],
  }
  for (const ordinal of [1, 30])
    expect(noRegression.evaluate(params, { ...evidence, attempt: attempt(ordinal) }).verdict).toBe('failed')
})
