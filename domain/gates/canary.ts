import * as z from 'zod'
import { momentsOf, type CohortScore } from '../evaluation/score.ts'
import { Name, shortRef } from '../ref.ts'
import { mean, meanBounds, standardDeviation, type Moments } from '../statistics/mean.ts'
import { differenceBounds, factorToShow, wilsonBounds, type Estimate } from '../statistics/proportion.ts'
import { designFor, sequentialLevel } from '../statistics/sequential.ts'
import { alphaOf, withAttempt, type GateAttempt } from './alpha-budget.ts'
import { judge, onInconclusive, points, sound, type Complaint, type Gate } from './gate.ts'

const Margin = z.number().min(0).max(1)
const Params = z.strictObject({
  route: Name,
  windowMinutes: z.number().positive().max(43_200).default(60),
  /** Fewest traces of each side. */
  minTraces: z.number().int().min(1).default(200),
  /** How much larger than the incumbent's the canary's error rate may be. */
  maxErrorIncrease: Margin.default(0.01),
  /** How much lower than the incumbent's the mean of an online score may be, by metric. */
  metrics: z.record(z.string(), Margin).default({}),
  /** How much lower a single cohort may be. */
  cohortMargin: Margin.default(0.1),
  /** Cohorts with fewer scored traces on a side are shown and not judged. */
  minCohortTraces: z.number().int().min(1).default(20),
  /** Of passing a canary that is worse, over all looks at it, and all attempts against the same incumbent, together. */
  alpha: z.number().positive().max(0.5).default(0.05),
  onInconclusive,
})
type CanaryParams = z.infer<typeof Params>

/** What one of the two did with its share of the traffic. */
export interface CanarySide {
  /** Ref of the model, or of the prompt where both have the same model. */
  ref: string
  traces: number
  /** Traces that it did not answer: an error, or another target had to. */
  errors: number
  /** Milliseconds; null without a trace. Shown, not judged. */
  meanLatencyMs: number | null
  /** Online scores of its answers. */
  scores: CohortScore[]
}

export interface CanaryEvidence {
  canary: CanarySide
  /** Null when nothing was there before. */
  incumbent: CanarySide | null
  from: number
  to: number
  /** Absent where no look has been at other traffic than that since `from`. */
  attempt?: GateAttempt
}

/** One comparison: what is better is positive. */
interface Comparison {
  what: string
  cohort: string | null
  n: number
  margin: number
  difference: Estimate
  /** Traces of the canary with which it would be shown to be no worse; null when no number would do. */
  tracesNeeded: number | null
}

/**
 * The canary fails no more often than the incumbent on the traffic since `from`, and its answers score no lower: each by
 * non-inferiority with a margin, with bounds that hold at every look together, since people look until it passes. That
 * is true of looks that share `from`; looks that do not are attempts. A cohort stops it when its scores are shown to be
 * more than `cohortMargin` lower (Bonferroni over metrics × cohorts).
 */
export const canary: Gate<CanaryParams, CanaryEvidence> = {
  name: 'canary',
  stages: ['deploy', 'monitor'],
  params: Params,
  evaluate(params, evidence) {
    const { canary: candidate, incumbent, attempt, from, to } = evidence
    if (incumbent === null) {
      const sentence = 'Nothing was there before: there is no incumbent to compare the canary with.'
      return { verdict: 'passed', sentence, evidence: { canary: shown(candidate), incumbent, from, to } }
    }
    const facts = { canary: shown(candidate), incumbent: shown(incumbent), from, to }
    const few = [candidate, incumbent].filter(({ traces }) => !(traces >= params.minTraces))
    if (few.length > 0) {
      const doubts = few.map(({ ref, traces }) => ({
        unclear: `${shortRef(ref)} had ${traces} traces in the last ${params.windowMinutes} minutes`,
        rowsNeeded: params.minTraces,
        what: 'traces',
      }))
      return judge(doubts, '', facts)
    }
    const unscored = Object.keys(params.metrics).filter((metric) =>
      [candidate, incumbent].some(({ scores }) => momentsOf(scores, metric).n === 0),
    )
    if (unscored.length > 0) {
      const sentence = `No answers of both sides have a score of ${unscored.join(', ')}: a sweep of ${params.route} must score them first.`
      return { verdict: 'not_run', sentence, evidence: facts }
    }
    const overall = [errorRate(params, candidate, incumbent, attempt), ...scoresOf(params, evidence)]
    const cohorts = cohortsOf(params, candidate, incumbent)
    const complaints = [
      ...overall.map((line) => complaintOf(line)),
      ...cohorts
        .filter(({ difference, margin }) => difference.upper < -margin)
        .map((line) => `${describe(line)} on ${line.n} traces`),
    ]
    const praise = `The canary ${shortRef(candidate.ref)} does no worse than ${shortRef(incumbent.ref)} on ${candidate.traces} and ${incumbent.traces} traces: ${overall.map(describe).join(', ')}.`
    const comparisons = [...overall, ...cohorts].map(({ difference, ...line }) => ({
      ...line,
      ...difference,
    }))
    const result = judge(complaints, praise, { ...facts, comparisons })
    return sound(withAttempt(result, params.alpha, attempt, 'the same incumbent'))
  },
}

/** Scores are shown as comparisons. */
function shown({ scores: _, ...side }: CanarySide) {
  return side
}

/** Newcombe's interval for a difference of proportions. The lower error rate is the better. */
function errorRate(
  { maxErrorIncrease: margin, alpha }: CanaryParams,
  candidate: CanarySide,
  incumbent: CanarySide,
  attempt: GateAttempt | undefined,
): Comparison {
  const rate = ({ errors, traces }: CanarySide, factor: number, level: number): Estimate => ({
    value: errors / traces,
    ...wilsonBounds(errors * factor, traces * factor, level),
  })
  const seen: Seen = {
    bounds: (factor, level) =>
      differenceBounds(rate(incumbent, factor, level), rate(candidate, factor, level)),
    information: informationOf([candidate, incumbent].map(countsOf)),
  }
  return comparison({ what: 'the error rate', cohort: null, n: candidate.traces, margin }, seen, {
    alpha,
    passAlpha: alphaOf(alpha, attempt),
  })
}

function countsOf({ errors, traces }: CanarySide): Moments {
  return { n: traces, sum: errors, sumSquares: errors }
}

function scoresOf(
  { metrics, alpha }: CanaryParams,
  { canary: candidate, incumbent, attempt }: CanaryEvidence,
): Comparison[] {
  return Object.entries(metrics).map(([metric, margin]) => {
    const [own, other] = [momentsOf(candidate.scores, metric), momentsOf(incumbent!.scores, metric)]
    const levels = { alpha, passAlpha: alphaOf(alpha, attempt) }
    return comparison({ what: metric, cohort: null, n: own.n, margin }, compareMeans(own, other), levels)
  })
}

function cohortsOf(
  { metrics, cohortMargin: margin, minCohortTraces, alpha }: CanaryParams,
  candidate: CanarySide,
  incumbent: CanarySide,
): Comparison[] {
  const cohorts = [...new Set(candidate.scores.map(({ cohort }) => cohort))]
  const pairs = Object.keys(metrics).flatMap((metric) =>
    cohorts.map((cohort) => ({
      metric,
      cohort,
      own: momentsOf(candidate.scores, metric, cohort),
      other: momentsOf(incumbent.scores, metric, cohort),
    })),
  )
  // Thin ones count, since they will not always be: the share of each must not shrink from look to look by much.
  const level = alpha / Math.max(1, pairs.length)
  return pairs
    .filter(({ own, other }) => Math.min(own.n, other.n) >= minCohortTraces)
    .map(({ metric, cohort, own, other }) =>
      comparison({ what: metric, cohort, n: own.n, margin }, compareMeans(own, other), {
        alpha: level,
        passAlpha: alpha,
      }),
    )
}

/** What was seen of two sides. */
interface Seen {
  /** Bounds for a single look at so many times the data. */
  bounds: (factor: number, level: number) => Estimate
  /** 1 / squared standard error of the difference, with so many times the data. */
  information: (factor: number) => number
}

function compareMeans(own: Moments, other: Moments): Seen {
  const estimate = ({ n, sum, sumSquares }: Moments, factor: number, level: number): Estimate => {
    const moments = { n: n * factor, sum: sum * factor, sumSquares: sumSquares * factor }
    return { value: mean(moments), ...meanBounds(moments, level) }
  }
  return {
    bounds: (factor, level) => differenceBounds(estimate(own, factor, level), estimate(other, factor, level)),
    information: informationOf([own, other]),
  }
}

/** One made-up value half a unit off keeps a side that is all alike from knowing everything. */
function informationOf(sides: readonly Moments[]): (factor: number) => number {
  const spreads = sides.map((side) => ({ n: side.n, squares: standardDeviation(side) ** 2 * (side.n - 1) }))
  return (factor) =>
    1 / spreads.reduce((sum, { n, squares }) => sum + (squares * factor + 0.25) / (n * factor) ** 2, 0)
}

/**
 * Bounds that hold at every look together. The lower one, by which the canary passes, has another level than the upper
 * one, by which it fails.
 */
function comparison(
  line: Omit<Comparison, 'difference' | 'tracesNeeded'>,
  { bounds, information }: Seen,
  { alpha, passAlpha }: { alpha: number; passAlpha: number },
): Comparison {
  const toPass = designFor(line.margin, passAlpha)
  const at = (factor: number) => bounds(factor, sequentialLevel(toPass, information(factor)))
  const { value, lower } = at(1)
  const { upper } = bounds(1, sequentialLevel(designFor(line.margin, alpha), information(1)))
  const factor = value <= -line.margin ? null : factorToShow((times) => at(times).lower >= -line.margin)
  const tracesNeeded = factor === null ? null : Math.ceil(line.n * factor)
  return { ...line, difference: { value, lower, upper }, tracesNeeded }
}

function complaintOf(line: Comparison): Complaint {
  const { difference, margin, tracesNeeded } = line
  if (difference.lower >= -margin) return false
  const unclear = `${describe(line)} on ${line.n} traces`
  if (difference.upper < -margin) return unclear
  return { unclear, rowsNeeded: tracesNeeded, what: 'traces of the canary' }
}

function describe({ what, cohort, difference, margin }: Comparison): string {
  const isErrors = what === 'the error rate'
  const shownDifference = points(isErrors ? -difference.value : difference.value)
  const limit = `${isErrors ? '+' : '−'}${(margin * 100).toFixed(1)} allowed`
  return `${what}${cohort === null ? '' : ` of ${cohort}`} ${shownDifference} (${limit})`
}
