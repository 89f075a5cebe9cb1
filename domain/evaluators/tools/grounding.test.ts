import { expect, test } from 'vitest'
import type { Json } from '../../json.ts'
import { groundedValue, saidOf } from './grounding.ts'

const said = saidOf([
  'Fly 2 adults from New York to Zürich on 3 March 2026, budget $1,200, at a rate of 10%. Ref: AB-1234x.',
])

test.for<[Json, number | undefined]>([
  ['Zürich', 1],
  ['NY', 1],
  ['ab1234X', 1],
  ['2026-03-03', 1],
  ['2026-03-04', 0],
  ['New Jersey', 0.5],
  ['Lagos', 0],
  [2, 1],
  [1200, 1],
  [0.1, 1],
  [7, 0],
  [['Zürich', 'Lagos'], 0.5],
  [{ to: 'Zürich', adults: 2 }, 1],
  [true, undefined],
  [null, undefined],
  ['', undefined],
  [[], undefined],
])('%j is said to %s', ([value, share]) => {
  expect(groundedValue(value, undefined, said)).toBe(share)
})

test('a default counts as said, and a listed value as half said', () => {
  expect(groundedValue('economy', { type: 'string', default: 'economy' }, said)).toBe(1)
  expect(groundedValue('economy', { type: 'string', enum: ['economy', 'business'] }, said)).toBe(0.5)
  expect(groundedValue(['economy'], { items: { enum: ['economy'] } }, said)).toBe(0.5)
})
