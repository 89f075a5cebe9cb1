import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactly } from '../../dataset/tool-call.ts'
import type { Json } from '../../json.ts'
import { matchArguments, matchShare, sameName, sameValue } from './ast.ts'

describe('values are compared as the AST checker of BFCL does', () => {
  test.for<[Json, Json, boolean]>([
    ['April 1, 2024', 'april 1 2024', true],
    ["it's", 'it"s', true],
    ['Paris', 'London', false],
    [5, 5.0, true],
    [5, '5', false],
    [true, 1, false],
    [null, null, true],
    [[1, 2], [1, 2], true],
    [[2, 1], [1, 2], false],
    [['New York'], ['new-york'], true],
    [{ b: 2, a: 1 }, { a: 1, b: 2 }, true],
    [{ a: 1 }, { a: [1, 2] }, true],
    [{ a: [1, 2] }, { a: [1, 2] }, true],
    [{ a: 3 }, { a: [1, 2] }, false],
    [{}, { a: ['', 'x'] }, true],
    [{}, { a: ['x'] }, false],
    [{ a: 1, c: 1 }, { a: [1] }, false],
    [[{ id: 'x', n: 1 }], [{ id: ['X'], n: [1, 2] }], true],
  ])('%j against %j: %s', ([given, accepted, same]) => {
    expect(sameValue(given, accepted)).toBe(same)
  })

  test('a name with dots is the same with underscores', () => {
    expect(sameName('math.hypot', 'math_hypot')).toBe(true)
    expect(sameName('math.hypot', 'Math.hypot')).toBe(false)
  })
})

describe('arguments of a call', () => {
  const due = {
    name: 'book',
    arguments: { city: ['Oslo'], nights: [2, 3], view: ['sea'] },
    optional: ['view'],
  }

  test('an optional one may be left out, and is right or wrong when it is given', () => {
    const book = (given: Record<string, Json>) => matchArguments({ name: 'book', arguments: given }, due)
    expect(book({ city: 'oslo', nights: 3 })).toMatchObject({ right: 2, total: 2 })
    expect(book({ city: 'oslo', nights: 3, view: 'Sea' })).toMatchObject({ right: 3, total: 3 })
    expect(book({ city: 'oslo', nights: 4, view: 'park', pets: true })).toEqual({
      right: 1,
      total: 4,
      missing: [],
      unknown: ['pets'],
      wrong: ['nights', 'view'],
    })
    expect(book({ nights: 2 })).toMatchObject({ right: 1, total: 2, missing: ['city'] })
  })

  test('what the schema requires may not be left out, optional or not', () => {
    const call = { name: 'book', arguments: { city: 'Oslo', nights: 2 } }
    expect(matchArguments(call, due, ['view']).missing).toEqual(['view'])
  })

  test('names of the object prototype are names like others', () => {
    expect(
      matchArguments({ name: 'book', arguments: {} }, { ...due, arguments: { constructor: ['x'] } }).missing,
    ).toEqual(['constructor'])
    expect(matchArguments({ name: 'book', arguments: { toString: 'x' } }, due).unknown).toEqual(['toString'])
  })

  test('any call is right against itself', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (given) => {
        const call = { name: 'f', arguments: given as Record<string, Json> }
        expect(matchShare(matchArguments(call, exactly(call)))).toBe(1)
      }),
    )
  })
})
