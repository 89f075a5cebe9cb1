import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addShard, flipsOf, NO_CHANGES, numbersOf, type Changes } from './flips.ts'
import type { RowScores } from './score.ts'

type Score = number | null
const row = (rowId: string, score: Score, cohort = 'a'): RowScores => ({
  rowId,
  cohort,
  scores: { M: score === null ? { error: 'no answer came' } : { score, reason: '' } },
})
const options = { passMarks: { M: 0.5 }, limit: 3 }

/** Both sides of each row, in shards of the candidate. */
function diff(shards: readonly (readonly [id: string, candidate: Score, production: Score | undefined])[][]) {
  const production = new Map(
    shards
      .flat()
      .flatMap(([id, , other]) => (other === undefined ? [] : [[id, numbersOf(row(id, other))] as const])),
  )
  let changes: Changes = NO_CHANGES
  for (const shard of shards) {
    const candidate = shard.map(([id, score]) => row(id, score))
    changes = addShard(changes, candidate, (id) => production.get(id), options)
  }
  return flipsOf(changes)[0]
}

test('flips are counted, and the worst come first: those that no longer pass, then the largest fall', () => {
  const found = diff([
    [
      ['stays', 0.9, 0.9],
      ['falls far but fails as before', 0, 0.45],
      ['fails now', 0.45, 0.55],
      ['fails now, by far', 0.1, 0.9],
    ],
    [
      ['still passes', 0.6, 0.95],
      ['passes now', 0.7, 0.2],
      ['rises', 0.9, 0.8],
      ['unscored', null, 0.5],
      ['new', 1, undefined],
    ],
  ])!
  expect(found).toMatchObject({
    rows: 7,
    unpaired: 1,
    passToFail: 2,
    failToPass: 1,
    improved: 2,
    regressed: 4,
    unchanged: 1,
  })
  expect(found.worst.map(({ rowId }) => rowId)).toEqual([
    'fails now, by far',
    'fails now',
    'falls far but fails as before',
  ])
  expect(found.worst[0]).toEqual({
    rowId: 'fails now, by far',
    cohort: 'a',
    candidate: 0.1,
    production: 0.9,
    change: expect.closeTo(-0.8, 12),
    flip: 'pass_to_fail',
  })
  expect(found.best.map(({ rowId, flip }) => [rowId, flip])).toEqual([
    ['passes now', 'fail_to_pass'],
    ['rises', null],
  ])
  // 2 of 3 one way: exact McNemar.
  expect(found.mcnemarP).toBe(1)
})

test('shards in any order, cut anywhere, come to the same, and no list outgrows the limit', () => {
  const sides = fc.array(fc.tuple(fc.nat(8), fc.nat(8)), { maxLength: 40 })
  fc.assert(
    fc.property(sides, fc.nat(40), (pairs, cut) => {
      const rows = pairs.map(
        ([candidate, production], index) =>
          [`r${String(index).padStart(2, '0')}`, candidate / 8, production / 8] as const,
      )
      const whole = diff([[...rows]])
      expect(diff([rows.slice(cut), rows.slice(0, cut)])).toEqual(whole)
      if (!whole) return
      expect(whole.improved + whole.regressed + whole.unchanged).toBe(pairs.length)
      expect(whole.passToFail).toBe(pairs.filter(([a, b]) => a < 4 && b >= 4).length)
      expect(Math.max(whole.worst.length, whole.best.length)).toBeLessThanOrEqual(options.limit)
      expect(whole.worst.length).toBe(Math.min(options.limit, whole.regressed))
    }),
  )
})

test('adding a shard leaves what was known as it was', () => {
  const first = addShard(NO_CHANGES, [row('a', 0)], () => ({ M: 1 }), options)
  const before = structuredClone([...first])
  addShard(first, [row('b', 0)], () => ({ M: 1 }), options)
  expect([...first]).toEqual(before)
  expect(NO_CHANGES.size).toBe(0)
})

test('what rounding leaves of a mean of judgements is no change', () => {
  expect(diff([[['a', 0.1 + 0.2, 0.3]]])).toMatchObject({ improved: 0, unchanged: 1 })
})
