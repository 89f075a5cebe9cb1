import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NO_REQUESTS, countRequest, takeRetry, type RetryBudget } from './retry-budget.ts'

/** A budget after so many requests, spread over the seconds before `now`. */
function after(requests: number, now: number): RetryBudget {
  let budget = NO_REQUESTS
  for (let i = 0; i < requests; i++) budget = countRequest(budget, now - 9_000 + (i % 9) * 1000)
  return budget
}

function retriesIn(budget: RetryBudget, now: number, wanted = 1_000): number {
  let taken = 0
  for (let i = 0; i < wanted; i++) {
    const { allowed, budget: next } = takeRetry(budget, now)
    budget = next
    taken += Number(allowed)
  }
  return taken
}

test('a fifth of the requests of ten seconds may be asked again, and ten of however few', () => {
  expect(retriesIn(after(1_000, 50_000), 50_000)).toBe(200)
  expect(retriesIn(after(1, 50_000), 50_000)).toBe(10)
  expect(retriesIn(NO_REQUESTS, 50_000)).toBe(10)
})

test('what is used is free again ten seconds later', () => {
  let budget = NO_REQUESTS
  for (let i = 0; i < 10; i++) ({ budget } = takeRetry(budget, 50_000))
  expect(takeRetry(budget, 59_999).allowed).toBe(false)
  expect(takeRetry(budget, 60_000).allowed).toBe(true)
})

test('in any window the retries keep to the budget, in bounded memory, whatever the clock does', () => {
  const steps = fc.array(fc.record({ wait: fc.integer({ min: -500, max: 1_500 }), retry: fc.boolean() }), {
    maxLength: 400,
  })
  fc.assert(
    fc.property(steps, (sent) => {
      let [budget, now] = [NO_REQUESTS, 1_000_000]
      for (const { wait, retry } of sent) {
        now += wait
        budget = retry ? takeRetry(budget, now).budget : countRequest(budget, now)
        expect(budget.length).toBeLessThanOrEqual(10)
        const [requests, retries] = ['requests' as const, 'retries' as const].map((what) =>
          budget.reduce((sum, bucket) => sum + bucket[what], 0),
        )
        // The requests that a retry was allowed for may have left the window before it.
        if (retry && takeRetry(budget, now).allowed)
          expect(retries! + 1).toBeLessThanOrEqual(Math.max(10, requests! / 5))
      }
    }),
  )
})
