import { expect, test } from 'vitest'
import { stepsOf } from './step.ts'

// SSE 4 · 0.25 = 1 with one mean and 0 with the fall in the middle, each with 4 · 0.001 added: −2 log(0.004 / 1.004).
test('the likelihood of a fall is that of two normal means', () => {
  const steps = stepsOf([1, 1, 0, 0].map((score, at) => ({ at, score })))
  expect(steps[2]).toEqual({
    before: 2,
    meanBefore: 1,
    meanAfter: 0,
    logLikelihood: expect.closeTo(-2 * Math.log(0.004 / 1.004), 9),
  })
  expect(stepsOf([0, 0, 1, 1].map((score, at) => ({ at, score }))).map((step) => step.logLikelihood)).toEqual(
    [0, 0, 0, 0, 0],
  )
  expect(stepsOf([])).toHaveLength(1)
})
