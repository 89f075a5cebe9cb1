import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VERDICTS, type GateResult } from './verdict.ts'
import { applyWaiver, expiryOf, MAX_WAIVER_DAYS, waiverState, type Waiver } from './waiver.ts'

const DAY = 86_400_000
const now = Date.UTC(2026, 10, 24, 12)
const failed: GateResult = {
  verdict: 'failed',
  sentence: 'Groundedness is 0.61; 0.8 is needed.',
  evidence: { mean: 0.61 },
}
const waiver = (change: Partial<Waiver> = {}): Waiver => ({
  waiverId: 'wvr_1',
  author: 'key_ana',
  reason: 'the golden set is being relabelled',
  createdAt: now - DAY,
  expiresAt: now + DAY,
  revokedAt: null,
  ...change,
})

test('a waiver lets a closed gate pass, says who, why and until when, and keeps what was found', () => {
  const waived = applyWaiver(failed, true, [waiver()], 'key_ben', now)
  expect(waived).toEqual({
    verdict: 'waived',
    blocks: false,
    waiverId: 'wvr_1',
    sentence:
      'Waived by key_ana until 2026-11-25 12:00 UTC: “the golden set is being relabelled”. The gate found (failed): Groundedness is 0.61; 0.8 is needed.',
    evidence: {
      mean: 0.61,
      waived: {
        verdict: 'failed',
        sentence: failed.sentence,
        waiverId: 'wvr_1',
        author: 'key_ana',
        reason: 'the golden set is being relabelled',
        expiresAt: now + DAY,
      },
    },
  })
})

test('a waiver of the run’s own author does not count, and the sentence says so', () => {
  const result = applyWaiver(failed, true, [waiver({ author: 'key_ben' })], 'key_ben', now)
  expect(result).toMatchObject({ verdict: 'failed', blocks: true, waiverId: null })
  expect(result.sentence).toMatch(/0\.8 is needed\. The waiver of the run’s own author does not count/)
})

test('a gate that could not be run may be waived, and the sentence says what that means', () => {
  const notRun: GateResult = { verdict: 'not_run', sentence: 'There are no rows.', evidence: {} }
  const result = applyWaiver(notRun, true, [waiver()], 'key_ben', now)
  expect(result.verdict).toBe('waived')
  expect(result.sentence).toMatch(/could not be run, so nobody knows/)
})

test('of several waivers, the one that lasts longest is named', () => {
  const waivers = [waiver(), waiver({ waiverId: 'wvr_2', expiresAt: now + 2 * DAY })]
  expect(applyWaiver(failed, true, waivers, 'key_ben', now).waiverId).toBe('wvr_2')
})

describe('whatever waivers there are', () => {
  const person = fc.constantFrom('key_ana', 'key_ben', 'key_cid')
  const time = fc.integer({ min: now - 3 * DAY, max: now + 3 * DAY })
  const anyWaiver = fc.record({
    waiverId: fc.uuid(),
    author: person,
    reason: fc.string(),
    createdAt: time,
    expiresAt: time,
    revokedAt: fc.option(time),
  })
  const anyResult = fc.record({
    verdict: fc.constantFrom(...VERDICTS.filter((verdict) => verdict !== 'waived')),
    sentence: fc.string(),
    evidence: fc.constant({}),
  })

  test('a verdict that lets the stage through is left as it is', () => {
    fc.assert(
      fc.property(anyResult, fc.array(anyWaiver), person, (result, waivers, author) => {
        expect(applyWaiver(result, false, waivers, author, now)).toEqual({
          ...result,
          blocks: false,
          waiverId: null,
        })
      }),
    )
  })

  test('only a live waiver of another person is applied, and one of those always is', () => {
    fc.assert(
      fc.property(anyResult, fc.array(anyWaiver), person, (result, waivers, author) => {
        const counting = waivers.filter(
          (each) =>
            each.author !== author &&
            each.createdAt <= now &&
            each.expiresAt > now &&
            (each.revokedAt === null || each.revokedAt > now),
        )
        const { verdict, blocks, waiverId } = applyWaiver(result, true, waivers, author, now)
        expect(blocks).toBe(counting.length === 0)
        expect(verdict).toBe(blocks ? result.verdict : 'waived')
        if (blocks) expect(waiverId).toBeNull()
        else expect(counting.map((each) => each.waiverId)).toContain(waiverId)
      }),
    )
  })
})

test('a waiver is open until it expires or is revoked', () => {
  expect(waiverState(waiver(), now)).toBe('open')
  expect(waiverState(waiver({ expiresAt: now }), now)).toBe('expired')
  expect(waiverState(waiver({ revokedAt: now }), now)).toBe('revoked')
  expect(waiverState(waiver({ revokedAt: now + 1 }), now)).toBe('open')
})

test('a waiver lasts a week where nothing is said, and never longer than the limit', () => {
  expect(expiryOf({}, now)).toEqual({ expiresAt: now + 7 * DAY })
  expect(expiryOf({ days: MAX_WAIVER_DAYS }, now)).toEqual({ expiresAt: now + MAX_WAIVER_DAYS * DAY })
  expect(expiryOf({ days: MAX_WAIVER_DAYS + 0.1 }, now)).toMatchObject({ field: 'days' })
  expect(expiryOf({ expiresAt: now + 15 * DAY }, now)).toMatchObject({
    field: 'expiresAt',
    fault: expect.stringContaining('14 days at most'),
  })
  expect(expiryOf({ expiresAt: now }, now)).toMatchObject({ fault: 'a waiver ends in the future' })
  expect(expiryOf({ days: 1, expiresAt: now + DAY }, now)).toMatchObject({ field: 'days' })
})
