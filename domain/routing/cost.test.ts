import { expect, test } from 'vitest'
import { costUsd } from './cost.ts'

const price = { inputPerMTok: 3, outputPerMTok: 15 }

test('an answer costs its tokens, input and output apart', () => {
  expect(costUsd(price, { inputTokens: 1_000, outputTokens: 200 })).toBeCloseTo(0.006, 12)
  expect(costUsd(price, { inputTokens: 0, outputTokens: 0 })).toBe(0)
})

test('what is not known is not free', () => {
  expect(costUsd(undefined, { inputTokens: 1, outputTokens: 1 })).toBeNull()
  expect(costUsd(price, { inputTokens: null, outputTokens: 1 })).toBeNull()
  expect(costUsd(price, { inputTokens: 1, outputTokens: null })).toBeNull()
})
