import { expect, test } from 'vitest'
import { answered } from '../text-match/compared.fixture.ts'
import { latencyLimit } from './latency-limit.ts'

test('LatencyLimit@1 keeps to the limit, and does not guess', () => {
  const evaluate = (latencyMs: number) =>
    latencyLimit.evaluate({ ...answered('x'), latencyMs }, { maxMs: 2000 })
  expect(evaluate(2000)).toEqual({
    score: 1,
    reason: 'Took 2000 ms; the limit is 2000 ms.',
    evidence: { latencyMs: 2000, maxMs: 2000 },
  })
  expect(evaluate(2000.1)).toMatchObject({ score: 0 })
  expect(evaluate(Number.NaN)).toHaveProperty('error')
  expect(latencyLimit.evaluate(answered('x'), { maxMs: 2000 })).toEqual({
    error: 'latencyMs is not known: it comes with answers that Sluice asks for, and with traces',
  })
  expect(latencyLimit.params?.safeParse({}).success).toBe(false)
})
