import { charNgrams } from '../text/ngrams.ts'
import { type Token, tokenise } from '../text/stems.ts'
import { type AnswerType, answerType } from './question.ts'

/** A word that only the earlier conversation has weighs this share of one in the request. */
const HISTORY_WEIGHT = 0.5
/** A request is read up to here, the earlier conversation from here to its end. */
const MAX_QUERY_CHARS = 4000
/** Longer requests are judged by their first terms. */
const MAX_TERMS = 200
export const NGRAM = 4

/** A request as its terms, and what would answer it. */
export interface Query {
  /** `word` is the stem as the customer wrote it first. */
  terms: readonly { stem: string; weight: number; word: string }[]
  /** Character n-grams of the request's own content words. */
  grams: ReadonlySet<string>
  type: AnswerType
  /** Stems and lower-case words of the request: what an answer does not get from saying again. */
  asked: ReadonlySet<string>
}

/** Content stems of the request, and at half weight those that only the earlier messages have. Question words are none. */
export function queryOf(request: string, earlier: readonly string[] = []): Query {
  const text = request.slice(0, MAX_QUERY_CHARS)
  const tokens = tokenise(text)
  const terms = new Map<string, { stem: string; weight: number; word: string }>()
  const add = (from: readonly Token[], weight: number) => {
    for (const { stem, text: word, content } of from)
      if (content && !terms.has(stem)) terms.set(stem, { stem, weight, word })
  }
  add(tokens, 1)
  const grams = charNgrams(terms.keys(), NGRAM)
  add(tokenise(earlier.join('\n').slice(-MAX_QUERY_CHARS)), HISTORY_WEIGHT)
  return {
    terms: [...terms.values()].slice(0, MAX_TERMS),
    grams: grams.size > 0 ? grams : charNgrams(terms.keys(), NGRAM),
    type: answerType(text),
    asked: new Set(tokens.flatMap((token) => [token.stem, token.text.toLowerCase()])),
  }
}
