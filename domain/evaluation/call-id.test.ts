import { expect, test } from 'vitest'
import { callOfRow, callRowId } from './call-id.ts'

test('two calls of one trace are two rows, and each is found by its row', () => {
  const calls = ['1', '2'].map((digit) => ({ traceId: 'a'.repeat(32), spanId: digit.repeat(16) }))
  expect(new Set(calls.map(callRowId)).size).toBe(2)
  expect(calls.map(callRowId).map(callOfRow)).toEqual(calls)
})

test('a row of an old sweep names its trace alone: it is the call that was recorded under the trace id', () => {
  const recorded = { traceId: 'a'.repeat(32), spanId: 'a'.repeat(32) }
  expect(callOfRow(recorded.traceId)).toEqual(recorded)
  expect(callRowId(callOfRow(recorded.traceId))).toBe(callRowId(recorded))
})
