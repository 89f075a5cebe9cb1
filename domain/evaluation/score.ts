import type { ToolCall } from '../dataset/tool-call.ts'
import {
  REFERENCE_FIELDS,
  type Evaluated,
  type EvaluatorInput,
  type ScoreCost,
} from '../evaluators/evaluator.ts'
import { evaluatorByName, type AnyEvaluator } from '../evaluators/registry.ts'
import { own } from '../own.ts'
import type { Moments } from '../statistics/mean.ts'
import { DEFAULT_PASS_AT, metricEvaluator, type Suite, type SuiteMetric } from './suite.ts'

/** The scores of one row: a line of a score shard. */
export interface RowScores {
  rowId: string
  cohort: string
  /** Hash of the row's content: the same content need not be scored again. Absent for traces. */
  rowHash?: string
  /** Rows of one conversation share it: their errors are not independent. */
  conversation?: string
  /** The answer that was judged; absent when none came. */
  response?: string
  toolCalls?: readonly ToolCall[]
  /** What the answer took; absent when it was there already. */
  answered?: ScoreCost
  scores: Record<string, Evaluated>
}

/** Cohort of rows that name none. */
export const NO_COHORT = 'none'

/** Scores of the rule metrics of a suite. */
export function scoreRow(
  metrics: readonly SuiteMetric[],
  suite: Suite,
  input: EvaluatorInput,
): Record<string, Evaluated> {
  return Object.fromEntries(
    metrics
      .filter(({ engine }) => engine === 'rule')
      .map((metric) => [metric.metric, scoreByRule(metric, inputOf(metric, suite, input))]),
  )
}

/** What a metric may see of a row: the suite's schema, and the good answer only where it compares with one. */
export function inputOf({ reference }: SuiteMetric, suite: Suite, input: EvaluatorInput): EvaluatorInput {
  const seen: EvaluatorInput = { ...input }
  if (suite.answerSchema !== undefined) seen.schema = suite.answerSchema
  if (reference) {
    if (seen.reference === undefined && seen.expected) seen.reference = seen.expected.reply
  } else for (const field of REFERENCE_FIELDS) delete seen[field]
  return seen
}

function scoreByRule(metric: SuiteMetric, input: EvaluatorInput): Evaluated {
  const evaluator = evaluatorByName(`${metric.evaluator}@${metric.version}`)
  if (!evaluator) return { error: `${metricEvaluator(metric)} is no longer here: make the suite anew` }
  try {
    return evaluator.params
      ? evaluator.evaluate(input, paramsOf(evaluator, metric))
      : evaluator.evaluate(input)
  } catch (cause) {
    return { error: `${evaluator.name} failed: ${cause instanceof Error ? cause.message : String(cause)}` }
  }
}

/** Of each metric, once for all its rows: parsing compiles patterns and expressions, and copies whole schemas. */
const parsedParams = new WeakMap<SuiteMetric, unknown>()

function paramsOf({ params }: AnyEvaluator, metric: SuiteMetric): unknown {
  const known = parsedParams.get(metric)
  if (known !== undefined) return known
  const parsed: unknown = params!.parse(metric.params)
  parsedParams.set(metric, parsed)
  return parsed
}

/** What a gate judges of a metric and cohort. */
export interface CohortScore extends Moments {
  metric: string
  cohort: string
  /** Rows that could not be scored; they are in no mean. */
  errors: number
}

/** The same with how the scores are spread. */
export interface CohortSums extends CohortScore {
  /** Rows that reached the metric's pass mark. */
  passes: number
  /** Rows by score in hundredths, rounded: `{ "50": 3 }`. Absent keys are 0. */
  histogram: Record<string, number>
}

/** From which score on a row passes: by metric, and by `cohortKey` for cohorts that have a mark of their own. */
export type PassMarks = Readonly<Record<string, number>>

/** Key of a cohort's part of a metric. Names of metrics hold no line break. */
export function cohortKey(metric: string, cohort: string): string {
  return `${metric}\n${cohort}`
}

export function passMarkOf(marks: PassMarks, metric: string, cohort: string): number {
  return own(marks, cohortKey(metric, cohort)) ?? own(marks, metric) ?? DEFAULT_PASS_AT
}

/** Sums per metric and cohort, sorted, so that shards add up to the same in any order. */
export function sumByCohort(rows: readonly RowScores[], passMarks: PassMarks = {}): CohortSums[] {
  const sums = new Map<string, CohortSums>()
  for (const { cohort, scores } of rows) {
    for (const [metric, result] of Object.entries(scores)) {
      const key = cohortKey(metric, cohort)
      const sum = sums.get(key) ?? emptySums(metric, cohort)
      sums.set(key, sum)
      if ('error' in result) sum.errors += 1
      else addScore(sum, result.score, passMarkOf(passMarks, metric, cohort))
    }
  }
  return [...sums.values()].toSorted(byMetricAndCohort)
}

export function addCohortScores(parts: Iterable<readonly CohortSums[]>): CohortSums[] {
  const sums = new Map<string, CohortSums>()
  for (const part of parts) addSums(sums, part)
  return [...sums.values()].toSorted(byMetricAndCohort)
}

/** Adds a part to running sums, in place. */
export function addSums(sums: Map<string, CohortSums>, parts: readonly CohortSums[]): void {
  for (const part of parts) {
    const key = cohortKey(part.metric, part.cohort)
    const sum = sums.get(key) ?? emptySums(part.metric, part.cohort)
    sums.set(key, sum)
    sum.n += part.n
    sum.errors += part.errors
    sum.sum += part.sum
    sum.sumSquares += part.sumSquares
    sum.passes += part.passes
    for (const [bin, count] of Object.entries(part.histogram))
      sum.histogram[bin] = (sum.histogram[bin] ?? 0) + count
  }
}

/** Moments of a metric over all cohorts, or over one. */
export function momentsOf(
  scores: readonly CohortScore[],
  metric: string,
  cohort?: string,
): Moments & { errors: number } {
  const total = { n: 0, sum: 0, sumSquares: 0, errors: 0 }
  for (const score of scores) {
    if (score.metric !== metric || (cohort !== undefined && score.cohort !== cohort)) continue
    total.n += score.n
    total.sum += score.sum
    total.sumSquares += score.sumSquares
    total.errors += score.errors
  }
  return total
}

function emptySums(metric: string, cohort: string): CohortSums {
  return { metric, cohort, n: 0, errors: 0, sum: 0, sumSquares: 0, passes: 0, histogram: {} }
}

function addScore(sum: CohortSums, score: number, passAt: number): void {
  sum.n += 1
  sum.sum += score
  sum.sumSquares += score ** 2
  if (score >= passAt) sum.passes += 1
  const bin = String(Math.round(score * 100))
  sum.histogram[bin] = (sum.histogram[bin] ?? 0) + 1
}

function byMetricAndCohort(a: CohortScore, b: CohortScore): number {
  return a.metric.localeCompare(b.metric) || a.cohort.localeCompare(b.cohort)
}
