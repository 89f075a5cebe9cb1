import { isCourtesy } from '../text/courtesy.ts'
import { type FactBase, factBase, valueTokens } from '../text/facts.ts'
import { sentences } from '../text/sentences.ts'
import { contentStems, tokenise } from '../text/stems.ts'
import { type Positions, bestWindow, positionsOf } from '../text/window.ts'
import { type TermMatch, matcherOf } from './matching.ts'

/** A context item, read once for any number of claims. */
export interface Source {
  /** Content stems by sentence, */
  parts: readonly (readonly string[])[]
  /** and of the whole. */
  stems: readonly string[]
  positions: Positions
  facts: FactBase
}

/** Content stems of an item's sentences, with numbers and dates as values. */
export function sourceStems(text: string): string[][] {
  return sentences(text).map((sentence) => contentStems(valueTokens(sentence)))
}

export function sourceOf(text: string): Source {
  const parts = sourceStems(text)
  const stems = parts.flat()
  const facts = factBase(sentences(text).map((sentence) => ({ text: sentence, tokens: tokenise(sentence) })))
  return { parts, stems, positions: positionsOf(stems), facts }
}

/** A sentence of a reference answer that says something: questions, thanks and greetings do not. */
export interface Claim {
  text: string
  stems: string[]
}

export function claimsOf(reference: string): Claim[] {
  return sentences(reference)
    .filter((text) => !text.endsWith('?') && !isCourtesy(text) && !/^\W*(?:no|not)\W*$/i.test(text))
    .map((text) => ({ text, stems: [...new Set(contentStems(valueTokens(text)))] }))
    .filter(({ stems }) => stems.length > 0)
}

/** The best window is so many times as long as the claim that is looked for in it, and never shorter than a sentence. */
const WINDOW_FACTOR = 2
const MIN_WINDOW = 12

/** Holds one claim against items. */
export interface Support {
  claim: Claim
  /** IDF-weighted share of the claim's terms that an item holds anywhere: no less than any of its windows. */
  anywhere(item: number): number
  /** The same of the item's best window. */
  inWindow(item: number): number
}

/** Reads claims and items once; IDF is over the items' sentences. */
export function supportsOf(claims: readonly Claim[], sources: readonly Source[]): Support[] {
  const stems = [...new Set(claims.flatMap((claim) => claim.stems))]
  const matcher = matcherOf(
    stems.map((stem) => ({ stem, weight: 1 })),
    sources.map((source) => source.stems),
    sources.flatMap((source) => source.parts),
  )
  const placeOf = new Map(stems.map((stem, at) => [stem, at]))
  const weightOf = (stem: string) => matcher.shares[placeOf.get(stem) ?? -1] ?? 0
  return claims.map((claim) => {
    const places = new Set(claim.stems.map((stem) => placeOf.get(stem) ?? -1))
    const total = claim.stems.reduce((sum, stem) => sum + weightOf(stem), 0)
    const covered = (terms: ReadonlyMap<number, TermMatch> | undefined) => {
      let sum = 0
      for (const [place, { affinity }] of terms ?? [])
        if (places.has(place)) sum += (matcher.shares[place] ?? 0) * affinity
      return total === 0 ? 0 : sum / total
    }
    return {
      claim,
      anywhere: (item) => covered(matcher.found[item]),
      inWindow(item) {
        const source = sources[item]
        const width = Math.max(MIN_WINDOW, claim.stems.length * WINDOW_FACTOR)
        const window = source && bestWindow(claim.stems, source.positions, width, weightOf)
        if (!window) return 0
        return covered(matcher.terms(source.stems.slice(Math.max(0, window.from - 2), window.to + 2)))
      },
    }
  })
}
