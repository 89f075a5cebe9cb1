import type { ScoreCost } from '../../../domain/evaluators/evaluator.ts'
import type { Env } from '../../env.ts'
import { keys } from '../../registry/keys.ts'

/** What was paid for once, as it is kept. */
export interface Kept<T> {
  value: T
  cost: ScoreCost
}

/** What was found for the same content before; it costs nothing again. */
export async function readKept<T>(env: Env, project: string, hash: string): Promise<Kept<T> | undefined> {
  const object = await env.ARTIFACTS.get(keys.judgement(project, hash))
  if (!object) return undefined
  const { value, cost } = await object.json<Kept<T>>()
  return { value, cost: { ...cost, latencyMs: 0, costUsd: 0, cached: true } }
}

/**
 * Keeps what was found, unless somebody who asked at the same time was first: then theirs counts, so that the same content has
 * one judgement. Answers the one that counts.
 */
export async function keepFirst<T>(env: Env, project: string, hash: string, kept: Kept<T>): Promise<T> {
  const options = { onlyIf: new Headers({ 'if-none-match': '*' }) }
  const stored = await env.ARTIFACTS.put(keys.judgement(project, hash), JSON.stringify(kept), options)
  return stored ? kept.value : ((await readKept<T>(env, project, hash))?.value ?? kept.value)
}

/** Costs together; taken from what was kept only if all are. */
export function sumOfCosts(costs: readonly ScoreCost[]): ScoreCost {
  const sum = (of: (cost: ScoreCost) => number | undefined) =>
    costs.reduce((total, cost) => total + (of(cost) ?? 0), 0)
  return {
    latencyMs: sum(({ latencyMs }) => latencyMs),
    costUsd: sum(({ costUsd }) => costUsd),
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    ...(costs.length > 0 && costs.every(({ cached }) => cached) ? { cached: true } : {}),
  }
}
