import { countRequest, takeRetry, NO_REQUESTS, type RetryBudget } from '../../domain/routing/retry-budget.ts'

/** Of this isolate, over all routes: a storm of retries harms whoever shares an upstream. */
let budget: RetryBudget = NO_REQUESTS

export function countAsked(now: number): void {
  budget = countRequest(budget, now)
}

/** Whether a request may ask the same target again; if so, that is counted. */
export function mayRetry(now: number): boolean {
  const taken = takeRetry(budget, now)
  budget = taken.budget
  return taken.allowed
}
