import { expect, test } from 'vitest'
import { attributeDecline, type Change } from '../monitoring/attribution.ts'
import { isLikelyAChange, suspicionOf } from './suspicion.ts'

const suspicion = (...changes: Change[]) =>
  suspicionOf(attributeDecline({ cohort: 'de', lastGood: 10, seenAt: 30, scores: [] }, changes))
const change = (kind: Change['kind'], at: number): Change => ({ kind, ref: `${kind}:a@2`, at })

test('what changed since it was good is suspected, and going back may help', () => {
  const found = suspicion(change('prompt', 20), change('model', 5))
  expect(found.suspects).toMatchObject([{ kind: 'prompt', ref: 'prompt:a@2', at: 20 }])
  expect(found.suspects[0]!.probability + found.unknown).toBeCloseTo(1)
  expect(isLikelyAChange(found)).toBe(true)
})

test('where nothing changed, nobody looked, or something else is likelier, going back helps nothing', () => {
  expect(suspicion()).toMatchObject({ suspects: [], unknown: 1 })
  expect(isLikelyAChange(suspicion())).toBe(false)
  expect(isLikelyAChange(null)).toBe(false)
  expect(isLikelyAChange({ ...suspicion(change('prompt', 20)), unknown: 0.6 })).toBe(false)
})

test('a few suspects are kept, the likeliest', () => {
  const many = Array.from({ length: 9 }, (_, index) => change('prompt', 11 + index))
  expect(suspicion(...many).suspects.map(({ at }) => at)).toEqual([19, 18, 17, 16, 15])
})
