import type { Limits } from './route.ts'

interface Bucket {
  second: number
  requests: number
  tokens: number
}

/** What a key used in the last minute, and a route today. Plain data of bounded size; kept apart, put together to ask. */
export interface Use {
  minute: readonly Bucket[]
  day: DayUse
}
export interface DayUse {
  /** Days since 1970, UTC. */
  date: number
  tokens: number
  usd: number
}

export interface Spent {
  requests?: number
  tokens?: number | null
  usd?: number | null
}

export type LimitName = keyof Limits
export interface Refused {
  ok: false
  limit: LimitName
  used: number
  max: number
  retryAfterMs: number
  /** Such as `60 of 60 requests a minute are used`. */
  detail: string
}
export type LimitAnswer = { ok: true } | Refused

const DAY_MS = 86_400_000
/** One more than a minute has: a bucket's last request is younger than its first one. */
const MINUTE_BUCKETS = 61

export function nothingUsed(): Use {
  return { minute: [], day: { date: 0, tokens: 0, usd: 0 } }
}

/**
 * Whether one more request is within the limits. Counts nothing. What a request will use is not known before: the one that
 * crosses a limit of tokens or dollars is answered, and the next one refused.
 */
export function admit(use: Use, limits: Limits, now: number): LimitAnswer {
  const minute = recent(use.minute, now)
  const day = today(use.day, now)
  const tomorrow = (day.date + 1) * DAY_MS - now
  const minuteRefusal = (limit: LimitName, max: number | undefined, what: 'requests' | 'tokens') => {
    const used = minute.reduce((sum, bucket) => sum + bucket[what], 0)
    return max !== undefined && used >= max
      ? refused(limit, used, max, whenBelow(minute, what, used, max) - now)
      : undefined
  }
  const dayRefusal = (limit: LimitName, max: number | undefined, used: number) =>
    max !== undefined && used >= max ? refused(limit, used, max, tomorrow) : undefined
  return (
    dayRefusal('usdPerDay', limits.usdPerDay, day.usd) ??
    dayRefusal('tokensPerDay', limits.tokensPerDay, day.tokens) ??
    minuteRefusal('tokensPerMinute', limits.tokensPerMinute, 'tokens') ??
    minuteRefusal('requestsPerMinute', limits.requestsPerMinute, 'requests') ?? { ok: true }
  )
}

/** What is used after a request was let through (`requests: 1`), or its answer's tokens and dollars are known. */
export function spend(use: Use, { requests = 0, tokens, usd }: Spent, now: number): Use {
  const second = Math.max(Math.floor(now / 1000), use.minute.at(-1)?.second ?? 0)
  const kept = recent(use.minute, now).filter((bucket) => bucket.second !== second)
  const last = use.minute.find((bucket) => bucket.second === second)
  const day = today(use.day, now)
  return {
    minute: [
      ...kept,
      { second, requests: (last?.requests ?? 0) + requests, tokens: (last?.tokens ?? 0) + (tokens ?? 0) },
    ],
    day: { date: day.date, tokens: day.tokens + (tokens ?? 0), usd: day.usd + (usd ?? 0) },
  }
}

function recent(minute: readonly Bucket[], now: number): readonly Bucket[] {
  const oldest = Math.floor(now / 1000) - MINUTE_BUCKETS
  return minute.filter(({ second }) => second > oldest)
}

function today(day: DayUse, now: number): DayUse {
  const date = Math.floor(now / DAY_MS)
  return day.date === date ? day : { date, tokens: 0, usd: 0 }
}

/** The time at which enough has left the minute. */
function whenBelow(
  minute: readonly Bucket[],
  what: 'requests' | 'tokens',
  used: number,
  max: number,
): number {
  let left = used
  const leaver = minute.find((bucket) => (left -= bucket[what]) < max)
  return (leaver!.second + MINUTE_BUCKETS) * 1000
}

const UNITS: Record<LimitName, string> = {
  requestsPerMinute: 'requests a minute',
  tokensPerMinute: 'tokens a minute',
  tokensPerDay: 'tokens a day',
  usdPerDay: 'dollars a day',
}

function refused(limit: LimitName, used: number, max: number, retryAfterMs: number): Refused {
  // A budget may be smaller than a hundredth of a cent.
  const shown = limit === 'usdPerDay' ? Number(used.toPrecision(4)) : used
  return { ok: false, limit, used, max, retryAfterMs, detail: `${shown} of ${max} ${UNITS[limit]} are used` }
}
