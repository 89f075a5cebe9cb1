import { contextRelevance } from './context-relevance.ts'
import type { Evaluator, EvaluatorInfo } from './evaluator.ts'
import { groundedness } from './groundedness.ts'
import { jsonValidation } from './json-validation.ts'
import { taskCompletion } from './task-completion.ts'

/** An evaluator whose parameters came as JSON and were parsed by its own schema. */
// oxlint-disable-next-line typescript/no-explicit-any -- each evaluator has parameters of its own
export type AnyEvaluator = Evaluator<any>

/** Every rule engine that a suite may name. A new one is its own file and a line here. */
export const EVALUATORS: readonly AnyEvaluator[] = [
  groundedness,
  contextRelevance,
  taskCompletion,
  jsonValidation,
]

/** Engines that ask somebody else: `workers/evaluation/engines/` does the asking. */
export const REMOTE_EVALUATORS: readonly EvaluatorInfo[] = []

/** Every engine of every evaluator. */
export const ALL_EVALUATORS: readonly EvaluatorInfo[] = [...EVALUATORS, ...REMOTE_EVALUATORS]

/** A rule engine by bare name or as `name@version`; undefined when there is none, or not in that version. */
export function evaluatorByName(name: string): AnyEvaluator | undefined {
  return EVALUATORS.find(
    (evaluator) => evaluator.name === name || `${evaluator.name}@${evaluator.version}` === name,
  )
}

/** What a score says of where it comes from: `Groundedness@2` by rule, `Groundedness:judge@1` by another engine. */
export function evaluatorId({ name, version, engine }: Pick<EvaluatorInfo, 'name' | 'version' | 'engine'>) {
  return `${name}${engine === 'rule' ? '' : `:${engine}`}@${version}`
}
