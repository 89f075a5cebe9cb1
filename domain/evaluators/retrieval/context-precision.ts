import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { customerRequest } from '../request.ts'
import { inputProblem, round } from '../source.ts'
import { MAX_ITEM_SCORES } from './context-relevance.ts'
import { readItems } from './items.ts'
import { matcherOf } from './matching.ts'
import { queryOf } from './query.ts'
import { referenceOf } from './reference.ts'
import { relevanceOf } from './relevance.ts'
import { claimsOf, sourceStems } from './support.ts'

/** From which degree on an item is relevant: at least `floor`, and at least `share` of the best item's. */
interface Bar {
  floor: number
  share: number
}
/** A reference may be put together from several items, each with a part of it. */
const REFERENCE_BAR: Bar = { floor: 0.1, share: 0.5 }
const REQUEST_BAR: Bar = { floor: 0.2, share: 0.7 }

/**
 * Whether the relevant context items stand before the irrelevant ones: `Σ precision@k × v_k / Σ v_k` over the ranks k,
 * where v_k is 1 for a relevant item and 0 for another: average precision over the items given, RAGAS's context precision
 * (docs.ragas.io, "Context Precision"). 0 when no item is relevant. Items count in the order of `context`.
 *
 * With a reference answer an item's degree is the IDF-weighted share of the reference's terms that it holds, values
 * compared as values; relevant from 0.1 and half of the best item's degree on. Without one, marked weak, it is the item's
 * ContextRelevance, from 0.2 and 0.7 of the best on. The bars are relative since overlap depends on the style of a data
 * set. Cannot see an item that supports the answer in other words, nor that two items say the same.
 */
export const contextPrecision: Evaluator = {
  name: 'ContextPrecision',
  version: '1',
  engine: 'rule',
  summary: 'Relevant context items stand before irrelevant ones.',
  inputs: ['context', 'messages', 'reference', 'expected'],
  evaluate(input: EvaluatorInput): Evaluated {
    const problem = inputProblem(input)
    if (problem) return { error: problem }
    const reference = referenceOf(input)
    if ('error' in reference) return reference
    if (input.context.every((item) => item.trim() === ''))
      return { error: 'context is empty: there is nothing to rank' }
    const { items, truncated } = readItems(input.context)
    const extra = truncated ? { truncated } : {}
    const wanted = claimsOf(reference.text).flatMap((claim) => claim.stems)
    if (wanted.length > 0) return ranked(referenceDegrees(wanted, items), REFERENCE_BAR, extra)

    const { request, earlier } = customerRequest(input.messages)
    const query = queryOf(request, earlier)
    if (query.terms.length === 0)
      return { error: 'neither a reference nor a customer message with content: nothing to be relevant to' }
    const degrees = relevanceOf(query, items).map(({ score }) => score)
    return { ...ranked(degrees, REQUEST_BAR, extra), weak: true }
  },
}

function referenceDegrees(wanted: readonly string[], items: readonly string[]): number[] {
  const parts = items.map(sourceStems)
  const stems = parts.map((sentences) => sentences.flat())
  const terms = [...new Set(wanted)].map((stem) => ({ stem, weight: 1 }))
  const matcher = matcherOf(terms, stems)
  return stems.map((item) => matcher.coverage(item))
}

function ranked(
  degrees: readonly number[],
  { floor, share }: Bar,
  extra: { truncated?: true | boolean },
): { score: number; reason: string; evidence: Record<string, unknown> } {
  const bar = Math.max(floor, share * degrees.reduce((top, degree) => Math.max(top, degree), 0))
  const relevant = degrees.map((degree) => degree >= bar)
  const first = relevant.indexOf(true)
  const count = relevant.filter(Boolean).length
  return {
    score: round(averagePrecision(relevant)),
    reason:
      count === 0
        ? `None of ${degrees.length} items is relevant.`
        : `${count} of ${degrees.length} items ${count === 1 ? 'is' : 'are'} relevant, the first at rank ${first + 1}.`,
    evidence: {
      relevant: relevant.flatMap((yes, at) => (yes ? [at] : [])).slice(0, MAX_ITEM_SCORES),
      items: degrees.slice(0, MAX_ITEM_SCORES).map(round),
      ...extra,
    },
  }
}

/** Mean of precision@k over the ranks k of relevant items; 0 when there is none. */
export function averagePrecision(relevant: readonly boolean[]): number {
  let hits = 0
  let sum = 0
  relevant.forEach((yes, at) => {
    if (yes) sum += ++hits / (at + 1)
  })
  return hits === 0 ? 0 : sum / hits
}
