import { expect, test } from 'vitest'
import { planChaos } from './schedule.ts'

test('the same seed gives the same schedule, and another one another', () => {
  const options = { seed: 4, runs: 20, kills: 50 }
  expect(planChaos(options)).toEqual(planChaos(options))
  expect(planChaos({ ...options, seed: 5 })).not.toEqual(planChaos(options))
})

test('every run is started before the last kill, the first ones at once', () => {
  const { kills, starts } = planChaos({ seed: 1, runs: 20, kills: 50 })
  expect(kills).toHaveLength(50)
  expect(starts).toHaveLength(20)
  expect(starts.slice(0, 3)).toEqual([0, 0, 0])
  expect(Math.max(...starts)).toBeLessThan(50)
})
