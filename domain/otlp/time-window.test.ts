import { expect, test } from 'vitest'
import { durationMs, unixMs } from './time-window.ts'

test('a duration is exact to the nanosecond, where two times as numbers would not be', () => {
  const span = { startTimeUnixNano: '1795485720507000000', endTimeUnixNano: '1795485720507000001' }
  expect(durationMs(span)).toBe(0.000001)
  expect(unixMs('1795485720507000000')).toBe(1_795_485_720_507)
})
