import { expect, test } from 'vitest'
import { headline } from './headline.ts'

const evaluation = {
  rows: 1600,
  errors: 0,
  reused: 0,
  costUsd: 0,
  estimatedCostUsd: 0,
  createdAt: 1_000,
  finishedAt: 21_400,
  metrics: [{}, {}],
} as Parameters<typeof headline>[0]

test('says what it came to', () => {
  expect(headline(evaluation, 0)).toBe('1,600 rows scored by 2 metrics in 20.4 s; no score failed; cost $0.')
})

test('and what it has come to so far, with what failed and what was taken over', () => {
  const running = {
    ...evaluation,
    rows: 1,
    errors: 4,
    reused: 7,
    costUsd: 0.0042,
    estimatedCostUsd: 1.5,
    finishedAt: null,
  }
  expect(headline(running, 3_000)).toBe(
    '1 row scored by 2 metrics so far, in 2 s; 4 scores could not be given; 7 answers taken over from earlier evaluations; cost $0.0042 of an estimated $1.50.',
  )
  expect(headline({ ...running, estimatedCostUsd: null }, 3_000)).toContain(
    'cost $0.0042, not estimated before.',
  )
})
