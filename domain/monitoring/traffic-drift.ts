import { differenceBounds, type Estimate } from '../statistics/proportion.ts'
import { quantileBounds } from '../statistics/quantile.ts'
import { rateRatio } from '../statistics/rate-ratio.ts'

/** The calls of a route, or of a cohort of it, in a window. */
export interface TrafficWindow {
  calls: number
  /** Calls that ended in an error; those that a target other than the first answered. */
  errors: number
  fallbacks: number
  /** Milliseconds, and dollars where the price is known: of all calls, or of a random sample of them, in any order. */
  latencyMs: readonly number[]
  costUsd: readonly number[]
}

export type TrafficMeasure =
  | 'error rate'
  | 'fallback rate'
  | 'latency p50'
  | 'latency p95'
  | 'cost p50'
  | 'cost p95'

export interface TrafficDriftPolicy {
  /** Of calling anything a drift where no measure has grown beyond its limit. */
  alpha: number
  /** How many times the reference a measure may be: `{ rate: 1.5, latency: 1.25, cost: 1.25 }`. */
  limits: { rate: number; latency: number; cost: number }
  /** A rate that has grown by less is not worth a word, whatever its ratio: a share of the calls, 0 to 1. */
  minRateGain: number
}

export interface TrafficDrift {
  measure: TrafficMeasure
  reference: number
  current: number
  /** Current over reference; bounds one-sided, at level 1 − `level` each. Null where the reference is 0. */
  ratio: number | null
  lower: number
  upper: number | null
  limit: number
  level: number
  verdict: 'drifted' | 'not_shown' | 'no_data'
}

/** What counts as no time and no money: below it, ratios are of nothing. */
const LEAST = { latency: 1, cost: 1e-6 }

/**
 * What has grown in a window beyond its limit: rates by the exact conditional test of their ratio (`rateRatio`),
 * quantiles of latency and cost by order statistics (`quantileBounds`), whose ratio is bounded on the logarithmic scale
 * by the method of variance estimates recovery (`differenceBounds`). Each measure is tested at alpha over their number
 * (Bonferroni), so that any false alarm is as rare as alpha. What falls is no finding.
 *
 * Calls count as independent: an outage of minutes is a drift of the window that it lies in.
 */
export function findTrafficDrift(
  reference: TrafficWindow,
  current: TrafficWindow,
  { alpha, limits, minRateGain }: TrafficDriftPolicy,
): TrafficDrift[] {
  const level = alpha / 6
  const rate = (measure: TrafficMeasure, key: 'errors' | 'fallbacks') =>
    rateDrift(measure, key, reference, current, { limit: limits.rate, level, minGain: minRateGain })
  const quantile = (measure: TrafficMeasure, of: 'latency' | 'cost', share: number) => {
    const key = of === 'latency' ? 'latencyMs' : 'costUsd'
    const design = { share, limit: limits[of], level, least: LEAST[of] }
    return quantileDrift(measure, reference[key], current[key], design)
  }
  return [
    rate('error rate', 'errors'),
    rate('fallback rate', 'fallbacks'),
    quantile('latency p50', 'latency', 0.5),
    quantile('latency p95', 'latency', 0.95),
    quantile('cost p50', 'cost', 0.5),
    quantile('cost p95', 'cost', 0.95),
  ]
}

function rateDrift(
  measure: TrafficMeasure,
  key: 'errors' | 'fallbacks',
  reference: TrafficWindow,
  current: TrafficWindow,
  { limit, level, minGain }: { limit: number; level: number; minGain: number },
): TrafficDrift {
  if (reference.calls === 0 || current.calls === 0) return noData(measure, limit, level)
  const [before, now] = [reference[key] / reference.calls, current[key] / current.calls]
  const ratio = rateRatio(
    { events: reference[key], calls: reference.calls },
    { events: current[key], calls: current.calls },
    level,
  )
  const drifted = ratio.lower > limit && now - before >= minGain
  return finding(measure, before, now, ratio, { limit, level, drifted })
}

function quantileDrift(
  measure: TrafficMeasure,
  reference: readonly number[],
  current: readonly number[],
  { share, limit, level, least }: { share: number; limit: number; level: number; least: number },
): TrafficDrift {
  if (reference.length === 0 || current.length === 0) return noData(measure, limit, level)
  const [before, now] = [reference, current].map((values) =>
    quantileBounds(
      values.map((value) => Math.max(least, value)).toSorted((a, b) => a - b),
      share,
      level,
    ),
  )
  const gain = differenceBounds(logarithms(now!), logarithms(before!))
  const ratio = { value: Math.exp(gain.value), lower: Math.exp(gain.lower), upper: Math.exp(gain.upper) }
  return finding(measure, before!.value, now!.value, ratio, { limit, level, drifted: ratio.lower > limit })
}

function logarithms({ value, lower, upper }: Estimate): Estimate {
  return { value: Math.log(value), lower: Math.log(Math.max(0, lower)), upper: Math.log(upper) }
}

function finding(
  measure: TrafficMeasure,
  reference: number,
  current: number,
  { value, lower, upper }: Estimate,
  { limit, level, drifted }: { limit: number; level: number; drifted: boolean },
): TrafficDrift {
  const finite = (bound: number) => (Number.isFinite(bound) ? bound : null)
  return {
    measure,
    reference,
    current,
    ratio: finite(value),
    lower,
    upper: finite(upper),
    limit,
    level,
    verdict: drifted ? 'drifted' : 'not_shown',
  }
}

function noData(measure: TrafficMeasure, limit: number, level: number): TrafficDrift {
  const nothing = { reference: 0, current: 0, ratio: null, lower: 0, upper: null }
  return { measure, ...nothing, limit, level, verdict: 'no_data' }
}
