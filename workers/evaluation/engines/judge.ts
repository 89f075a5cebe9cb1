import type { SuiteMetric } from '../../../domain/evaluation/suite.ts'
import type { Evaluated, EvaluatorInput, ScoreCost } from '../../../domain/evaluators/evaluator.ts'
import { contentHash } from '../../../domain/hash.ts'
import { combine } from '../../../domain/judges/agreement.ts'
import type { Judge, JudgeQuestion, JudgeVerdict } from '../../../domain/judges/judge.ts'
import { judgeOf } from '../../../domain/judges/registry.ts'
import type { Env } from '../../env.ts'
import type { ScoreContext } from '../score-input.ts'
import { askJudgeModel } from './ask-judge-model.ts'
import type { Budget } from './budget.ts'
import { judgeModel, type JudgeModel } from './judge-model.ts'
import { readJudgeCompletion, type JudgeCompletion } from './judge-completion.ts'
import { keepFirst, readKept, sumOfCosts } from './kept-score.ts'
import { tokenCost } from './price.ts'

/** Answers to one question that are read before the row is given up, the first included. */
const READ_TRIES = 3
/** Longest answer, in tokens: a row that makes a judge ramble must not cost without end. */
const MAX_TOKENS = 4096
const CUT = 'its answer was cut off; "request" of the endpoint in JUDGE_ENDPOINTS can raise max_tokens'

type Sample = { verdict: JudgeVerdict; cost: ScoreCost } | { error: string; cost?: ScoreCost }

/** The score of a row by a language model: the mean of the suite's number of samples, more than half of which must come. */
export async function judgeRow(
  env: Env,
  { project, suite }: ScoreContext,
  { evaluator, version }: SuiteMetric,
  input: EvaluatorInput,
  budget: Budget,
): Promise<Evaluated> {
  const judge = judgeOf(evaluator, version)
  if (!judge) return { error: `${evaluator}:judge@${version} is no longer here: make the suite anew` }
  if (!suite.judge) return { error: 'a judge needs to know which: set judge.endpoint' }
  const { endpoint, samples } = suite.judge
  const question = judge.question(input)
  if ('error' in question) return question
  const model = await judgeModel(env, project, endpoint)
  if ('error' in model) return model
  const taken: Sample[] = []
  for (let seed = 0; seed < samples; seed++)
    taken.push(await sampleOnce(env, project, { judge, question, model, seed, budget }))
  return scoreOf(taken, judge, model)
}

interface Asked {
  judge: Judge
  question: JudgeQuestion
  model: JudgeModel
  /** Place of the sample: samples differ by their seed. */
  seed: number
  budget: Budget
}

/** One judgement; one of the same content, prompt and model is not asked for twice. */
async function sampleOnce(env: Env, project: string, asked: Asked): Promise<Sample> {
  const { judge, question, model, seed, budget } = asked
  const hash = contentHash({
    judge: `${judge.name}@${judge.version}`,
    endpoint: model.endpoint,
    model: model.identity,
    messages: question.messages,
    seed,
  })
  const kept = await readKept<JudgeVerdict>(env, project, hash)
  if (kept) return { verdict: kept.value, cost: kept.cost }
  const refusal = await budget.refusal()
  if (refusal !== undefined) return { error: refusal }
  const { uncounted = 0, ...sample } = await ask(asked)
  if (!('verdict' in sample)) return sample
  // Kept before it is counted: whoever dies in between has an answer that nobody pays again.
  const verdict = await keepFirst(env, project, hash, { value: sample.verdict, cost: sample.cost })
  await budget.add(uncounted)
  return { ...sample, verdict }
}

/** Asks until an answer can be read; the model is told what was wrong with the last one. What cannot be read is counted. */
async function ask({
  judge,
  question,
  model,
  seed,
  budget,
}: Asked): Promise<Sample & { uncounted?: number }> {
  const started = Date.now()
  let [inputTokens, outputTokens] = [0, 0]
  let refused: string | undefined
  let isCorrected = false
  const cost = (): ScoreCost => ({
    latencyMs: Date.now() - started,
    costUsd: tokenCost(model.price, inputTokens, outputTokens),
    inputTokens,
    outputTokens,
  })
  for (let attempt = 0; attempt < READ_TRIES; attempt++) {
    const overspent = attempt > 0 ? await budget.refusal() : undefined
    if (overspent !== undefined) return { error: overspent, cost: cost() }
    const messages = [...question.messages, ...(isCorrected ? [correction(refused!)] : [])]
    const asked = await askJudgeModel(model, '/chat/completions', {
      messages,
      temperature: 0,
      seed,
      max_tokens: MAX_TOKENS,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'judgement', strict: true, schema: judge.schema },
      },
    })
    if ('error' in asked) return { error: asked.error, cost: cost() }
    const answer = readJudgeCompletion(asked.answer, messages, model.keys)
    inputTokens += answer.inputTokens
    outputTokens += answer.outputTokens
    const usd = tokenCost(model.price, answer.inputTokens, answer.outputTokens)
    const read = 'text' in answer ? question.read(answer.text) : { refused: answer.problem }
    if (!('refused' in read)) return { verdict: read, cost: cost(), uncounted: usd }
    await budget.add(usd)
    refused = read.refused
    isCorrected = 'text' in answer
    const final = finalProblem(answer)
    if (final !== undefined) return { error: `${model.endpoint} gave no judgement: ${final}`, cost: cost() }
  }
  return { error: `${model.endpoint} gave no judgement in ${READ_TRIES} answers: ${refused}`, cost: cost() }
}

/** What asking again would not change. */
function finalProblem({ isRefusal, isCut }: JudgeCompletion): string | undefined {
  if (isRefusal) return 'the model refuses to judge this row'
  return isCut ? CUT : undefined
}

function correction(refused: string) {
  return {
    role: 'user' as const,
    content: `Your answer could not be used: ${refused}. Answer again, by the schema.`,
  }
}

function scoreOf(taken: readonly Sample[], judge: Judge, model: JudgeModel): Evaluated {
  const cost = sumOfCosts(taken.flatMap((sample) => sample.cost ?? []))
  const [first, ...others] = taken.flatMap((sample) => ('verdict' in sample ? [sample.verdict] : []))
  const came = first ? others.length + 1 : 0
  if (!first || came * 2 <= taken.length) {
    const failed = taken.find((sample) => 'error' in sample) as { error: string }
    return { error: failed.error, cost }
  }
  const { evidence, ...verdict } = combine([first, ...others])
  return {
    ...verdict,
    evidence: {
      ...evidence,
      engine: 'judge',
      endpoint: model.endpoint,
      model: model.model,
      promptVersion: judge.version,
      samples: came,
      ...(came < taken.length ? { samplesFailed: taken.length - came } : {}),
    },
    cost,
  }
}
