import type { Evaluated, Evaluator, EvaluatorInput } from './evaluator.ts'
import { customerRequest } from './request.ts'
import { inputProblem, readTexts, round } from './source.ts'
import { type Idf, idfOf } from './text/idf.ts'
import { charNgrams, coverage } from './text/ngrams.ts'
import { contentStems, tokenise } from './text/stems.ts'

/** BM25's usual constants (Robertson and Zaragoza 2009): how fast repeats saturate, how much length counts. */
const K1 = 1.2
const B = 0.75
/** A word that only the earlier conversation has weighs this share of one in the request. */
const HISTORY_WEIGHT = 0.5
const NGRAM = 4

/**
 * How relevant the given context is to the customer's request.
 *
 * Per item: `mean(I, R, G)`. I = IDF-weighted share of the request's content stems that the item has; R = BM25 of the
 * item over the highest BM25 that any item could reach for this request; G = share of the request's character 4-grams
 * (of content words) that the item has, which forgives spelling and word forms. Words of the customer's earlier messages
 * count at 0.5. The score of the set is its best item: an agent needs one passage that answers, and the padding around
 * it is the concern of a precision measure, not of this one.
 */
export const contextRelevance: Evaluator = {
  name: 'ContextRelevance',
  version: '1',
  engine: 'rule',
  summary: 'The context has what the request is about.',
  inputs: ['context', 'messages'],
  evaluate(input: EvaluatorInput): Evaluated {
    const problem = inputProblem(input)
    if (problem) return { error: problem }
    const context = readTexts(input.context)
    if (context.read.length === 0) return { score: 0, reason: 'No context was given.' }
    const { request, earlier } = customerRequest(input.messages)
    const query = queryOf(request, earlier)
    if (query.size === 0)
      return { error: 'no customer message with content: there is no request to be relevant to' }

    const scores = relevanceOfItems(
      query,
      context.read.map((item) => contentStems(item.tokens)),
    )
    const best = scores.reduce((top, score, at) => (score > (scores[top] ?? 0) ? at : top), 0)
    const score = scores[best] ?? 0
    const words = [...query.keys()].filter((stem) =>
      context.read[best]?.tokens.some((token) => token.stem === stem),
    )
    const shared =
      words.length > 0
        ? `shares ${words.slice(0, 5).join(', ')} with the request`
        : 'shares no word with the request'
    return {
      score: round(score),
      reason: `The best of ${scores.length} items ${shared}.`,
      evidence: {
        best,
        items: scores.slice(0, 50).map(round),
        ...(context.truncated ? { truncated: true } : {}),
      },
    }
  },
}

/** Content stems of the request with their weight; of the earlier messages only what the request lacks. */
function queryOf(request: string, earlier: readonly string[]): Map<string, number> {
  const query = new Map<string, number>()
  for (const stem of contentStems(tokenise(request.slice(0, MAX_QUERY_CHARS)))) query.set(stem, 1)
  const history = earlier.join('\n').slice(-MAX_QUERY_CHARS)
  for (const stem of contentStems(tokenise(history))) if (!query.has(stem)) query.set(stem, HISTORY_WEIGHT)
  return query
}

/** A request is read up to here, the earlier conversation from here to its end. */
const MAX_QUERY_CHARS = 4000

/** Relevance in [0, 1] of each item (as content stems) to a weighted query. */
export function relevanceOfItems(
  query: ReadonlyMap<string, number>,
  items: readonly (readonly string[])[],
): number[] {
  const idf = idfOf(items)
  const averageLength = Math.max(1, items.reduce((sum, item) => sum + item.length, 0) / items.length)
  const requestStems = [...query].filter(([, weight]) => weight === 1).map(([stem]) => stem)
  const wantedGrams = charNgrams(requestStems.length > 0 ? requestStems : query.keys(), NGRAM)
  return items.map((item) => {
    const { covered, bm25 } = lexicalMatch(query, item, idf, averageLength)
    return (covered + bm25 + coverage(wantedGrams, charNgrams(new Set(item), NGRAM), 0)) / 3
  })
}

function lexicalMatch(
  query: ReadonlyMap<string, number>,
  item: readonly string[],
  idf: Idf,
  averageLength: number,
) {
  const counts = new Map<string, number>()
  for (const stem of item) if (query.has(stem)) counts.set(stem, (counts.get(stem) ?? 0) + 1)
  let total = 0
  let covered = 0
  let bm25 = 0
  for (const [stem, importance] of query) {
    const weight = importance * idf.weight(stem)
    total += weight
    const frequency = counts.get(stem) ?? 0
    if (frequency === 0) continue
    covered += weight
    // The saturating part of BM25 over its limit K1 + 1, so that the sum over the query stays within [0, 1].
    bm25 += (weight * frequency) / (frequency + K1 * (1 - B + (B * item.length) / averageLength))
  }
  return total === 0 ? { covered: 0, bm25: 0 } : { covered: covered / total, bm25: bm25 / total }
}
