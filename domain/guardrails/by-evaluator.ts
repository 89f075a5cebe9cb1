import type { AnyEvaluator } from '../evaluators/registry.ts'
import { answerRelevance } from '../evaluators/retrieval/answer-relevance.ts'
import { faithfulness } from '../evaluators/grounding/faithfulness.ts'
import { groundedness } from '../evaluators/grounding/groundedness.ts'
import { lengthLimit } from '../evaluators/limits/length-limit.ts'
import { expressionRule } from '../evaluators/rules/expression.ts'
import { languageMatch } from '../evaluators/safety/language-match.ts'
import { piiLeak } from '../evaluators/safety/pii-leak.ts'
import { refusal } from '../evaluators/safety/refusal.ts'
import { toxicity } from '../evaluators/safety/toxicity.ts'
import { jsonValidation } from '../evaluators/structure/json-validation.ts'
import { taskCompletion } from '../evaluators/task/task-completion.ts'
import { contains } from '../evaluators/text-match/contains.ts'
import { regexMatch } from '../evaluators/text-match/regex-match.ts'
import { toolArgumentCorrectness } from '../evaluators/tools/tool-argument-correctness.ts'
import { toolSelectionAccuracy } from '../evaluators/tools/tool-selection-accuracy.ts'
import { replyOf } from '../evaluators/text-match/compared.ts'
import type { Check } from './guardrail.ts'

/** Rules that judge a text by itself: a user's as well as an answer. */
const OF_A_TEXT: readonly AnyEvaluator[] = [
  contains,
  regexMatch,
  lengthLimit,
  toxicity,
  piiLeak,
  languageMatch,
  expressionRule,
]
/** Rules that judge an answer by what was asked and known, without a good answer to compare with. */
const OF_AN_ANSWER: readonly AnyEvaluator[] = [
  ...OF_A_TEXT,
  refusal,
  jsonValidation,
  groundedness,
  faithfulness,
  answerRelevance,
  taskCompletion,
  toolSelectionAccuracy,
  toolArgumentCorrectness,
]

/** Names of the evaluators that guardrails may use, by what they judge. */
export const EVALUATORS_OF = {
  request: OF_A_TEXT.map(({ name }) => name),
  response: OF_AN_ANSWER.map(({ name }) => name),
} as const

export function guardrailEvaluator(name: string): AnyEvaluator | undefined {
  return OF_AN_ANSWER.find((evaluator) => evaluator.name === name)
}

/** The lowest score of anything that was said; 1 where nothing was that it could judge. What it only read in part is not scored. */
export function evaluatorCheck(on: 'request' | 'response', evaluator: AnyEvaluator, params: unknown): Check {
  const judgesCalls = evaluator.inputs.includes('toolCalls') && evaluator.inputs.includes('tools')
  return ({ said, input }) => {
    let lowest = 1
    for (const { text, toolCalls } of said) {
      if (text === null && !judgesCalls) continue
      const response = text ?? ''
      const read = on === 'request' ? wholeDocument(response, params) : params
      const evaluated = evaluator.evaluate({ ...input, response, toolCalls }, read)
      if ('error' in evaluated) return { score: null }
      if (evaluated.evidence?.truncated === true) return { score: null, note: 'too_long' }
      lowest = Math.min(lowest, evaluated.score)
    }
    return { score: lowest }
  }
}

/** Of an answer in JSON evaluators read the `reply` alone. A user who writes one has said all of it. */
function wholeDocument(text: string, params: unknown): unknown {
  const isPlain = typeof params !== 'object' || params === null || 'path' in params || replyOf(text) === text
  return isPlain ? params : { ...params, path: '' }
}
