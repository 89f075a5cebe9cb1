import { type Idf, idfOf } from '../text/idf.ts'
import { charNgrams, coverage } from '../text/ngrams.ts'

/** BM25's usual constants (Robertson and Zaragoza 2009): how fast repeats saturate, how much length counts. */
const K1 = 1.2
const B = 0.75
const NGRAM = 4

/**
 * Lexical relevance in [0, 1] of each item (as content stems) to a weighted query: the mean of the IDF-weighted share of the
 * query that the item has, of BM25 over its upper bound, and of the share of the query's character 4-grams (of the terms
 * with weight 1). Plain overlap, for texts that are no passages: see ContextRelevance for those.
 */
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
