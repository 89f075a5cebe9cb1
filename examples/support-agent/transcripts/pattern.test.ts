import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expand } from './pattern.ts'
import { createRandom } from './random.ts'

test('an alternative is chosen, nested or empty, and values are put in', () => {
  const seen = new Set<string>()
  for (let seed = 0; seed < 200; seed++)
    seen.add(expand('(I|we) want (a (new|other) {item}|it|)', createRandom(seed), { item: 'lamp' }))
  expect([...seen].toSorted()).toEqual([
    'I want',
    'I want a new lamp',
    'I want a other lamp',
    'I want it',
    'we want',
    'we want a new lamp',
    'we want a other lamp',
    'we want it',
  ])
})

test('a value is never read as a pattern', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[(|){}a-z]{1,12}$/), (value) => {
      expect(expand('{value}', createRandom(1), { value })).toBe(value)
    }),
  )
})

test('a key without a value and an open bracket are named', () => {
  expect(() => expand('pay {amuont}', createRandom(1), { amount: '$1' })).toThrow('needs a value for amuont')
  expect(() => expand('pay (now|later', createRandom(1))).toThrow('a bracket without its other half')
})
