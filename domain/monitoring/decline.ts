import { boundedMeanBounds } from '../statistics/bounded-mean.ts'
import type { Cluster } from '../statistics/clusters.ts'
import { BETS, logEValues } from '../statistics/e-value.ts'

/** The chart of a metric in a cohort over its sweeps: plain JSON, kept with the last sweep. */
export interface DeclineChart {
  /** The mean that the cohort is held to, in [0, 1]. */
  reference: number
  sweeps: number
  /** What stakes have become by each bet, over all sweeps at which a decline could have begun. */
  capital: number[]
  /** Since when each bet has been winning, and the logarithm of what it has won since. */
  runs: { since: number | null; gain: number }[]
}

export interface Decline {
  /** Evidence against "the cohort is as good as its reference": 20 or more by chance at most once in 20, ever. */
  eValue: number
  /** Whether that is enough for the level. */
  isShown: boolean
  /** Start of the sweep with which the decline most likely began; null while nothing speaks for one. */
  since: number | null
}

/** Capital stays a finite number, and JSON. */
const MAX_CAPITAL = 1e200

/**
 * What a chart holds a cohort to: the lower bound of its mean at promotion, less what one does not care about. A chart
 * that is read for ever would in time find any reference too high that was only estimated, by as little as it is; with
 * the bound, that is `alpha` more of false alarms at most.
 */
export function declineReference(atPromotion: readonly Cluster[], slack: number, alpha: number): number {
  return Math.max(0, boundedMeanBounds(atPromotion, alpha).lower - slack)
}

export function startChart(reference: number): DeclineChart {
  return {
    reference,
    sweeps: 0,
    capital: BETS.map(() => 0),
    runs: BETS.map(() => ({ since: null, gain: 0 })),
  }
}

/**
 * The chart after one more sweep: a control chart for slow decline, read after every sweep for as long as one likes. A
 * share `1 / (j (j + 1))` of the stake waits for a decline from sweep j on and is then put on every bet alike; what it
 * all has become is an e-process, which reaches `1 / alpha` at any time with a probability of at most alpha while the
 * cohort is as good as its reference (Ville 1939; for unknown starts Shin, Ramdas & Rinaldo 2024, New Engl. J. Stat.
 * Data Sci. 2:229). A CUSUM raises false alarms at a rate instead, and in the end always.
 *
 * Exact for independent traces of any scores in [0, 1]; samples of any size. A new promotion, or a decline that has been
 * dealt with, starts a new chart.
 *
 * @param at start of the sweep's window, in milliseconds since the epoch
 */
export function addSweep(chart: DeclineChart, clusters: readonly Cluster[], at: number): DeclineChart {
  if (clusters.length === 0) return chart
  const sweeps = chart.sweeps + 1
  const starting = 1 / (sweeps * (sweeps + 1))
  const gains = logEValues(clusters, chart.reference)
  return {
    reference: chart.reference,
    sweeps,
    capital: gains.map((gain, bet) =>
      Math.min(MAX_CAPITAL, (chart.capital[bet]! + starting) * Math.exp(Math.min(gain, 500))),
    ),
    runs: gains.map((gain, bet) => {
      const run = chart.runs[bet]!
      const total = run.gain + gain
      return total > 0 ? { since: run.since ?? at, gain: total } : { since: null, gain: 0 }
    }),
  }
}

/**
 * What the chart shows.
 *
 * @param alpha of a false alarm of this chart at any time; over several charts, their share of the project's
 */
export function readChart({ sweeps, capital, runs }: DeclineChart, alpha: number): Decline {
  const waiting = 1 / (sweeps + 1)
  const eValue = waiting + capital.reduce((sum, part) => sum + part, 0) / BETS.length
  const best = runs.reduce((most, run) => (run.gain > most.gain ? run : most), { since: null, gain: 0 })
  return { eValue, isShown: eValue >= 1 / alpha, since: best.since }
}
