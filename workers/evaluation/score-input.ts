import { scoreRow } from '../../domain/evaluation/score.ts'
import type { Suite, SuiteMetric } from '../../domain/evaluation/suite.ts'
import type { Evaluated, EvaluatorInput } from '../../domain/evaluators/evaluator.ts'
import { own } from '../../domain/own.ts'
import type { Env } from '../env.ts'
import { scoreRemote } from './engines/score-remote.ts'

/** What an evaluator that asks somebody else must know beside the row. */
export interface ScoreContext {
  project: string
  /** Whose budget pays; absent for a single input. */
  evaluationId?: string
  suite: Suite
  /** By which people's labels are found, in an evaluation of a dataset. */
  row?: { dataset: string; rowId: string }
}

/** The scores of one input by every metric, whichever engine, in the metrics' order. Never throws for a row. */
export async function scoreInput(
  env: Env,
  context: ScoreContext,
  metrics: readonly SuiteMetric[],
  input: EvaluatorInput,
): Promise<Record<string, Evaluated>> {
  const byRule = scoreRow(metrics, context.suite, input)
  const remote = metrics.filter(({ engine }) => engine !== 'rule')
  if (remote.length === 0) return byRule
  const byOthers = await scoreRemote(env, context, remote, input)
  return Object.fromEntries(
    metrics.map(({ metric }) => [metric, (own(byRule, metric) ?? own(byOthers, metric))!]),
  )
}
