import { expect, test } from 'vitest'
import { callContext } from '../../workers/gateway/call-context.ts'

test('ids of spans are random to the first digit: samples of calls are drawn by their value', () => {
  const spans = Array.from({ length: 1_000 }, () => callContext(new Headers(), {}).spanId)
  expect(spans.filter((id) => !/^[0-9a-f]{16}$/.test(id))).toEqual([])
  expect(new Set(spans.map(([first]) => first)).size).toBe(16)
})
