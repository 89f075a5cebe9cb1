import type { Breaker } from './route.ts'

/** `probe`: the one request that may find out whether the target works again. */
export type Admission = 'yes' | 'probe' | 'no'

/** Outcomes of one second. */
interface Bucket {
  second: number
  total: number
  bad: number
  slow: number
}

/** A target's breaker. Plain data of bounded size: one bucket a second of the window. */
export type BreakerState =
  | { is: 'closed'; since: number; buckets: readonly Bucket[]; inARow: number }
  | {
      is: 'open'
      since: number
      /** From here on one probe at a time is let through: half-open. */
      until: number
      cooldownMs: number
      goodProbes: number
      /** A probe is out; its place is free again from then on, whatever became of it. */
      probeUntil: number | undefined
    }

export interface BreakerReport {
  /** False where `breakerCounts` says so. A fault of the caller is ok here: the target is alive. */
  ok: boolean
  /** From the start of the attempt until what is reported: the answer, a stream's first chunk, or the failure. */
  ms: number
  /** From the start of the attempt until now, where that is longer: a stream is told of when it has ended. */
  ageMs?: number
  /** The attempt was let through as the probe, by `startProbe`. */
  probe: boolean
  /** Opens it at once for so long (`Retry-After`, a key that is not accepted). */
  openForMs?: number | undefined
}

/** How long a probe's place is taken when nobody says how long the request may last. */
const PROBE_LEASE_MS = 60_000

export function closedBreaker(): BreakerState {
  return { is: 'closed', since: Number.NEGATIVE_INFINITY, buckets: [], inARow: 0 }
}

/** Whether a request may go to the target now. Marks nothing: ask again right before `startProbe`. */
export function admits(state: BreakerState, now: number): Admission {
  if (state.is === 'closed') return 'yes'
  if (now < state.until) return 'no'
  return state.probeUntil === undefined || now >= state.probeUntil ? 'probe' : 'no'
}

/** Takes the probe's place, at most for `leaseMs` (the time that the request may last). */
export function startProbe(state: BreakerState, now: number, leaseMs = PROBE_LEASE_MS): BreakerState {
  return state.is === 'open' ? { ...state, probeUntil: now + leaseMs } : state
}

/** Frees the probe's place when the probe found nothing out: the client left, another target was faster. */
export function abandonProbe(state: BreakerState): BreakerState {
  return state.is === 'open' ? { ...state, probeUntil: undefined } : state
}

/**
 * The state after an attempt. Every attempt is reported once, except one whose probe was abandoned, and a stream that was a
 * probe and breaks after a good beginning.
 */
export function report(
  state: BreakerState,
  outcome: BreakerReport,
  policy: Breaker,
  now: number,
): BreakerState {
  return state.is === 'closed'
    ? whileClosed(state, outcome, policy, now)
    : whileOpen(state, outcome, policy, now)
}

type Closed = Extract<BreakerState, { is: 'closed' }>
type Open = Extract<BreakerState, { is: 'open' }>

function whileClosed(
  state: Closed,
  { ok, ms, ageMs = ms, probe, openForMs }: BreakerReport,
  policy: Breaker,
  now: number,
): BreakerState {
  // A stream whose good beginning closed it.
  if (!ok && probe) return opened(now, openForMs || policy.cooldownMs, policy.cooldownMs)
  // Sent before the outage ended: it tells of the outage.
  if (now - ageMs < state.since) return state
  if (!ok && openForMs) return opened(now, openForMs, policy.cooldownMs)
  const buckets = counted(state.buckets, { ok, slow: ok && isSlow(ms, policy) }, policy.windowMs, now)
  const inARow = ok ? 0 : state.inARow + 1
  if (inARow >= policy.inARow || isTooBad(buckets, policy))
    return opened(now, policy.cooldownMs, policy.cooldownMs)
  return { ...state, buckets, inARow }
}

/**
 * What started after it opened and went well counts as a good probe, whoever let it through: when all targets were down,
 * requests are tried anyway, and show first that one is back. Of failures only the probe's own one counts.
 */
function whileOpen(
  state: Open,
  { ok, ms, ageMs = ms, probe, openForMs }: BreakerReport,
  policy: Breaker,
  now: number,
): BreakerState {
  if (ok && !isSlow(ms, policy)) {
    if (now - ageMs <= state.since) return state
    const goodProbes = state.goodProbes + 1
    if (goodProbes >= policy.probes) return { is: 'closed', since: now, buckets: [], inARow: 0 }
    return { ...state, goodProbes, probeUntil: probe ? undefined : state.probeUntil }
  }
  if (!probe || now - ageMs < state.since) return state
  const cooldownMs = Math.min(state.cooldownMs * 2, policy.maxCooldownMs)
  return opened(now, openForMs || cooldownMs, cooldownMs)
}

function opened(now: number, forMs: number, cooldownMs: number): Open {
  return { is: 'open', since: now, until: now + forMs, cooldownMs, goodProbes: 0, probeUntil: undefined }
}

function isSlow(ms: number, { slowMs }: Breaker): boolean {
  return slowMs !== undefined && ms > slowMs
}

function counted(
  buckets: readonly Bucket[],
  { ok, slow }: { ok: boolean; slow: boolean },
  windowMs: number,
  now: number,
): readonly Bucket[] {
  const last = buckets.at(-1)
  const second = Math.max(Math.floor(now / 1000), last?.second ?? 0)
  const kept = buckets.filter((bucket) => bucket.second > second - windowMs / 1000 && bucket.second < second)
  const { total, bad, slow: slowOnes } = last?.second === second ? last : { total: 0, bad: 0, slow: 0 }
  return [...kept, { second, total: total + 1, bad: bad + Number(!ok), slow: slowOnes + Number(slow) }]
}

function isTooBad(buckets: readonly Bucket[], { minRequests, errorRate, slowRate }: Breaker): boolean {
  let [total, bad, slow] = [0, 0, 0]
  for (const bucket of buckets) {
    total += bucket.total
    bad += bucket.bad
    slow += bucket.slow
  }
  if (total < minRequests) return false
  return (bad > 0 && bad >= errorRate * total) || (slow > 0 && slow >= slowRate * (total - bad))
}
