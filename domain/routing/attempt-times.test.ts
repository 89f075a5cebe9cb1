import { expect, test } from 'vitest'
import { attemptTimes } from './attempt-times.ts'
import { RouteTimeouts } from './route.ts'

const silent = RouteTimeouts.parse({})
const said = RouteTimeouts.parse({ headersMs: 2_000, firstChunkMs: 3_000, chunkMs: 4_000 })

const next = { isLast: false, isStream: true }
const last = { isLast: true, isStream: true }
const whole = { isLast: false, isStream: false }

test('a stream that falls silent is left while another target may still answer, even if the route says nothing', () => {
  expect(attemptTimes(silent, 60_000, next)).toEqual({
    headersMs: 10_000,
    firstChunkMs: 10_000,
    heldChunkMs: 15_000,
    totalMs: 60_000,
  })
})

test('an answer whose headers come when it is whole gets half of the time to be generated', () => {
  expect(attemptTimes(silent, 60_000, whole)).toMatchObject({ headersMs: 30_000, firstChunkMs: 30_000 })
  expect(attemptTimes(said, 60_000, whole)).toMatchObject({ headersMs: 2_000, firstChunkMs: 3_000 })
})

test('the last target gets as long as the request may last, but for the silence that the route limits', () => {
  expect(attemptTimes(silent, 40_000, last)).toEqual({
    headersMs: 40_000,
    firstChunkMs: 40_000,
    heldChunkMs: undefined,
    totalMs: 40_000,
  })
  expect(attemptTimes(said, 40_000, last).heldChunkMs).toBe(4_000)
})

test('nothing takes longer than what is left', () => {
  expect(attemptTimes(said, 60_000, next)).toMatchObject({ headersMs: 2_000, firstChunkMs: 3_000 })
  expect(attemptTimes(said, 2_500, next)).toMatchObject({ headersMs: 2_000, firstChunkMs: 2_500 })
})

test('the last target leaves a fifth of the time for those whose breakers are open', () => {
  const times = attemptTimes(said, 50_000, { ...last, othersOpen: true })
  expect(times).toMatchObject({ headersMs: 40_000, firstChunkMs: 40_000, totalMs: 50_000 })
})
