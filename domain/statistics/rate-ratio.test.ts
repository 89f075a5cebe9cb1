import { describe, expect, test } from 'vitest'
import { rateRatio } from './rate-ratio.ts'
import { seededIndex } from './random.ts'

// poisson.test(c(11, 6 + 8 + 7), c(800, 1083 + 1050 + 878)), an example of its page in R: 0.8584264 to 4.2772659.
test('bounds are those of R’s poisson.test', () => {
  const found = rateRatio({ events: 21, calls: 3011 }, { events: 11, calls: 800 }, 0.025)
  expect(found.value).toBeCloseTo(1.971488, 6)
  expect([found.lower, found.upper]).toEqual([expect.closeTo(0.8584264, 6), expect.closeTo(4.2772659, 6)])
})

test('without events or calls nothing is known', () => {
  expect(rateRatio({ events: 0, calls: 10 }, { events: 0, calls: 10 }, 0.05)).toEqual({
    value: 1,
    lower: 0,
    upper: Infinity,
  })
  expect(rateRatio({ events: 0, calls: 0 }, { events: 3, calls: 10 }, 0.05).lower).toBe(0)
  expect(rateRatio({ events: 0, calls: 100 }, { events: 9, calls: 100 }, 0.05)).toMatchObject({
    value: Infinity,
    lower: expect.closeTo(2.53, 2),
  })
})

describe.for([0.01, 0.3])('of calls of which %d fail', (rate) => {
  test('a ratio of 1 is taken for more at most as often as alpha says', () => {
    const next = seededIndex(5)
    const draw = (calls: number) => {
      let events = 0
      for (let call = 0; call < calls; call++) if (next(10_000) < 10_000 * rate) events += 1
      return { events, calls }
    }
    let rejected = 0
    for (let trial = 0; trial < 1000; trial++)
      if (rateRatio(draw(800), draw(400), 0.05).lower > 1) rejected += 1
    // 5%, and three standard errors of 1,000 trials.
    expect(rejected / 1000).toBeLessThan(0.071)
  })
})
