import { momentsOf } from '../../../domain/evaluation/score.ts'
import { noRegression } from '../../../domain/gates/no-regression.ts'
import { threshold } from '../../../domain/gates/threshold.ts'
import { blocks } from '../../../domain/gates/verdict.ts'
import { mean } from '../../../domain/statistics/mean.ts'
import { wilsonBounds, type Estimate } from '../../../domain/statistics/proportion.ts'
import { METRICS, simulateRows, type Difference, type SimulatedRows } from './simulated-rows.ts'

export interface SimulationOptions {
  seed?: number
  /** The gate's margin over all rows; that of a cohort is twice as large. */
  margin?: number
  /** Golden rows, and models that are tried of each kind. */
  sizes?: readonly { rows: number; trials: number }[]
}

/** Shares of models, each with its 95% interval. */
export interface SimulatedRates {
  rows: number
  trials: number
  /** Promoted although one metric is worse by the margin: the worst case of an inferior model. */
  falsePromotion: Estimate
  /** Promoted although one metric is worse by twice the margin, or one cohort by 30 points. */
  falsePromotionOfBad: Estimate
  /** Stopped, or held back for want of rows, although it is production itself answering again. */
  falseBlock: Estimate
  /** Of those, the share that was shown to be worse, rather than not shown to be as good. */
  falseFailure: Estimate
  /** An identical model held back by each gate alone. */
  blockedBy: { threshold: Estimate; 'no-regression': Estimate }
  /** The same two by the rule "all four means at or above production", without statistics. */
  naive: { falsePromotion: Estimate; falseBlock: Estimate }
}

const SIZES = [
  { rows: 200, trials: 300 },
  { rows: 500, trials: 150 },
  { rows: 2000, trials: 50 },
]
/** About three quarters of what the model scores, and the example workflow's limit of valid JSON. */
const THRESHOLDS = {
  Groundedness: { overall: 0.5, cohort: 0.35 },
  ContextRelevance: { overall: 0.4, cohort: 0.3 },
  TaskCompletion: { overall: 0.75, cohort: 0.6 },
  JSONValidation: { overall: 0.98 },
}
/** An inferior model is worse by this many times the margin: bounding scores at 0 and 1 takes some of a loss away. */
const JUST_MORE = 1.02
/** 95%, both ends. */
const ALPHA = 0.025

/**
 * How often the real gates, threshold and no-regression as a first attempt, let a worse model through and hold back an
 * identical one. Both models are noisy, and answer the same rows. The same seed gives the same numbers.
 */
export function simulateGates({
  seed = 1,
  margin = 0.05,
  sizes = SIZES,
}: SimulationOptions = {}): SimulatedRates[] {
  return sizes.map(({ rows, trials }) => {
    const judge = (kind: number, trial: number, difference: Difference) =>
      judgeBoth(simulateRows(seed + trial * 10 + kind, rows, difference), margin, seed + trial)
    const each = (judgeOne: (trial: number) => Judged, count = trials) =>
      Array.from({ length: count }, (_, trial) => judgeOne(trial))
    const identical = each((trial) => judge(1, trial, { kind: 'none' }))
    const worse = each((trial) => judge(2, trial, worseBy(margin * JUST_MORE, trial)))
    const bad = each((trial) => judge(3, trial, badBy(margin, trial)), Math.ceil(trials / 2))
    return {
      rows,
      trials,
      falsePromotion: share(worse, ({ isPromoted }) => isPromoted),
      falsePromotionOfBad: share(bad, ({ isPromoted }) => isPromoted),
      falseBlock: share(identical, ({ isPromoted }) => !isPromoted),
      falseFailure: share(identical, ({ isFailed }) => isFailed),
      blockedBy: {
        threshold: share(identical, ({ byThreshold }) => byThreshold),
        'no-regression': share(identical, ({ byNoRegression }) => byNoRegression),
      },
      naive: {
        falsePromotion: share(worse, ({ isNaivelyPromoted }) => isNaivelyPromoted),
        falseBlock: share(identical, ({ isNaivelyPromoted }) => !isNaivelyPromoted),
      },
    }
  })
}

/** Metric and manner in turn: a little on every row, or all on a few. */
function worseBy(loss: number, trial: number): Difference {
  const metric = METRICS[trial % METRICS.length]!
  return { kind: trial % 8 < 4 ? 'shift' : 'break', metric, loss }
}

function badBy(margin: number, trial: number): Difference {
  if (trial % 2 === 0) return worseBy(2 * margin, trial / 2)
  return { kind: 'cohort', metric: 'Groundedness', cohort: 'account', loss: 0.3 }
}

interface Judged {
  isPromoted: boolean
  isFailed: boolean
  byThreshold: boolean
  byNoRegression: boolean
  isNaivelyPromoted: boolean
}

function judgeBoth({ pairs, scores }: SimulatedRows, margin: number, seed: number): Judged {
  const attempt = { family: 'simulation', evaluationId: String(seed), ordinal: 1 }
  const reached = threshold.evaluate(threshold.params.parse({ metrics: THRESHOLDS }), { scores, attempt })
  const kept = noRegression.evaluate(
    noRegression.params.parse({ metrics: METRICS, margin, cohortMargin: 2 * margin, seed }),
    { candidate: 'model:m@candidate', production: 'model:m@production', rows: pairs, attempt },
  )
  const [byThreshold, byNoRegression] = [reached, kept].map(({ verdict }) => blocks(verdict, 'block'))
  return {
    isPromoted: !byThreshold && !byNoRegression,
    isFailed: [reached, kept].some(({ verdict }) => verdict === 'failed'),
    byThreshold: byThreshold!,
    byNoRegression: byNoRegression!,
    isNaivelyPromoted: METRICS.every((metric) => {
      const production = pairs.reduce((sum, row) => sum + row.pairs[metric]!.production, 0) / pairs.length
      return mean(momentsOf(scores, metric)) >= production
    }),
  }
}

function share(judged: readonly Judged[], is: (one: Judged) => boolean): Estimate {
  const count = judged.filter(is).length
  return { value: count / judged.length, ...wilsonBounds(count, judged.length, ALPHA) }
}
