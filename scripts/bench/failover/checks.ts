import { countWords, isWhole } from './answer.ts'
import type { Seen } from './caller.ts'
import { OUTAGE_MS } from './faults.ts'
import type { LogEntry } from './provider-process.ts'

/** What a check may look at. Nothing of the system under test itself. */
export interface Evidence {
  /** What the caller saw, request by request: one, but for a sequence. */
  seen: readonly Seen[]
  /** When each request was sent, in ms since the scenario began. */
  sentAtMs: readonly number[]
  /** What the provider saw of the model that fails, and of the one behind it. */
  primary: readonly LogEntry[]
  fallback: readonly LogEntry[]
  fallbackModel: string
  /** Whether the system answered a healthy request afterwards. */
  aliveAfter: boolean
}

export interface Checked {
  ok: boolean
  /** Words for the report. */
  found: string
}

export interface Check {
  name: string
  /** One that fails makes the verdict `partial` instead of `fail`. */
  advisory?: true
  /** Asks for what a system without fallback never promised. */
  needsFallback?: true
  /** Needs a healthy request after the scenario. */
  needsProbe?: true
  check(evidence: Evidence): Checked
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

export function primaryAttempts({ min = 0, max = Infinity }: { min?: number; max?: number }): Check {
  return {
    name: `${min === max ? min : max === Infinity ? `at least ${min}` : `at most ${max}`} primary attempts`,
    check: ({ primary: { length } }) => ({ ok: length >= min && length <= max, found: `${length}` }),
  }
}

/** No tight loop: so many attempts at most in the time after the first. */
export function primaryAttemptsWithin(withinMs: number, max: number): Check {
  return {
    name: `at most ${max} primary attempts in ${seconds(withinMs)}`,
    check({ primary }) {
      const count = primary.filter(({ atMs }) => atMs - primary[0]!.atMs < withinMs).length
      return { ok: count <= max, found: `${count}` }
    },
  }
}

/** A second attempt must be there. */
export function firstGap(minMs: number): Check {
  return {
    name: `second primary attempt after ${seconds(minMs)} at the earliest`,
    check({ primary: [first, second] }) {
      if (!first || !second) return { ok: false, found: 'no second attempt' }
      const gap = second.atMs - first.atMs
      return { ok: gap >= minMs, found: seconds(gap) }
    },
  }
}

export function endedWithin(max: number): Check {
  return {
    name: `ended within ${max} s`,
    check: ({ seen }) => ({
      ok: seen.every((one) => one.seconds <= max),
      found: `${Math.max(...seen.map((one) => one.seconds)).toFixed(1)} s`,
    }),
  }
}

export const usageReported: Check = {
  name: 'usage reported',
  check: ({ seen }) => ({ ok: seen.every(({ usage }) => usage), found: seen[0]!.usage ? 'yes' : 'no' }),
}

export const wholeAnswer: Check = {
  name: 'the whole answer',
  check: ({ seen }) => ({
    ok: seen.every((one) => one.outcome === 'answered' && isWhole(one.text)),
    found: `${countWords(seen[0]!.text)} words`,
  }),
}

export const aliveAfter: Check = {
  name: 'a healthy request afterwards is answered',
  needsProbe: true,
  check: ({ aliveAfter: alive }) => ({ ok: alive, found: alive ? 'yes' : 'no' }),
}

export const reportsFallbackModel: Check = {
  name: 'the answer names the model that gave it',
  needsFallback: true,
  check: ({ seen, fallbackModel }) => ({
    ok: seen[0]!.model === fallbackModel,
    found: seen[0]!.model ?? 'none',
  }),
}

/** The fallback's refusal of a half answer must not be what the caller hears of. */
export const noPrefillMasking: Check = {
  name: 'the refused prefill is not the error that the caller gets',
  check({ seen, fallback }) {
    const refused = fallback.filter(({ prefill }) => prefill).length
    return { ok: refused === 0 || seen[0]!.outcome === 'answered', found: `${refused} prefills refused` }
  },
}

export const servedDuringOutage: Check = {
  name: 'every request of the outage answered',
  needsFallback: true,
  check({ seen, sentAtMs, primary }) {
    const during = seen.filter((_, i) => sentAtMs[i]! < OUTAGE_MS)
    const served = during.filter((one) => one.outcome === 'answered' && isWhole(one.text)).length
    const attempts = primary.filter(({ atMs }) => atMs < OUTAGE_MS).length
    const found = `${served} of ${during.length}, with ${attempts} attempts at the dead model`
    return { ok: served === during.length, found }
  },
}

export function primaryUsedAgain(withinMs: number): Check {
  return {
    name: `primary used again within ${seconds(withinMs)} of its recovery`,
    needsFallback: true,
    check({ primary }) {
      const again = primary.find(({ atMs }) => atMs >= OUTAGE_MS)
      if (!again) return { ok: false, found: 'never' }
      return { ok: again.atMs - OUTAGE_MS <= withinMs, found: `after ${seconds(again.atMs - OUTAGE_MS)}` }
    },
  }
}

export function advisory(check: Check): Check {
  return { ...check, advisory: true }
}
