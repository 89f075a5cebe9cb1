/** Requests and retries of one second. */
interface Bucket {
  second: number
  requests: number
  retries: number
}

/** What was asked lately, over all routes of a project. Plain data of bounded size: one bucket a second. */
export type RetryBudget = readonly Bucket[]

const WINDOW_SECONDS = 10
/** Largest part of the requests that may be asked again: more would add to the load of an upstream that fails under it. */
const MAX_SHARE = 0.2
/** So many are always allowed: of a few requests a fifth is none. */
const MIN_RETRIES = 10

export const NO_REQUESTS: RetryBudget = []

export function countRequest(budget: RetryBudget, now: number): RetryBudget {
  return counted(budget, { requests: 1, retries: 0 }, now)
}

/**
 * Whether one more request may ask the same target again, and the budget after that. Where it may not, the next target is
 * asked at once.
 * @see https://sre.google/sre-book/handling-overload/ (per-client retry budget)
 */
export function takeRetry(budget: RetryBudget, now: number): { allowed: boolean; budget: RetryBudget } {
  const recent = inWindow(budget, secondOf(budget, now))
  const sum = (what: 'requests' | 'retries') => recent.reduce((total, bucket) => total + bucket[what], 0)
  if (sum('retries') + 1 > Math.max(MIN_RETRIES, MAX_SHARE * sum('requests')))
    return { allowed: false, budget }
  return { allowed: true, budget: counted(budget, { requests: 0, retries: 1 }, now) }
}

function counted(
  budget: RetryBudget,
  { requests, retries }: Omit<Bucket, 'second'>,
  now: number,
): RetryBudget {
  const second = secondOf(budget, now)
  const last = budget.at(-1)
  if (last?.second === second)
    return [
      ...budget.slice(0, -1),
      { second, requests: last.requests + requests, retries: last.retries + retries },
    ]
  return [...inWindow(budget, second), { second, requests, retries }]
}

/** A clock that goes back counts on in the newest second. */
function secondOf(budget: RetryBudget, now: number): number {
  return Math.max(Math.floor(now / 1000), budget.at(-1)?.second ?? 0)
}

function inWindow(budget: RetryBudget, second: number): RetryBudget {
  return budget.filter((bucket) => bucket.second > second - WINDOW_SECONDS)
}
