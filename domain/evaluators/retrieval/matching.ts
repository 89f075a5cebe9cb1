import { idfOf } from '../text/idf.ts'
import { type StandIns, standIns } from './families.ts'

/**
 * What each term weighs beside its IDF, so that a term of all texts still counts (scikit-learn's TfidfTransformer adds 1):
 * of few texts IDF alone gives nearly all weight to the terms that none has.
 */
const EVEN_WEIGHT = 0.5

/** How an item holds one of the wanted terms. */
export interface TermMatch {
  /** Of its closest form: see `affinity`. */
  affinity: number
  count: number
}

/** Weighs stretches of text by the wanted terms they hold, in any form. */
export interface Matcher {
  /** The wanted terms of each item, by their place in the list. */
  found: readonly ReadonlyMap<number, TermMatch>[]
  /** Weight of each wanted term as a share of all. */
  shares: readonly number[]
  /** The wanted terms of a stretch. */
  terms(stems: readonly string[]): ReadonlyMap<number, TermMatch>
  /** Share of the wanted terms, by weight, that a stretch holds. */
  coverage(stems: readonly string[]): number
  /** The same, a term at place p (from 0) counting 1/log2(2 + p). */
  discounted(stems: readonly string[]): number
}

/**
 * Reads the items, as content stems, for the wanted terms. IDF is over `texts`: what all of them hold tells nothing about
 * any. Those are the items themselves, to tell one from another, or their sentences, to weigh what a single item holds.
 */
export function matcherOf(
  wanted: readonly { stem: string; weight: number }[],
  items: readonly (readonly string[])[],
  texts: readonly (readonly string[])[] = items,
): Matcher {
  const stems = wanted.map(({ stem }) => stem)
  const matches = standIns(stems, items.flat())
  const found = items.map((item) => termsIn(item, matches))
  const held = texts === items ? found : texts.map((text) => termsIn(text, matches))
  const idf = idfOf(held.map((terms) => [...terms.keys()].map(String)))
  const weights = wanted.map(({ weight }, at) => weight * (EVEN_WEIGHT + idf.weight(String(at))))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const shares = weights.map((weight) => (total === 0 ? 0 : weight / total))
  return {
    found,
    shares,
    terms: (some) => termsIn(some, matches),
    coverage(some) {
      let sum = 0
      for (const [term, { affinity }] of termsIn(some, matches)) sum += (shares[term] ?? 0) * affinity
      return sum
    },
    discounted(some) {
      const seen = new Set<number>()
      let sum = 0
      some.forEach((stem, at) => {
        for (const match of matches.get(stem) ?? []) {
          if (seen.has(match.wanted)) continue
          seen.add(match.wanted)
          sum += ((shares[match.wanted] ?? 0) * match.affinity) / Math.log2(2 + at)
        }
      })
      return sum
    },
  }
}

function termsIn(stems: readonly string[], matches: StandIns): Map<number, TermMatch> {
  const terms = new Map<number, TermMatch>()
  for (const stem of stems)
    for (const { wanted, affinity } of matches.get(stem) ?? []) {
      const term = terms.get(wanted)
      if (!term) terms.set(wanted, { affinity, count: 1 })
      else {
        term.count += 1
        term.affinity = Math.max(term.affinity, affinity)
      }
    }
  return terms
}
