import { expect, test } from 'vitest'
import { evaluatorByName } from '../evaluators/registry.ts'
import { sameScores, scoreKey } from './score-key.ts'
import { Suite } from './suite.ts'

const metric = (evaluator: string, more: object = {}) => ({
  metric: evaluator,
  evaluator,
  version: evaluatorByName(evaluator)!.version,
  ...more,
})
const suite = (metrics: object[], more: object = {}) => Suite.parse({ name: 's', metrics, ...more })
const keyOf = (one: object, more: object = {}) => {
  const parsed = suite([one], more)
  return scoreKey(parsed.metrics[0]!, parsed)
}

test('a score is the same whatever it is called, and another one by another reference, version or schema that it reads', () => {
  const key = keyOf(metric('Groundedness'))
  expect(keyOf(metric('Groundedness', { metric: 'G' }))).toBe(key)
  expect(keyOf(metric('Groundedness', { passAt: 0.9 }))).toBe(key)
  expect(keyOf(metric('Groundedness', { reference: false }))).not.toBe(key)
  // Groundedness reads no schema; JSONValidation does.
  expect(keyOf(metric('Groundedness'), { answerSchema: { type: 'object' } })).toBe(key)
  expect(keyOf(metric('JSONValidation'), { answerSchema: { type: 'object' } })).not.toBe(
    keyOf(metric('JSONValidation')),
  )
  const newer = suite([metric('Groundedness')])
  expect(scoreKey({ ...newer.metrics[0]!, version: '999' }, newer)).not.toBe(key)
})

test('what an earlier suite scored alike is found under its name there; what people say has no key', () => {
  const earlier = suite([metric('Groundedness', { metric: 'Old' }), metric('JSONValidation')])
  const now = suite([metric('Groundedness'), metric('JSONValidation', { reference: false })])
  expect(sameScores(now.metrics, now, earlier)).toEqual({ Groundedness: 'Old' })
  expect(scoreKey({ ...now.metrics[0]!, engine: 'human' }, now)).toBeUndefined()
})

test('a judge’s scores are not taken over, and are no others than those of the same judge', () => {
  const judged = (endpoint: string) =>
    suite([{ metric: 'J', evaluator: 'Groundedness', version: '1', engine: 'judge' }], {
      judge: { endpoint },
    })
  const [one, same, other] = [judged('a'), judged('a'), judged('b')]
  const keyOfJudge = (of: Suite) => scoreKey(of.metrics[0]!, of)
  expect(keyOfJudge(one)).toBe(keyOfJudge(same))
  expect(keyOfJudge(one)).not.toBe(keyOfJudge(other))
  expect(sameScores(same.metrics, same, one)).toEqual({})
})
