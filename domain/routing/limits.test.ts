import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { admit, nothingUsed, spend, type Spent, type Use } from './limits.ts'

const NOON = Date.UTC(2026, 10, 26, 12, 0, 0)
const after = (spent: Spent, now = NOON): Use => spend(nothingUsed(), spent, now)

describe('a rolling minute', () => {
  test('in no minute are more requests let through than allowed, and after a minute and a second all are again', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 10 }), (waits, max) => {
        let [use, now] = [nothingUsed(), NOON]
        const passed: number[] = []
        for (const wait of waits) {
          now += wait
          const inMinute = (ms: number) => passed.filter((at) => at > now - ms).length
          const answer = admit(use, { requestsPerMinute: max }, now)
          if (inMinute(60_000) >= max) expect(answer.ok).toBe(false)
          if (inMinute(61_000) < max) expect(answer.ok).toBe(true)
          if (!answer.ok) {
            expect(answer.retryAfterMs).toBeGreaterThan(0)
            expect(admit(use, { requestsPerMinute: max }, now + answer.retryAfterMs).ok).toBe(true)
            expect(admit(use, { requestsPerMinute: max }, now + answer.retryAfterMs - 1).ok).toBe(false)
            continue
          }
          passed.push(now)
          use = spend(use, { requests: 1 }, now)
          expect(use.minute.length).toBeLessThanOrEqual(62)
        }
      }),
    )
  })

  test('the answer that crosses a limit of tokens is given, the next request refused', () => {
    const limits = { tokensPerMinute: 100 }
    expect(admit(after({ tokens: 99 }), limits, NOON)).toEqual({ ok: true })
    expect(admit(after({ tokens: 250 }), limits, NOON + 500)).toEqual({
      ok: false,
      limit: 'tokensPerMinute',
      used: 250,
      max: 100,
      retryAfterMs: 60_500,
      detail: '250 of 100 tokens a minute are used',
    })
  })
})

describe('a calendar day', () => {
  const limits = { usdPerDay: 5, tokensPerDay: 1_000 }

  test('tells a budget of less than a hundredth of a cent', () => {
    expect(admit(after({ usd: 0.000025 }), { usdPerDay: 0.00002 }, NOON)).toMatchObject({
      detail: '0.000025 of 0.00002 dollars a day are used',
    })
  })

  test('is over at midnight UTC', () => {
    const use = after({ usd: 3, tokens: 10 }, NOON)
    const spent = spend(use, { usd: 2 }, NOON + 3_600_000)
    expect(admit(use, limits, NOON)).toEqual({ ok: true })
    expect(admit(spent, limits, NOON + 3_600_000)).toMatchObject({
      limit: 'usdPerDay',
      retryAfterMs: 11 * 3_600_000,
      detail: '5 of 5 dollars a day are used',
    })
    expect(admit(spent, limits, NOON + 12 * 3_600_000)).toEqual({ ok: true })
  })

  test('sums everything that was spent on it, late answers too', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 20 }), (tokens) => {
        const use = tokens.reduce(
          (sum, each, i) => spend(sum, { tokens: each, usd: null }, NOON + i),
          nothingUsed(),
        )
        expect(use.day.tokens).toBe(tokens.reduce((a, b) => a + b, 0))
        expect(admit(use, limits, NOON + 100).ok).toBe(use.day.tokens < 1_000)
      }),
    )
  })
})

test('a key and a route are counted apart and asked together', () => {
  const [key, route] = [after({ requests: 3 }), after({ usd: 1 })]
  const use = { minute: key.minute, day: route.day }
  expect(admit(use, { requestsPerMinute: 3, usdPerDay: 2 }, NOON)).toMatchObject({
    limit: 'requestsPerMinute',
  })
  expect(admit(use, { requestsPerMinute: 4, usdPerDay: 1 }, NOON)).toMatchObject({ limit: 'usdPerDay' })
  expect(admit(use, {}, NOON)).toEqual({ ok: true })
})
