import { charNgrams, coverage } from '../text/ngrams.ts'
import { sentences } from '../text/sentences.ts'
import { contentStems, tokenise } from '../text/stems.ts'
import { answerFit, candidateOf } from './answer-fit.ts'
import { type Matcher, type TermMatch, matcherOf } from './matching.ts'
import { NGRAM, type Query } from './query.ts'

/** BM25's constants as Anserini sets them: repeats saturate early, and length, which tells little of short items, counts little. */
const K1 = 0.9
const B = 0.4
/** Sentences of an item that are looked at for an answer, best covered first. */
const MAX_CANDIDATES = 5
/** What the fit counts as when no answer of the kind is seen: the rule may have missed it, or it is in the next item. */
const MIN_FIT = 0.25

/** How one item answers a query, each in [0, 1]. */
export interface ItemRelevance {
  score: number
  coverage: number
  bm25: number
  ngrams: number
  subject: number
  fit: number
  /** Words of the query that the item holds, in some form. */
  shared: string[]
}

interface Sentence {
  text: string
  stems: string[]
}

/** How relevant each item is to a query: see ContextRelevance for the formula. Items are read whole; the caller bounds them. */
export function relevanceOf(query: Query, items: readonly string[]): ItemRelevance[] {
  const parts = items.map((item) =>
    sentences(item).map((text) => ({ text, stems: contentStems(tokenise(text)) })),
  )
  const stems = parts.map((sentence) => sentence.flatMap((one) => one.stems))
  const matcher = matcherOf(query.terms, stems)
  const averageLength = Math.max(1, stems.reduce((sum, item) => sum + item.length, 0) / stems.length)
  return stems.map((item, at) => {
    const terms = matcher.found[at] ?? new Map<number, TermMatch>()
    const sentenceMatch = bestSentences(query, matcher, parts[at] ?? [])
    const parted = {
      coverage: matcher.coverage(item),
      bm25: bm25Of(terms, matcher.shares, item.length / averageLength),
      ngrams: coverage(query.grams, charNgrams(new Set(item), NGRAM), 0),
      subject: sentenceMatch.subject,
    }
    const topic = (parted.coverage + parted.bm25 + parted.ngrams + parted.subject) / 4
    const answer = MIN_FIT + (1 - MIN_FIT) * sentenceMatch.fit
    return {
      score: Math.sqrt(topic * answer),
      ...parted,
      fit: sentenceMatch.fit,
      shared: [...terms.keys()].map((term) => query.terms[term]?.word ?? ''),
    }
  })
}

/** The saturating part of BM25 over its limit, so that the sum over the query stays within [0, 1]. */
function bm25Of(
  terms: ReadonlyMap<number, TermMatch>,
  shares: readonly number[],
  relativeLength: number,
): number {
  let sum = 0
  for (const [term, { affinity, count }] of terms)
    sum += ((shares[term] ?? 0) * affinity * count) / (count + K1 * (1 - B + B * relativeLength))
  return sum
}

/** What the sentences of an item say of it: the one that covers the query best, and the opening one. */
function bestSentences(query: Query, matcher: Matcher, parts: readonly Sentence[]) {
  const ranked = parts
    .map((sentence) => ({ ...sentence, covered: matcher.coverage(sentence.stems) }))
    .toSorted((a, b) => b.covered - a.covered)
  const best = ranked[0]
  const subject = Math.max(matcher.discounted(parts[0]?.stems ?? []), matcher.discounted(best?.stems ?? []))
  // An answer may stand beside the sentence that names the subject: half of its fit needs no shared term.
  const fits = ranked.slice(0, MAX_CANDIDATES).map(({ text, covered }) => {
    const near = best && best.covered > 0 ? 0.5 + (0.5 * covered) / best.covered : 1
    return near * answerFit(query.type, candidateOf(text, query.asked, matcher.coverage))
  })
  return { subject, fit: Math.max(0, ...fits) }
}
