import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededIndex } from '../statistics/random.ts'
import { attributeDecline, type Change, type DeclinedCohort } from './attribution.ts'
import type { ScoreAt } from './step.ts'

const HOUR = 3_600_000
const prompt: Change = { kind: 'prompt', ref: 'support@14', at: 10 * HOUR }
const model: Change = { kind: 'model', ref: 'gpt@2', at: 20 * HOUR }
const tools: Change = { kind: 'tools', ref: 'tools@3', at: 30 * HOUR }

/** Two hundred traces over forty hours, with a fall at one of them. */
function scoresWith(fallAt: number, from: number, to: number, seed = 1): ScoreAt[] {
  const next = seededIndex(seed)
  return Array.from({ length: 200 }, (_, index) => {
    const at = index * 0.2 * HOUR
    return { at, score: next(1000) < 1000 * (at < fallAt ? from : to) ? 1 : 0 }
  })
}
const decline = (scores: ScoreAt[]): DeclinedCohort => ({
  cohort: 'billing-de',
  lastGood: 0,
  seenAt: 40 * HOUR,
  scores,
})

describe('of three changes, one of which made the scores fall', () => {
  test.for([prompt, model, tools])('%j comes first', (change) => {
    let first = 0
    for (let seed = 0; seed < 40; seed++) {
      const { causes } = attributeDecline(decline(scoresWith(change.at, 0.92, 0.7, seed)), [
        prompt,
        model,
        tools,
      ])
      if (causes[0]!.changes[0] === change) first += 1
    }
    expect(first).toBeGreaterThanOrEqual(36)
  })

  test('a sentence says which, how surely, and what it did', () => {
    const { causes, unknown, sentence } = attributeDecline(decline(scoresWith(model.at, 0.95, 0.6)), [
      prompt,
      model,
      tools,
    ])
    expect(causes[0]!.changes).toEqual([model])
    expect(causes[0]!.probability).toBeGreaterThan(0.8)
    expect(unknown).toBeLessThan(0.2)
    expect(sentence).toMatch(
      /^Most likely \(\d+%\) the change of the model \(gpt@2\) at 1970-01-01 20:00 UTC: the mean of `billing-de` was 0\.9\d\d before and is 0\.\d{3} since\.$/,
    )
  })
})

test('a fall at a time without a change is blamed on none of them', () => {
  const { unknown, sentence } = attributeDecline(decline(scoresWith(25 * HOUR, 0.95, 0.4)), [prompt])
  expect(unknown).toBeGreaterThan(0.9)
  expect(sentence).toMatch(
    /^Most likely \(\d+%\) nothing that is recorded; of what is, the change of the prompt/,
  )
})

test('changes between the same traces are one cause, and the sentence says that they cannot be told apart', () => {
  const route = { kind: 'route', ref: 'support@9', at: model.at - 1000 } as const
  const { causes, sentence } = attributeDecline(decline(scoresWith(model.at, 0.95, 0.6)), [
    prompt,
    model,
    route,
  ])
  expect(causes[0]!.changes).toEqual([model, route])
  expect(sentence).toContain('the model (gpt@2) and the route (support@9)')
  expect(sentence).toContain('cannot tell apart')
})

test('what came before it was last good, after it was flagged, or reached other cohorts, is no suspect', () => {
  const late = { ...prompt, at: 41 * HOUR }
  const elsewhere = { ...model, cohorts: ['billing-fr'] }
  const found = attributeDecline({ ...decline([]), lastGood: 30 * HOUR }, [prompt, tools, late, elsewhere])
  expect(found).toEqual({
    causes: [],
    unknown: 1,
    sentence: 'Nothing that is recorded changed since `billing-de` was last good.',
  })
  const here = { ...model, cohorts: ['billing-de'] }
  expect(attributeDecline({ ...decline([]), lastGood: null }, [here]).causes).toHaveLength(1)
})

test('without scores the latest change comes first, each as likely as the next', () => {
  const { causes, unknown, sentence } = attributeDecline(decline([]), [prompt, tools, model])
  expect(causes.map(({ changes }) => changes[0]!.kind)).toEqual(['tools', 'model', 'prompt'])
  for (const { probability, before } of causes) {
    expect(probability).toBeCloseTo(0.8 / 3, 9)
    expect(before).toBeNull()
  }
  expect(unknown).toBeCloseTo(0.2, 9)
  expect(sentence).toBe('Most likely (27%) the change of the tools (tools@3) at 1970-01-02 06:00 UTC.')
})

test('probabilities add up to 1, whatever order changes and scores come in', () => {
  const score = fc.record({ at: fc.nat(50), score: fc.integer({ min: 0, max: 10 }).map((ten) => ten / 10) })
  const change = fc.record({
    kind: fc.constantFrom('prompt' as const, 'route' as const),
    ref: fc.string({ minLength: 1, maxLength: 3 }),
    at: fc.nat(50),
  })
  fc.assert(
    fc.property(fc.uniqueArray(score, { selector: ({ at }) => at }), fc.array(change), (scores, changes) => {
      const all = { cohort: 'c', lastGood: null, seenAt: 50, scores }
      const found = attributeDecline(all, changes)
      const sum = found.causes.reduce((total, { probability }) => total + probability, found.unknown)
      expect(sum).toBeCloseTo(1, 9)
      const turned = attributeDecline({ ...all, scores: scores.toReversed() }, changes.toReversed())
      expect(turned.unknown).toBeCloseTo(found.unknown, 9)
      expect(turned.causes.length).toBe(found.causes.length)
    }),
  )
})
