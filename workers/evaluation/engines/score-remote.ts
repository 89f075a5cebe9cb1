import { inputOf } from '../../../domain/evaluation/score.ts'
import type { SuiteMetric } from '../../../domain/evaluation/suite.ts'
import type { Evaluated, EvaluatorInput } from '../../../domain/evaluators/evaluator.ts'
import { MAX_CONNECTIONS, mapConcurrently } from '../../concurrency.ts'
import type { Env } from '../../env.ts'
import type { ScoreContext } from '../score-input.ts'
import { messageOf } from './ask-judge-model.ts'
import { budgetOf, type Budget } from './budget.ts'
import { embedRow } from './embedding.ts'
import { askService } from './http.ts'
import { askPeople } from './human.ts'
import { judgeRow } from './judge.ts'

export { estimateRemote } from './estimate-remote.ts'

/** Scores of the metrics whose engine asks somebody else. Never throws for a row: what failed is { error }. */
export async function scoreRemote(
  env: Env,
  context: ScoreContext,
  metrics: readonly SuiteMetric[],
  input: EvaluatorInput,
): Promise<Record<string, Evaluated>> {
  const budget = budgetOf(env, context)
  // The rows of an evaluation are scored side by side already; its metrics one after the other keep within the connections.
  const atOnce = context.evaluationId === undefined ? MAX_CONNECTIONS : 1
  const scored = await mapConcurrently(metrics, atOnce, async (metric) => {
    try {
      return await scoreBy(env, context, metric, inputOf(metric, context.suite, input), budget)
    } catch (cause) {
      return { error: `${metric.evaluator} failed: ${messageOf(cause)}` }
    }
  })
  return Object.fromEntries(metrics.map(({ metric }, index) => [metric, scored[index]!]))
}

function scoreBy(
  env: Env,
  context: ScoreContext,
  metric: SuiteMetric,
  input: EvaluatorInput,
  budget: Budget,
): Promise<Evaluated> | Evaluated {
  switch (metric.engine) {
    case 'judge':
      return judgeRow(env, context, metric, input, budget)
    case 'embedding':
      return embedRow(env, context, metric, input, budget)
    case 'http':
      return askService(env, metric, input, budget)
    case 'human':
      return askPeople(env, context, metric)
    case 'rule':
      return { error: `${metric.evaluator} is a rule: nobody is asked` }
  }
}
