import * as z from 'zod'
import type { Evaluated, Evaluator } from '../evaluator.ts'
import { round } from '../source.ts'
import { Path, cutText, withReference } from './compared.ts'
import { ngramCounts, overlap } from './ngram-counts.ts'
import { tokenise13a } from './tokenise-13a.ts'

const MAX_ORDER = 4
/** What the smoothing methods add, from B. Chen and C. Cherry 2014. */
const FLOOR = 0.1
const ADD_K = 1

const Params = z.strictObject({
  lowercase: z.boolean().default(false),
  /** How orders without a match count: `exp` halves from order to order, `floor` takes 0.1 matches, `add-k` adds 1. */
  smoothing: z.enum(['exp', 'floor', 'add-k', 'none']).default('exp'),
  path: Path,
})
type Params = z.infer<typeof Params>

/**
 * Sentence BLEU of the answer against the good answer (K. Papineni et al. 2002), as sacreBLEU 2.6 computes
 * `sentence_bleu` (13a tokens, effective order), over 100.
 *
 * `score = BP · exp(mean over n ≤ 4 of ln p_n)`, p_n the share of the answer's n-grams that the reference has, each as
 * often as there; `BP = min(1, exp(1 − |reference| / |answer|))`. Orders longer than the answer are left out.
 * Meant for corpora: scores of single short answers scatter. Reads the first MAX_ANSWER_CHARS of each.
 */
export const bleu: Evaluator<Params> = {
  name: 'BLEU',
  version: '1',
  engine: 'rule',
  summary: 'The answer is made of word sequences of the good answer.',
  inputs: ['response', 'reference', 'expected'],
  params: Params,
  evaluate(input, params) {
    return withReference(input, params.path, (answer, reference) => judge(answer, reference, params))
  },
}

function judge(answer: string, reference: string, { lowercase, smoothing }: Params): Evaluated {
  const [given, good] = [cutText(answer), cutText(reference)]
  const tokens = (text: string) => tokenise13a(lowercase ? text.toLowerCase() : text)
  const hypothesis = tokens(given.text)
  const target = tokens(good.text)
  if (target.length === 0) return { error: 'the good answer is empty' }
  const orders = Array.from({ length: MAX_ORDER }, (_, index) => ({
    matches: overlap(ngramCounts(hypothesis, index + 1, ' '), ngramCounts(target, index + 1, ' ')),
    total: Math.max(0, hypothesis.length - index),
  }))
  const precisions = smoothed(orders, smoothing)
  const brevityPenalty =
    hypothesis.length === 0 ? 0 : Math.min(1, Math.exp(1 - target.length / hypothesis.length))
  const logs = precisions.map((precision) => Math.log(precision))
  const score =
    precisions.length === 0
      ? 0
      : brevityPenalty * Math.exp(logs.reduce((sum, log) => sum + log, 0) / precisions.length)
  return {
    score: round(score),
    reason: `Of the answer's words, pairs, triples and quadruples, ${orders.map(({ matches, total }) => `${matches} of ${total}`).join(', ')} are in the good answer.`,
    evidence: {
      precisions: precisions.map(round),
      brevityPenalty: round(brevityPenalty),
      answerTokens: hypothesis.length,
      referenceTokens: target.length,
      ...(given.truncated || good.truncated ? { truncated: true } : {}),
    },
  }
}

/** Precisions by order, up to the longest that the answer has; none when not one word matches. */
function smoothed(
  orders: readonly { matches: number; total: number }[],
  smoothing: Params['smoothing'],
): number[] {
  if (orders.every(({ matches }) => matches === 0)) return []
  const precisions: number[] = []
  let halving = 1
  orders.forEach(({ matches, total }, index) => {
    const extra = smoothing === 'add-k' && index > 0 ? ADD_K : 0
    if (total + extra === 0) return
    if (matches + extra > 0) precisions.push((matches + extra) / (total + extra))
    else if (smoothing === 'exp') {
      halving *= 2
      precisions.push(1 / (halving * total))
    } else precisions.push(smoothing === 'floor' ? FLOOR / total : 0)
  })
  return precisions
}
