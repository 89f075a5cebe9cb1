import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cosineScore } from './embedding-similarity.ts'
import { scoreOfLabels } from './human-label.ts'

test('the cosine is cut to [0, 1], does not depend on lengths, and needs a direction', () => {
  expect(cosineScore([1, 0], [1, 0])).toBe(1)
  expect(cosineScore([1, 0], [0, 1])).toBe(0)
  expect(cosineScore([1, 0], [-1, 0])).toBe(0)
  expect(cosineScore([3, 4], [4, 3])).toBeCloseTo(0.96, 12)
  expect(cosineScore([0, 0], [1, 0])).toBeUndefined()
  expect(cosineScore([1], [1, 0])).toBeUndefined()
  expect(cosineScore([], [])).toBeUndefined()
  const vector = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(vector, vector, (a, b) => {
      const score = cosineScore(a, b)
      if (score === undefined) return
      expect(score).toSatisfy((value: number) => value >= 0 && value <= 1)
      expect(cosineScore(b, a)).toBeCloseTo(score, 9)
    }),
  )
})

const label = (author: string, score: number, text: string | null = null) => ({
  author,
  score,
  label: text,
  reason: null,
})

test('a row’s label is the mean over people, each by the newest they gave', () => {
  expect(scoreOfLabels([])).toEqual({ error: 'nobody has labelled this row yet' })
  expect(scoreOfLabels([label('a', 1), label('a', 0, 'wrong')])).toEqual({
    score: 0,
    label: 'wrong',
    reason: 'One person labelled it.',
    evidence: { people: 1, spread: 0 },
  })
  expect(scoreOfLabels([label('a', 0), label('b', 1), label('a', 0.5)])).toEqual({
    score: 0.75,
    reason: '2 people labelled it.',
    evidence: { people: 2, spread: 0.5 },
  })
})
