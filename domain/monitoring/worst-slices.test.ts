import { expect, test } from 'vitest'
import { seededIndex } from '../statistics/random.ts'
import type { ScoredTrace } from './slices.ts'
import { findWorstSlices } from './worst-slices.ts'

const search = { minTraces: 20, maxConditions: 40, alpha: 0.05, seed: 1 }
const LANGUAGES = ['en', 'de', 'fr', 'it']
const TOOLS = ['search', 'refund', 'none']
const TIERS = ['free', 'pro']

function draw(
  next: (n: number) => number,
  n: number,
  passes: (attributes: Record<string, string>) => number,
): ScoredTrace[] {
  return Array.from({ length: n }, () => {
    const attributes = {
      language: LANGUAGES[next(4)]!,
      tool: TOOLS[next(3)]!,
      tier: TIERS[next(2)]!,
      region: `r${next(6)}`,
    }
    return { score: next(1000) < 1000 * passes(attributes) ? 1 : 0, attributes }
  })
}

const conditionsOf = (found: ReturnType<typeof findWorstSlices>) =>
  found.slices.map(({ conditions }) =>
    conditions
      .map(({ value }) => value)
      .toSorted()
      .join('&'),
  )

test('where attributes have nothing to do with scores, any slice is named as rarely as alpha', () => {
  const next = seededIndex(8)
  let named = 0
  const trials = 40
  for (let seed = 0; seed < trials; seed++)
    if (
      findWorstSlices(
        draw(next, 200, () => 0.9),
        { ...search, seed },
      ).slices.length > 0
    )
      named += 1
  // 5%, and three standard errors of 40 trials.
  expect(named / trials).toBeLessThan(0.154)
})

test('finds the one condition behind low scores, and not the pairs within it', () => {
  const traces = draw(seededIndex(2), 600, ({ language }) => (language === 'de' ? 0.6 : 0.92))
  const found = findWorstSlices(traces, search)
  expect(conditionsOf(found)).toEqual(['de'])
  expect(found.slices[0]!.sentence).toMatch(
    /^Where language = de, the mean score is 0\.\d{3} on \d+ traces, and 0\.9\d\d elsewhere$/,
  )
  expect(found.slices[0]!.pValue).toBe(0.001)
})

test('finds the pair where neither of its conditions says it', () => {
  const traces = draw(seededIndex(3), 800, ({ language, tool }) =>
    language === 'de' && tool === 'refund' ? 0.3 : 0.92,
  )
  const found = findWorstSlices(traces, search)
  expect(conditionsOf(found)[0]).toBe('de&refund')
  expect(found.slices.every(({ mean, meanOfOthers }) => mean < meanOfOthers)).toBe(true)
})

test('the same seed gives the same; equal scores and too few traces give nothing', () => {
  const traces = draw(seededIndex(4), 200, ({ tier }) => (tier === 'pro' ? 0.5 : 0.95))
  expect(findWorstSlices(traces, search)).toEqual(findWorstSlices(traces, search))
  const equal = traces.map(({ attributes }) => ({ score: 1, attributes }))
  expect(findWorstSlices(equal, search).slices).toEqual([])
  expect(findWorstSlices(traces.slice(0, 30), search)).toMatchObject({ slices: [], searched: 0 })
  expect(findWorstSlices([], search).slices).toEqual([])
})

test('the work is bounded, however many attributes there are', () => {
  const next = seededIndex(5)
  const traces = Array.from({ length: 3000 }, () => ({
    score: next(2),
    attributes: Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`a${index}`, String(next(2))])),
  }))
  const { searched, rounds } = findWorstSlices(traces, { ...search, maxConditions: 60 })
  expect(searched).toBeLessThan(60 + (60 * 58) / 2)
  expect(rounds).toBeGreaterThanOrEqual(199)
})
