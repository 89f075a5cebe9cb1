import type { SuiteMetric } from '../../../domain/evaluation/suite.ts'
import type { Evaluated, EvaluatorInput } from '../../../domain/evaluators/evaluator.ts'
import { HttpScore, httpEvaluator } from '../../../domain/evaluators/http-evaluator.ts'
import { sha256Hex } from '../../../domain/hash.ts'
import { EndpointConfig, namedEndpoint } from '../../endpoints/named-endpoint.ts'
import { readLimited } from '../../endpoints/read-limited.ts'
import { signedFetch } from '../../endpoints/signed-fetch.ts'
import type { Env } from '../../env.ts'
import { isTooLarge, isTransient, messageOf, refusalOf } from './ask-judge-model.ts'
import type { Budget } from './budget.ts'

/** Largest question and answer, in bytes. */
const MAX_QUESTION_BYTES = 2_000_000
const MAX_ANSWER_BYTES = 100_000
const TRIES = 3
const BACKOFF_MS = 250

/** The score of a row by the user's own service. Tried again on network errors, 429 and 5xx, with the same message id. */
export async function askService(
  env: Env,
  { metric, params }: SuiteMetric,
  input: EvaluatorInput,
  budget: Budget,
): Promise<Evaluated> {
  const { endpoint: name, path, params: passed } = httpEvaluator.params.parse(params)
  const endpoint = namedEndpoint(env, 'EVALUATOR_ENDPOINTS', EndpointConfig, name)
  const body = JSON.stringify({ metric, params: passed, input })
  const bytes = new TextEncoder().encode(body).length
  if (bytes > MAX_QUESTION_BYTES)
    return { error: `the row is ${bytes} bytes of JSON; a service is sent at most ${MAX_QUESTION_BYTES}` }
  const refusal = await budget.refusal()
  if (refusal !== undefined) return { error: refusal }
  const messageId = `evl_${sha256Hex(body).slice(0, 32)}`
  const started = Date.now()
  let error = 'it was not asked'
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await scheduler.wait(BACKOFF_MS * 2 ** (attempt - 1))
    try {
      const response = await signedFetch(endpoint, {
        method: 'POST',
        path,
        messageId,
        body,
        refusal: 'upstream.failed',
      })
      const text = new TextDecoder().decode(
        await readLimited(response, MAX_ANSWER_BYTES, `the answer of ${name}`),
      )
      if (response.ok) {
        const scored = scoreOf(name, text, Date.now() - started)
        await budget.add(scored.cost?.costUsd ?? 0)
        return scored
      }
      error = refusalOf(response.status, text)
      if (!isTransient(response.status)) break
    } catch (cause) {
      error = messageOf(cause)
      if (isTooLarge(cause)) break
    }
  }
  return { error: `${name} did not score the row: ${error}` }
}

function scoreOf(name: string, text: string, latencyMs: number): Evaluated {
  const parsed = HttpScore.safeParse(parseJson(text))
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    return { error: `${name} gave an answer that is no score: ${path.join('.') || 'body'}: ${message}` }
  }
  const { costUsd = 0, reason = `${name} scored it.`, evidence, ...score } = parsed.data
  return {
    ...score,
    reason,
    evidence: { ...evidence, engine: 'http', endpoint: name },
    cost: { latencyMs, costUsd },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
