import { answerRelevance } from './answer-relevance.ts'
import { contextPrecision } from './context-precision.ts'
import { contextRecall } from './context-recall.ts'
import { contextRelevance } from './context-relevance.ts'
import { faithfulness } from './faithfulness.ts'
import { groundedness } from './groundedness.ts'
import type { Judge } from './judge.ts'
import { taskCompletion } from './task-completion.ts'
import { toolSelectionAccuracy } from './tool-selection-accuracy.ts'

/** Every evaluator that a language model can judge. A new one is its own file and a line here. */
export const JUDGES: readonly Judge[] = [
  groundedness,
  faithfulness,
  contextRelevance,
  contextPrecision,
  contextRecall,
  taskCompletion,
  answerRelevance,
  toolSelectionAccuracy,
]

/** A judge in this version of its prompt; undefined when there is none. */
export function judgeOf(name: string, version: string): Judge | undefined {
  return JUDGES.find((judge) => judge.name === name && judge.version === version)
}
