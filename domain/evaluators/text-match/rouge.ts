import { stemmer } from 'stemmer'
import * as z from 'zod'
import type { Evaluated, Evaluator } from '../evaluator.ts'
import { round } from '../source.ts'
import { commonSubsequenceLength, commonSubsequencePlaces } from './common-subsequence.ts'
import { Path, cutText, withReference } from './compared.ts'
import { ngramCounts, overlap } from './ngram-counts.ts'

/** Tokens of each text that are compared: the longest common subsequence costs their product. */
const MAX_TOKENS = 2000

const Params = z.strictObject({
  variant: z.enum(['rouge1', 'rouge2', 'rougeL', 'rougeLsum']).default('rougeL'),
  measure: z.enum(['f1', 'precision', 'recall']).default('f1'),
  /** Compares the stems of words of more than three letters: Porter's, without the exceptions of NLTK's stemmer. */
  stem: z.boolean().default(false),
  path: Path,
})
type Params = z.infer<typeof Params>

/**
 * Words that the answer shares with the good answer (C.-Y. Lin 2004), as Google's `rouge_score` 0.1.2 counts them.
 *
 * `precision = matches / tokens of the answer`, `recall = matches / tokens of the reference`, `f1 = 2PR / (P + R)`;
 * matches are common unigrams (rouge1), bigrams (rouge2), the longest common subsequence (rougeL), or the union of the
 * longest common subsequences over line pairs (rougeLsum). Tokens are runs of `a-z` and `0-9` in the lower-cased text:
 * other scripts have none, which is an error. Reads the first MAX_TOKENS of each.
 */
export const rouge: Evaluator<Params> = {
  name: 'ROUGE',
  version: '1',
  engine: 'rule',
  summary: 'The answer shares its words with the good answer.',
  inputs: ['response', 'reference', 'expected'],
  params: Params,
  evaluate(input, params) {
    return withReference(input, params.path, (answer, reference) => judge(answer, reference, params))
  },
}

function judge(answer: string, reference: string, { variant, measure, stem }: Params): Evaluated {
  const given = linesOf(answer, stem)
  const good = linesOf(reference, stem)
  if (good.tokens.length === 0)
    return {
      error: 'the good answer has no words in Latin letters, the only ones that ROUGE reads: use ChrF',
    }
  const { matches, answerSize, referenceSize } = counts(given, good, variant)
  const precision = matches / Math.max(1, answerSize)
  const recall = matches / Math.max(1, referenceSize)
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
  return {
    score: round({ precision, recall, f1 }[measure]),
    reason: `${variant}: ${matches} matches, of ${answerSize} in the answer and ${referenceSize} in the good answer.`,
    evidence: {
      precision: round(precision),
      recall: round(recall),
      f1: round(f1),
      ...(given.truncated || good.truncated ? { truncated: true } : {}),
    },
  }
}

interface Tokens {
  lines: string[][]
  tokens: string[]
  truncated: boolean
}

function counts(given: Tokens, good: Tokens, variant: Params['variant']) {
  if (variant === 'rougeL' || variant === 'rougeLsum') {
    const matches =
      variant === 'rougeL' ? commonSubsequenceLength(good.tokens, given.tokens) : unionMatches(given, good)
    return { matches, answerSize: given.tokens.length, referenceSize: good.tokens.length }
  }
  const n = variant === 'rouge1' ? 1 : 2
  return {
    matches: overlap(ngramCounts(good.tokens, n, ' '), ngramCounts(given.tokens, n, ' ')),
    answerSize: Math.max(0, given.tokens.length - n + 1),
    referenceSize: Math.max(0, good.tokens.length - n + 1),
  }
}

/** Tokens of each reference line that are in a longest common subsequence with any line, none counted oftener than it occurs. */
function unionMatches(given: Tokens, good: Tokens): number {
  const left = ngramCounts(given.tokens, 1, ' ')
  let matches = 0
  for (const line of good.lines) {
    const places = new Set(given.lines.flatMap((other) => commonSubsequencePlaces(line, other)))
    for (const place of [...places].toSorted((a, b) => a - b)) {
      const token = line[place] ?? ''
      const count = left.get(token) ?? 0
      if (count === 0) continue
      left.set(token, count - 1)
      matches++
    }
  }
  return matches
}

function linesOf(whole: string, stem: boolean): Tokens {
  const { text, truncated } = cutText(whole)
  const lines: string[][] = []
  let left = MAX_TOKENS
  let cut = false
  for (const line of text.split('\n')) {
    const all = line.toLowerCase().match(/[a-z0-9]+/g) ?? []
    const tokens = all.slice(0, left).map((token) => (stem && token.length > 3 ? stemmer(token) : token))
    cut ||= tokens.length < all.length
    left -= tokens.length
    if (tokens.length > 0) lines.push(tokens)
  }
  return { lines, tokens: lines.flat(), truncated: truncated || cut }
}
