import { JUDGES } from '../judges/registry.ts'
import { embeddingSimilarity } from './embedding-similarity.ts'
import type { Evaluator, EvaluatorInfo } from './evaluator.ts'
import { faithfulness } from './grounding/faithfulness.ts'
import { groundedness } from './grounding/groundedness.ts'
import { httpEvaluator } from './http-evaluator.ts'
import { humanLabel } from './human-label.ts'
import { costLimit } from './limits/cost-limit.ts'
import { latencyLimit } from './limits/latency-limit.ts'
import { lengthLimit } from './limits/length-limit.ts'
import { answerRelevance } from './retrieval/answer-relevance.ts'
import { contextPrecision } from './retrieval/context-precision.ts'
import { contextRecall } from './retrieval/context-recall.ts'
import { contextRelevance } from './retrieval/context-relevance.ts'
import { expressionRule } from './rules/expression.ts'
import { languageMatch } from './safety/language-match.ts'
import { piiLeak } from './safety/pii-leak.ts'
import { refusal } from './safety/refusal.ts'
import { toxicity } from './safety/toxicity.ts'
import { jsonValidation } from './structure/json-validation.ts'
import { taskCompletion } from './task/task-completion.ts'
import { bleu } from './text-match/bleu.ts'
import { chrF } from './text-match/chrf.ts'
import { contains } from './text-match/contains.ts'
import { exactMatch } from './text-match/exact-match.ts'
import { fuzzyMatch } from './text-match/fuzzy-match.ts'
import { numericTolerance } from './text-match/numeric-tolerance.ts'
import { regexMatch } from './text-match/regex-match.ts'
import { rouge } from './text-match/rouge.ts'
import { toolArgumentCorrectness } from './tools/tool-argument-correctness.ts'
import { toolSelectionAccuracy } from './tools/tool-selection-accuracy.ts'

/** An evaluator whose parameters came as JSON and were parsed by its own schema. */
// oxlint-disable-next-line typescript/no-explicit-any -- each evaluator has parameters of its own
export type AnyEvaluator = Evaluator<any>

/** Every rule engine that a suite may name. A new one is its own file and a line here. */
export const EVALUATORS: readonly AnyEvaluator[] = [
  groundedness,
  faithfulness,
  contextRelevance,
  taskCompletion,
  toolSelectionAccuracy,
  toolArgumentCorrectness,
  contextPrecision,
  contextRecall,
  answerRelevance,
  jsonValidation,
  exactMatch,
  fuzzyMatch,
  contains,
  regexMatch,
  rouge,
  bleu,
  chrF,
  numericTolerance,
  lengthLimit,
  latencyLimit,
  costLimit,
  piiLeak,
  toxicity,
  refusal,
  languageMatch,
  expressionRule,
]

/** Engines that ask somebody else: `workers/evaluation/engines/` does the asking. */
const REMOTE_EVALUATORS: readonly EvaluatorInfo[] = [
  ...JUDGES,
  embeddingSimilarity,
  httpEvaluator,
  humanLabel,
]

/** Every engine of every evaluator. */
export const ALL_EVALUATORS: readonly EvaluatorInfo[] = [...EVALUATORS, ...REMOTE_EVALUATORS]

const BY_NAME = new Map(
  EVALUATORS.flatMap((evaluator) => [
    [evaluator.name, evaluator],
    [evaluatorId(evaluator), evaluator],
  ]),
)

/** A rule engine by bare name or as `name@version`; undefined when there is none, or not in that version. */
export function evaluatorByName(name: string): AnyEvaluator | undefined {
  return BY_NAME.get(name)
}

/** What a score says of where it comes from: `Groundedness@2` by rule, `Groundedness:judge@1` by another engine. */
export function evaluatorId({ name, version, engine }: Pick<EvaluatorInfo, 'name' | 'version' | 'engine'>) {
  return `${name}${engine === 'rule' ? '' : `:${engine}`}@${version}`
}
