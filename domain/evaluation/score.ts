import type { Evaluated, EvaluatorInput } from '../evaluators/evaluator.ts'
import { EVALUATORS } from '../evaluators/registry.ts'
import type { Moments } from '../statistics/mean.ts'
import type { Suite, SuiteMetric } from './suite.ts'

/** The scores of one row: a line of a score shard. */
export interface RowScores {
  rowId: string
  cohort: string
  /** The answer that was judged; absent when none came. */
  response?: string
  scores: Record<string, Evaluated>
}

/** Cohort of rows that name none. */
export const NO_COHORT = 'none'

export function scoreRow(
  metrics: readonly SuiteMetric[],
  suite: Suite,
  input: EvaluatorInput,
): Record<string, Evaluated> {
  const { expected: _, ...blind } = input
  const withSchema = suite.answerSchema === undefined ? {} : { schema: suite.answerSchema }
  return Object.fromEntries(
    metrics.map(({ metric, evaluator, reference }) => {
      const found = EVALUATORS.find(({ name }) => name === evaluator)!
      return [metric, found.evaluate({ ...(reference ? input : blind), ...withSchema })]
    }),
  )
}

export interface CohortScore extends Moments {
  metric: string
  cohort: string
  /** Rows that could not be scored; they are in no mean. */
  errors: number
}

/** Sums per metric and cohort, sorted, so that shards add up to the same in any order. */
export function sumByCohort(rows: readonly RowScores[]): CohortScore[] {
  const sums = new Map<string, CohortScore>()
  for (const { cohort, scores } of rows) {
    for (const [metric, result] of Object.entries(scores)) addTo(sums, metric, cohort, result)
  }
  return [...sums.values()].toSorted(byMetricAndCohort)
}

export function addCohortScores(parts: readonly (readonly CohortScore[])[]): CohortScore[] {
  const sums = new Map<string, CohortScore>()
  for (const part of parts.flat()) {
    const sum = sums.get(`${part.metric}\n${part.cohort}`)
    if (!sum) sums.set(`${part.metric}\n${part.cohort}`, { ...part })
    else {
      sum.n += part.n
      sum.errors += part.errors
      sum.sum += part.sum
      sum.sumSquares += part.sumSquares
    }
  }
  return [...sums.values()].toSorted(byMetricAndCohort)
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

function addTo(sums: Map<string, CohortScore>, metric: string, cohort: string, result: Evaluated): void {
  const key = `${metric}\n${cohort}`
  const sum = sums.get(key) ?? { metric, cohort, n: 0, errors: 0, sum: 0, sumSquares: 0 }
  sums.set(key, sum)
  if ('error' in result) {
    sum.errors += 1
    return
  }
  sum.n += 1
  sum.sum += result.score
  sum.sumSquares += result.score ** 2
}

function byMetricAndCohort(a: CohortScore, b: CohortScore): number {
  return a.metric.localeCompare(b.metric) || a.cohort.localeCompare(b.cohort)
}
