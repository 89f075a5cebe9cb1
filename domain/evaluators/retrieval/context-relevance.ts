import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { customerRequest } from '../request.ts'
import { inputProblem, round } from '../source.ts'
import { readItems } from './items.ts'
import { queryOf } from './query.ts'
import { relevanceOf } from './relevance.ts'

/** Items that get a score of their own in the evidence: more than any prompt holds. */
export const MAX_ITEM_SCORES = 1000

/**
 * How relevant the given context is to the customer's request. The score is the best item's: an agent needs one passage
 * that answers, and the padding around it is the concern of ContextPrecision.
 *
 * Per item: `√(mean(I, R, G, S) × (0.25 + 0.75·T))`, the geometric mean of being about the request and of holding what it
 * asks for.
 * I = share by weight (0.5 + IDF) of the request's content stems that the item has, where a word of the same root counts 0.8 and
 * one of the same family ("die", "death") 0.7; question words count nothing, words of the customer's earlier messages 0.5.
 * R = BM25 over its upper bound (k1 = 0.9, b = 0.4, as Anserini; Robertson and Zaragoza 2009). G = share of the request's
 * character 4-grams, which forgives spelling. S = I of the item's opening sentence (or heading) or of its best one, the
 * greater, with each term discounted by how late in the sentence it comes, 1/log2(2 + place) as in DCG (Järvelin and
 * Kekäläinen 2002): English names its subject first. T = how far the item holds the kind of answer that the question word
 * asks for, a name, a date, a number, a place, a definition (`answerFit`); 0.75 when the request does not tell.
 * IDF and the average length are over the items of the row. Scores compare items and rows of one data set; as an
 * absolute they are low, since few passages repeat their question.
 */
export const contextRelevance: Evaluator = {
  name: 'ContextRelevance',
  version: '2',
  engine: 'rule',
  summary: 'The context has what the request is about.',
  inputs: ['context', 'messages'],
  evaluate(input: EvaluatorInput): Evaluated {
    const problem = inputProblem(input)
    if (problem) return { error: problem }
    if (input.context.every((item) => item.trim() === ''))
      return { score: 0, reason: 'No context was given.' }
    const { request, earlier } = customerRequest(input.messages)
    const query = queryOf(request, earlier)
    if (query.terms.length === 0)
      return { error: 'no customer message with content: there is no request to be relevant to' }

    const { items, truncated } = readItems(input.context)
    const relevances = relevanceOf(query, items)
    const best = relevances.reduce(
      (top, { score }, at) => (score > (relevances[top]?.score ?? 0) ? at : top),
      0,
    )
    const top = relevances[best]
    return {
      score: round(top?.score ?? 0),
      reason: `${items.length === 1 ? 'The one item' : `The best of ${items.length} items`} ${sharedWords(top?.shared ?? [])}.`,
      evidence: {
        best,
        items: relevances.slice(0, MAX_ITEM_SCORES).map(({ score }) => round(score)),
        answerType: query.type,
        answerFit: round(top?.fit ?? 0),
        ...(truncated ? { truncated } : {}),
      },
    }
  },
}

function sharedWords(shared: readonly string[]): string {
  const quoted = shared.slice(0, 5).map((word) => `"${word.slice(0, 40)}"`)
  return shared.length > 0
    ? `shares ${quoted.join(', ')} with the request`
    : 'shares no word with the request'
}
