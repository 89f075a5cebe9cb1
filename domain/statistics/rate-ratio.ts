import { exactBounds, type Estimate } from './proportion.ts'

/** Events among calls. */
export interface Rate {
  events: number
  calls: number
}

/**
 * Current rate over reference rate, with one-sided bounds at level 1 − alpha each: of all events of both, the current
 * ones are a binomial share that depends on the ratio alone (Przyborowski & Wilenski 1940, Biometrika 31:313), bounded
 * exactly. Exact for rare events, too wide for common ones, of which the number varies less than Poisson's. Infinite
 * where the reference has no event; independent calls.
 */
export function rateRatio(reference: Rate, current: Rate, alpha: number): Estimate {
  const events = reference.events + current.events
  if (events === 0 || reference.calls === 0 || current.calls === 0)
    return { value: 1, lower: 0, upper: Infinity }
  const { lower, upper } = exactBounds(current.events, events, alpha)
  const ratio = (share: number) => ((share / (1 - share)) * reference.calls) / current.calls
  return { value: ratio(current.events / events), lower: ratio(lower), upper: ratio(upper) }
}
