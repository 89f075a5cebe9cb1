import fc from 'fast-check'
import { expect, test } from 'vitest'
import { combine } from './agreement.ts'
import type { JudgeVerdict } from './judge.ts'

const verdict = (score: number, label?: string): JudgeVerdict => ({
  score,
  reason: `for ${score}`,
  evidence: { of: score },
  ...(label === undefined ? {} : { label }),
})

test('one judgement is what it says', () => {
  expect(combine([verdict(0.75, 'mostly')])).toEqual(verdict(0.75, 'mostly'))
})

test('several are their mean, with the share of the most common verdict', () => {
  expect(combine([verdict(0, 'not'), verdict(1, 'fully'), verdict(1, 'fully')])).toEqual({
    score: 0.6667,
    label: 'fully',
    reason: 'for 1',
    evidence: { of: 1, agreement: 0.6667, sampleScores: [0, 1, 1] },
  })
})

test('where there is no verdict in a word, agreement is one less the spread, and the nearest to the mean speaks', () => {
  expect(combine([verdict(0.2), verdict(0.6), verdict(0.8)])).toEqual({
    score: 0.5333,
    reason: 'for 0.6',
    evidence: { of: 0.6, agreement: 0.4, sampleScores: [0.2, 0.6, 0.8] },
  })
})

test('score and agreement lie in [0, 1], and equal judgements agree', () => {
  const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 9 })
  fc.assert(
    fc.property(scores, fc.boolean(), (values, isLabelled) => {
      const verdicts = values.map((value) => verdict(value, isLabelled ? String(value) : undefined))
      const { score, evidence } = combine(verdicts as [JudgeVerdict, ...JudgeVerdict[]])
      expect(score).toBeGreaterThanOrEqual(0)
      expect(score).toBeLessThanOrEqual(1)
      expect(evidence.agreement).toBeGreaterThanOrEqual(0)
      expect(evidence.agreement).toBeLessThanOrEqual(1)
      if (new Set(values).size === 1) expect(evidence.agreement).toBe(1)
    }),
  )
})
