import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { Condition, conditionHolds, describeCondition } from './condition.ts'

const source = 'evaluate.score'

test.for<[Condition, Json | undefined, boolean]>([
  [{ source, is: 'present' }, 0, true],
  [{ source, is: 'present' }, false, true],
  [{ source, is: 'present' }, null, false],
  [{ source, is: 'present' }, undefined, false],
  [{ source, is: 'equal', value: { a: 1, b: 2 } }, { b: 2, a: 1 }, true],
  [{ source, is: 'equal', value: 1 }, '1', false],
  [{ source, is: 'equal', value: null }, undefined, true],
  [{ source, is: 'different', value: 'x' }, undefined, true],
  [{ source, is: 'above', value: 0.9 }, 0.9, false],
  [{ source, is: 'above', value: 0.9 }, 0.91, true],
  [{ source, is: 'below', value: 0.9 }, '0.1', false],
  [{ source, is: 'below', value: 0.9 }, undefined, false],
])('%j holds for %j: %j', ([condition, given, expected]) => {
  expect(conditionHolds(condition, given)).toBe(expected)
})

test('exactly one of equal and different holds', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (value, given) => {
      const equal = conditionHolds({ source, is: 'equal', value: value as Json }, given as Json)
      const different = conditionHolds({ source, is: 'different', value: value as Json }, given as Json)
      expect(equal).not.toBe(different)
    }),
  )
})

test('a person can read why it does not hold', () => {
  expect(describeCondition({ source, is: 'above', value: 0.9 })).toBe('evaluate.score is above 0.9')
  expect(describeCondition({ source, is: 'different', value: 'x' })).toBe('evaluate.score is not "x"')
  expect(describeCondition({ source, is: 'present' })).toBe('evaluate.score is present')
})

test('above and below need a number to compare with', () => {
  expect(Condition.safeParse({ source, is: 'above', value: '0.9' }).success).toBe(false)
  expect(Condition.safeParse({ source, is: 'above' }).success).toBe(false)
})
