import { countRequest, takeRetry, NO_REQUESTS, type RetryBudget } from '../../domain/routing/retry-budget.ts'

/** Of this isolate, by project, over all its routes: a storm of retries harms whoever shares an upstream. */
const budgets = new Map<string, RetryBudget>()

export function countAsked(project: string, now: number): void {
  budgets.set(project, countRequest(budgets.get(project) ?? NO_REQUESTS, now))
}

/** Whether a request may ask the same target again; if so, that is counted. */
export function mayRetry(project: string, now: number): boolean {
  const { allowed, budget } = takeRetry(budgets.get(project) ?? NO_REQUESTS, now)
  budgets.set(project, budget)
  return allowed
}
