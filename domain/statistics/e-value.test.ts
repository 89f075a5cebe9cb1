import { expect, test } from 'vitest'
import { BETS, logEValues } from './e-value.ts'

const [yes, no] = [
  { sum: 1, size: 1 },
  { sum: 0, size: 1 },
]

test('what a bet wins is what it says', () => {
  // A limit of 0.8 lets λ be up to 5: log(1 + 2.5 · 0.8) + log(1 − 2.5 · 0.2) for half of it.
  expect(logEValues([yes, no], 0.8)[0]).toBeCloseTo(Math.log(3) + Math.log(0.5), 12)
  expect(logEValues([{ sum: 3, size: 4 }], 0.8)[0]).toBeCloseTo(Math.log(1 + 2.5 * 0.05), 12)
})

test('no bet gains on average while the mean is the limit', () => {
  const limit = 0.9
  const [won, lost] = [logEValues([no], limit), logEValues([yes], limit)]
  for (const bet of BETS.keys())
    expect(0.1 * Math.exp(won[bet]!) + 0.9 * Math.exp(lost[bet]!)).toBeCloseTo(1, 12)
})

test('a trace counts once, however many calls it has, and the shorter for its part of the longest', () => {
  const long = { sum: 0, size: 4 }
  expect(logEValues([long, long], 0.8)).toEqual(logEValues([no, no], 0.8))
  const [first] = logEValues([long, no], 0.8)
  expect(first).toBeCloseTo(Math.log(1 + 2.5 * 0.8) + Math.log(1 + (2.5 * 0.8) / 4), 12)
})

test('a limit of 1 is refuted by anything below it, and by nothing else', () => {
  expect(logEValues([yes, yes], 1)).toEqual(BETS.map(() => 0))
  for (const value of logEValues([no], 1)) expect(value).toBeGreaterThan(0)
  expect(logEValues([], 0.5)).toEqual(BETS.map(() => 0))
})
