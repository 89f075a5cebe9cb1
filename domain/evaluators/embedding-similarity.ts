import * as z from 'zod'
import type { EvaluatorInfo } from './evaluator.ts'

/**
 * `score = max(0, cos(e(response), e(reference)))` of the embeddings of the reply and the good answer (Reimers & Gurevych
 * 2019, arXiv 1908.10084). Which model embeds is the endpoint's business, and part of the score: two endpoints' scores do not compare.
 */
export const embeddingSimilarity = {
  name: 'EmbeddingSimilarity',
  version: '1',
  engine: 'embedding',
  summary: 'The answer means what the good answer means.',
  inputs: ['response', 'reference', 'expected'],
  params: z.strictObject({
    /** A name in `JUDGE_ENDPOINTS` whose model embeds, or `workers-ai:MODEL`. */
    endpoint: z.string().min(1).max(200),
  }),
} as const satisfies EvaluatorInfo

/** Cosine of two vectors of one length, cut to [0, 1]; undefined when either has no direction. */
export function cosineScore(a: readonly number[], b: readonly number[]): number | undefined {
  const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
  return a.length === b.length && Number.isFinite(cosine) ? Math.min(1, Math.max(0, cosine)) : undefined
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
}
