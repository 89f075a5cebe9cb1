import { expect, test } from 'vitest'
import { answered } from '../text-match/compared.fixture.ts'
import { costLimit } from './cost-limit.ts'

test('CostLimit@1 keeps to the limit, and does not guess', () => {
  const evaluate = (costUsd: number) => costLimit.evaluate({ ...answered('x'), costUsd }, { maxUsd: 0.01 })
  expect(evaluate(0.0125)).toEqual({
    score: 0,
    reason: 'Cost $0.0125; the limit is $0.01.',
    evidence: { costUsd: 0.0125, maxUsd: 0.01 },
  })
  expect(evaluate(0)).toMatchObject({ score: 1, reason: 'Cost $0.00; the limit is $0.01.' })
  expect(evaluate(0.000004)).toMatchObject({ reason: 'Cost $0.000004; the limit is $0.01.' })
  expect(costLimit.evaluate(answered('x'), { maxUsd: 0.01 })).toEqual({
    error: 'costUsd is not known: it comes with answers of endpoints that have prices',
  })
})
