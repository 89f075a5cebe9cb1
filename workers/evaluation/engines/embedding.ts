import * as z from 'zod'
import type { SuiteMetric } from '../../../domain/evaluation/suite.ts'
import { readAnswer } from '../../../domain/evaluators/answer.ts'
import { cosineScore, embeddingSimilarity } from '../../../domain/evaluators/embedding-similarity.ts'
import type { Evaluated, EvaluatorInput } from '../../../domain/evaluators/evaluator.ts'
import { round } from '../../../domain/evaluators/source.ts'
import { contentHash } from '../../../domain/hash.ts'
import type { Env } from '../../env.ts'
import type { ScoreContext } from '../score-input.ts'
import { askJudgeModel } from './ask-judge-model.ts'
import type { Budget } from './budget.ts'
import { judgeModel } from './judge-model.ts'
import { keepFirst, readKept } from './kept-score.ts'
import { estimatedTokens, tokenCost } from './price.ts'

/** Longest text that is embedded, in characters: about the 8,191 tokens that usual models read. */
const MAX_CHARS = 30_000

const Embeddings = z.object({
  data: z.array(z.object({ embedding: z.array(z.number()).min(1) })).length(2),
  usage: z
    .object({ prompt_tokens: z.number().min(0) })
    .optional()
    .catch(undefined),
})

/** The score of a row by how near its answer and its good answer lie for an embedding model. */
export async function embedRow(
  env: Env,
  { project }: ScoreContext,
  { version, params }: SuiteMetric,
  { response, reference }: EvaluatorInput,
  budget: Budget,
): Promise<Evaluated> {
  const { endpoint } = embeddingSimilarity.params.parse(params)
  const texts = [readAnswer(response).text, reference ?? '']
  if (texts[0]!.trim() === '') return { error: 'response is empty: there is nothing to compare' }
  if (texts[1]!.trim() === '') return { error: 'reference is missing: there is nothing to compare with' }
  if (texts.some((text) => text.length > MAX_CHARS))
    return { error: `response and reference may have ${MAX_CHARS} characters each to be embedded` }
  const model = await judgeModel(env, project, endpoint)
  if ('error' in model) return model
  const hash = contentHash({ embedding: version, endpoint, model: model.identity, texts })
  const evidence = { engine: 'embedding', endpoint, model: model.model }
  const kept = await readKept<number>(env, project, hash)
  if (kept) return { score: kept.value, reason: reasonOf(kept.value), evidence, cost: kept.cost }
  const refusal = await budget.refusal()
  if (refusal !== undefined) return { error: refusal }

  const started = Date.now()
  const asked = await askJudgeModel(model, '/embeddings', { input: texts })
  if ('error' in asked) return asked
  const parsed = Embeddings.safeParse(asked.answer)
  if (!parsed.success) return { error: `${endpoint} gave no two embeddings` }
  const [a, b] = parsed.data.data.map(({ embedding }) => embedding)
  const cosine = cosineScore(a!, b!)
  if (cosine === undefined) return { error: `${endpoint} gave embeddings that cannot be compared` }
  const inputTokens =
    parsed.data.usage?.prompt_tokens ?? estimatedTokens(texts.map((content) => ({ content })))
  const cost = {
    latencyMs: Date.now() - started,
    costUsd: tokenCost(model.price, inputTokens, 0),
    inputTokens,
  }
  const score = await keepFirst(env, project, hash, { value: round(cosine), cost })
  await budget.add(cost.costUsd)
  return { score, reason: reasonOf(score), evidence, cost }
}

function reasonOf(score: number): string {
  return `The embeddings of answer and good answer have a cosine of ${score}.`
}
