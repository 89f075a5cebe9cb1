import { contextRelevance } from './context-relevance.ts'
import type { Evaluator } from './evaluator.ts'
import { groundedness } from './groundedness.ts'
import { jsonValidation } from './json-validation.ts'
import { taskCompletion } from './task-completion.ts'

/** Every evaluator that a suite may name. A new one is its own file and a line here. */
export const EVALUATORS: readonly Evaluator[] = [
  groundedness,
  contextRelevance,
  taskCompletion,
  jsonValidation,
]

/** By bare name or as `name@version`; undefined when there is none, or not in that version. */
export function evaluatorByName(name: string): Evaluator | undefined {
  return EVALUATORS.find(
    (evaluator) => evaluator.name === name || `${evaluator.name}@${evaluator.version}` === name,
  )
}
