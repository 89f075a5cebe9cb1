import fc from 'fast-check'
import { expect, test } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const NOW = Date.UTC(2026, 10, 26, 6, 0, 0)
const after = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), NOW)

test.for<[Record<string, string>, number | undefined]>([
  [{ 'retry-after': '2' }, 2_000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': 'Thu, 26 Nov 2026 06:00:07 GMT' }, 7_000],
  [{ 'retry-after': 'Thu, 26 Nov 2026 05:00:00 GMT' }, 0],
  [{ 'retry-after-ms': '120', 'retry-after': '1' }, 120],
  [{ 'retry-after-ms': 'soon', 'retry-after': '1' }, 1_000],
  [{ 'retry-after': '-1' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': 'Thu, 99 Nov 2026 06:00:07 GMT' }, undefined],
  [{}, undefined],
])('%j', ([headers, ms]) => {
  expect(after(headers)).toBe(ms)
})

test('any text gives a finite wait or none', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const ms = retryAfterMs({ get: () => text }, NOW)
      expect(ms === undefined || (Number.isFinite(ms) && ms >= 0)).toBe(true)
    }),
  )
})
