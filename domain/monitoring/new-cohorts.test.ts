import { expect, test } from 'vitest'
import { findNewCohorts } from './new-cohorts.ts'

const counts = (list: Record<string, number>) => new Map(Object.entries(list))
const traffic = counts({ general: 850, 'billing-de': 120, gift: 25, odd: 5 })
const training = { name: 'training', rows: counts({ general: 9, 'billing-de': 3, odd: 0 }) }
const evaluation = { name: 'evaluation', rows: counts({ general: 200, odd: 0 }) }

test('names what no dataset has, the largest first, and where it is absent', () => {
  expect(findNewCohorts(traffic, [training, evaluation], 0.01)).toEqual([
    {
      cohort: 'billing-de',
      traces: 120,
      share: 0.12,
      // Wilson's interval, one-sided at 95%: z = 1.644854, 120 of 1,000.
      lower: expect.closeTo(0.10411, 4),
      upper: expect.closeTo(0.13794, 4),
      absentFrom: ['evaluation'],
      sentence: '12.0% of traffic is `billing-de`, absent from evaluation',
    },
    expect.objectContaining({
      cohort: 'gift',
      sentence: '2.5% of traffic is `gift`, absent from training and evaluation',
    }),
  ])
})

test('a share below the smallest, a cohort that all have, and no traffic are no news', () => {
  expect(findNewCohorts(traffic, [evaluation], 0.2)).toEqual([])
  expect(findNewCohorts(counts({ general: 10 }), [training, evaluation], 0)).toEqual([])
  expect(findNewCohorts(counts({ other: 0 }), [evaluation], 0)).toEqual([])
  expect(findNewCohorts(traffic, [], 0)).toEqual([])
})
