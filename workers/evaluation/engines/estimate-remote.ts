import { inputOf } from '../../../domain/evaluation/score.ts'
import type { Suite, SuiteMetric } from '../../../domain/evaluation/suite.ts'
import { embeddingSimilarity } from '../../../domain/evaluators/embedding-similarity.ts'
import type { EvaluatorInput } from '../../../domain/evaluators/evaluator.ts'
import { judgeOf } from '../../../domain/judges/registry.ts'
import type { Env } from '../../env.ts'
import { judgePrice } from './judge-endpoints.ts'
import { estimatedTokens, tokenCost } from './price.ts'

/** Tokens of a usual judgement. */
const JUDGEMENT_TOKENS = 250

/**
 * US dollars a row by metric, before anything is asked: the mean over some rows, from the lengths of their texts and the
 * endpoints' prices. Routes, Workers AI, services and people have no price here and count as 0.
 */
export function estimateRemote(
  env: Env,
  suite: Suite,
  metrics: readonly SuiteMetric[],
  inputs: readonly EvaluatorInput[],
): Record<string, number> {
  const remote = metrics.filter(({ engine }) => engine !== 'rule')
  return Object.fromEntries(
    remote.map((metric) => {
      const costs = inputs.map((input) => costOf(env, suite, metric, inputOf(metric, suite, input)))
      return [metric.metric, costs.reduce((sum, cost) => sum + cost, 0) / Math.max(1, costs.length)]
    }),
  )
}

function costOf(env: Env, suite: Suite, metric: SuiteMetric, input: EvaluatorInput): number {
  if (metric.engine === 'judge' && suite.judge) {
    const question = judgeOf(metric.evaluator, metric.version)?.question(input)
    if (!question || 'error' in question) return 0
    const { endpoint, samples } = suite.judge
    return (
      samples * tokenCost(judgePrice(env, endpoint), estimatedTokens(question.messages), JUDGEMENT_TOKENS)
    )
  }
  if (metric.engine === 'embedding') {
    const { endpoint } = embeddingSimilarity.params.parse(metric.params)
    const texts = [{ content: input.response }, { content: input.reference ?? '' }]
    return tokenCost(judgePrice(env, endpoint), estimatedTokens(texts), 0)
  }
  return 0
}
