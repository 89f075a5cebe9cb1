import { ALL_EVALUATORS } from '../evaluators/registry.ts'
import { contentHash } from '../hash.ts'
import { metricEvaluator, type Suite, type SuiteMetric } from './suite.ts'

type Scored = Pick<Suite, 'metrics' | 'answerSchema' | 'judge'>

/**
 * Two scores of the same answer with equal keys say the same: evaluator with version and engine, parameters, whether it
 * sees the reference, and the suite's schema and judge where they play a part. People change their minds, so that their
 * scores have no key.
 */
export function scoreKey(metric: SuiteMetric, suite: Scored): string | undefined {
  if (metric.engine === 'human') return undefined
  const known = ALL_EVALUATORS.find(
    ({ name, engine }) => name === metric.evaluator && engine === metric.engine,
  )
  const readsSchema = known?.inputs.includes('schema') ?? true
  const { endpoint, samples } = suite.judge ?? {}
  return contentHash([
    metricEvaluator(metric),
    metric.params ?? {},
    metric.reference,
    readsSchema ? (suite.answerSchema ?? null) : null,
    metric.engine === 'judge' ? [endpoint ?? null, samples ?? null] : null,
  ])
}

/**
 * Which of an earlier suite's scores need not be given again, by the metric's name there. Only those by rules: who else is
 * asked may be another behind the same name by now, and judgements and embeddings are kept by content anyway.
 */
export function sameScores(
  metrics: readonly SuiteMetric[],
  suite: Scored,
  earlier: Scored,
): Record<string, string> {
  const known = new Map(earlier.metrics.map((metric) => [scoreKey(metric, earlier), metric.metric]))
  return Object.fromEntries(
    metrics.flatMap((metric) => {
      const there = metric.engine === 'rule' ? known.get(scoreKey(metric, suite)) : undefined
      return there === undefined ? [] : [[metric.metric, there]]
    }),
  )
}
