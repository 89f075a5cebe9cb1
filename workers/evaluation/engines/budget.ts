import type { Env } from '../../env.ts'
import type { ScoreContext } from '../score-input.ts'

/** What may still be spent on judging. */
export interface Budget {
  /** Says that nothing may be spent any more, or nothing. */
  refusal(): Promise<string | undefined>
  add(usd: number): Promise<void>
}

/**
 * The suite's limit: of the whole evaluation, or of a single input. It is looked at before each question, so that those
 * under way when it is reached are still paid.
 */
export function budgetOf(env: Env, { evaluationId, suite }: ScoreContext): Budget {
  const limit = suite.judge?.maxCostUsd
  let here = 0
  const spent = async (usd: number) => {
    here += usd
    if (evaluationId === undefined) return here
    return (await env.EVALUATION_RUN.getByName(evaluationId).spent(usd)).totalUsd
  }
  return {
    refusal: async () =>
      limit !== undefined && (await spent(0)) >= limit
        ? `the judge budget of $${limit} is used up`
        : undefined,
    add: async (usd) => void (usd > 0 && (await spent(usd))),
  }
}
