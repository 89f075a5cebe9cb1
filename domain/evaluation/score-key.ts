import { ALL_EVALUATORS } from '../evaluators/registry.ts'
import { contentHash } from '../hash.ts'
import { metricEvaluator, type Suite, type SuiteMetric } from './suite.ts'

type Scored = Pick<Suite, 'metrics' | 'answerSchema'>

/**
 * Two scores of the same answer with equal keys are the same score: evaluator with version and engine, parameters,
 * whether it sees the reference, and the suite's schema where it plays a part. Only rules have one: people change their
 * minds, and who else is asked may be another behind the same name; judgements and embeddings are kept by content anyway.
 */
export function scoreKey(metric: SuiteMetric, suite: Scored): string | undefined {
  if (metric.engine !== 'rule') return undefined
  const known = ALL_EVALUATORS.find(
    ({ name, engine }) => name === metric.evaluator && engine === metric.engine,
  )
  const readsSchema = known?.inputs.includes('schema') ?? true
  return contentHash([
    metricEvaluator(metric),
    metric.params ?? {},
    metric.reference,
    readsSchema ? (suite.answerSchema ?? null) : null,
  ])
}

/** Which of an earlier suite's scores are the ones that these metrics would give, by the metric's name there. */
export function sameScores(
  metrics: readonly SuiteMetric[],
  suite: Scored,
  earlier: Scored,
): Record<string, string> {
  const known = new Map(earlier.metrics.map((metric) => [scoreKey(metric, earlier), metric.metric]))
  known.delete(undefined)
  return Object.fromEntries(
    metrics.flatMap((metric) => {
      const key = scoreKey(metric, suite)
      const there = key === undefined ? undefined : known.get(key)
      return there === undefined ? [] : [[metric.metric, there]]
    }),
  )
}
